import type { ApprovalView } from '../../api/views/present-approval.ts';
import { APPROVAL_STATES } from '../../model/approval.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists approvals of a running hub, the newest first: those that wait, unless --state says otherwise.',
  ],
  flags: {
    state: { type: 'string', description: 'Only these', choices: [...APPROVAL_STATES, 'all'] },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox approvals', what: 'what waits for an answer' },
    { line: 'signalbox approvals --state all', what: 'also what was decided' },
  ],
  async run({ flags, terminal }) {
    const limit = readLimit(flags.limit);
    const state = flags.state ?? 'pending';
    const hub = await findHub(flags, terminal);
    const query = { tenant: flags.tenant, ...(state === 'all' ? {} : { state }) };
    const { items, more } = await hub.list<ApprovalView>('/approvals', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No approvals.');
    terminal.print(approvalTable(items, terminal));
    if (more) terminal.remark(moreText(items.length));
    terminal.remark('Look: signalbox approvals show ID. Then: approve ID, or reject ID.');
  },
});

function approvalTable(approvals: readonly ApprovalView[], terminal: Terminal): string {
  const columns = [
    { title: 'STATE' },
    { title: 'QUESTION', isFlexible: true },
    { title: 'ASKED BY' },
    { title: 'UNTIL' },
    { title: 'ID' },
  ];
  const rows = approvals.map(({ state, question, requested_by, deadline, id }) => [
    statusCell(state),
    question,
    requested_by,
    relativeTime(deadline, terminal.now()),
    id,
  ]);
  return renderTable(columns, rows, terminal);
}
