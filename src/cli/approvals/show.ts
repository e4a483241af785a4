import type { ApprovalView } from '../../api/views/present-approval.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { statusCell } from '../styles.ts';
import { renderFields } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { fullTime } from '../time-text.ts';

export default defineCommand({
  description: ['Shows an approval: what is asked, what would be done, who answered, and what came of it.'],
  positionals: [{ name: 'ID', description: 'As "signalbox approvals" shows it' }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox approvals show ID', what: 'what is to be decided' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const approval = await hub.get<ApprovalView>(`/approvals/${encodeURIComponent(positionals[0]!)}`);
    if (flags.json) return printJson(terminal, approval);
    terminal.print(describe(approval, terminal));
  },
});

function describe(approval: ApprovalView, terminal: Terminal): string {
  const now = terminal.now();
  const { subject, action, execution } = approval;
  return renderFields(
    [
      ['question', approval.question],
      ['state', statusCell(approval.state)],
      ['about', `${subject.kind.replaceAll('_', ' ')} ${subject.id}`],
      ['would do', action?.kind.replaceAll('_', ' ')],
      ['asked by', approval.requested_by],
      ['asked', fullTime(approval.requested_at, now)],
      ['until', fullTime(approval.deadline, now)],
      ['by default', approval.on_expiry],
      ['answered by', approval.answered_by],
      ['comment', approval.comment],
      ['decided', fullTime(approval.decided_at, now)],
      ['done', execution && [execution.state, execution.detail].filter(Boolean).join(': ')],
      ['id', approval.id],
    ],
    terminal,
  );
}
