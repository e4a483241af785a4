import type { WorkflowRunView } from '../../api/views/present-workflow-run.ts';
import { RUN_STATUSES } from '../../model/workflow-run.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: ['Lists what was handed to workflow engines, the newest first.'],
  flags: {
    status: { type: 'string', description: 'Only these', choices: [...RUN_STATUSES] },
    workflow: { type: 'string', description: 'Only of this workflow', hint: 'ID' },
    alert: { type: 'string', description: 'Only about this alert', hint: 'FINGERPRINT' },
    incident: { type: 'string', description: 'Only about this incident', hint: 'ID' },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox workflow-runs', what: 'what was handed over' },
    { line: 'signalbox workflow-runs --status running', what: 'what has not ended' },
  ],
  async run({ flags, terminal }) {
    const limit = readLimit(flags.limit);
    const hub = await findHub(flags, terminal);
    const { status, workflow: rule, tenant } = flags;
    const query = { status, rule, tenant, ...subjectOf(flags.alert, flags.incident) };
    const { items, more } = await hub.list<WorkflowRunView>('/workflow-runs', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No runs of workflows.');
    terminal.print(runTable(items, terminal));
    if (more) terminal.remark(moreText(items.length));
    terminal.remark('Look: signalbox workflow-runs show ID.');
  },
});

/** An alert is asked for before an incident. */
function subjectOf(alert: string | undefined, incident: string | undefined) {
  if (alert !== undefined) return { subject_kind: 'alert', subject_id: alert };
  return incident === undefined ? {} : { subject_kind: 'incident', subject_id: incident };
}

function runTable(runs: readonly WorkflowRunView[], terminal: Terminal): string {
  const columns = [
    { title: 'STATUS' },
    { title: 'WORKFLOW' },
    { title: 'FOR' },
    { title: 'AT' },
    { title: 'WORDS', isFlexible: true },
    { title: 'SINCE' },
    { title: 'ID' },
  ];
  const rows = runs.map(({ status, rule, title, integration, words = '', changed_at, id }) => [
    statusCell(status),
    rule,
    title,
    integration,
    words,
    relativeTime(changed_at, terminal.now()),
    id,
  ]);
  return renderTable(columns, rows, terminal);
}
