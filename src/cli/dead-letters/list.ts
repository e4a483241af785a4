import type { DeadLetterView } from '../../api/views/present-dead-letter.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { renderTable } from '../table.ts';
import { printJson } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists what can’t go on without a person: deliveries that nobody took, then quarantined signals that nobody understood, each the newest first.',
  ],
  flags: {
    kind: { type: 'string', description: 'Only these', choices: ['delivery', 'signal'] },
    integration: { type: 'string', description: 'Only of this integration', hint: 'ID' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox dead-letters', what: 'what needs a person' },
    { line: 'signalbox dead-letters --kind signal', what: 'the quarantine' },
  ],
  async run({ flags, terminal }) {
    const limit = readLimit(flags.limit);
    const hub = await findHub(flags, terminal);
    const query = { kind: flags.kind, integration: flags.integration };
    const { items, more } = await hub.list<DeadLetterView>('/dead-letters', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No dead letters.');
    const columns = [
      { title: 'KIND' },
      { title: 'INTEGRATION' },
      { title: 'SINCE' },
      { title: 'REASON', isFlexible: true },
      { title: 'ID' },
    ];
    const rows = items.map(({ kind, integration, at, reason, id }) => [
      kind,
      integration,
      relativeTime(at, terminal.now()),
      reason,
      id,
    ]);
    terminal.print(renderTable(columns, rows, terminal));
    if (more) terminal.remark(moreText(items.length));
    terminal.remark('Look: signalbox dead-letters show ID. Then: redrive ID, or discard ID.');
  },
});
