import type { WorkflowRunView } from '../../api/views/present-workflow-run.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { statusCell } from '../styles.ts';
import { renderFields } from '../table.ts';
import { printJson } from '../terminal.ts';
import { fullTime } from '../time-text.ts';

export default defineCommand({
  description: ['Shows a run of a workflow: what it is for, what the engine was given, and how it goes on.'],
  positionals: [{ name: 'ID', description: 'As "signalbox workflow-runs" shows it' }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox workflow-runs show ID', what: 'how it goes on' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const run = await hub.get<WorkflowRunView>(`/workflow-runs/${encodeURIComponent(positionals[0]!)}`);
    if (flags.json) return printJson(terminal, run);
    const now = terminal.now();
    const inputs = Object.entries(run.inputs).map(([name, value]) => `${name}=${value}`);
    terminal.print(
      renderFields(
        [
          ['workflow', run.rule],
          ['status', statusCell(run.status)],
          ['words', run.words],
          ['for', `${run.subject.kind} ${run.subject.id} (${run.title})`],
          ['because', run.trigger],
          ['engine', run.integration],
          ['reference', run.reference],
          ['inputs', inputs.join(', ')],
          ['asked by', run.requested_by],
          ['approved by', run.approved_by],
          ['approval', run.approval],
          ['delivery', run.delivery],
          ['decided', fullTime(run.created_at, now)],
          ['started', fullTime(run.started_at, now)],
          ['ended', fullTime(run.ended_at, now)],
          ['asked next', fullTime(run.next_question_at, now)],
          ['id', run.id],
        ],
        terminal,
      ),
    );
  },
});
