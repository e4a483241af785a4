import type { RuleCountView } from '../../api/views/present-rule.ts';
import { RULE_KINDS } from '../../rules/tally.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { renderTable } from '../table.ts';
import { printJson } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists how often everything that takes alerts by a condition did so, and when it last did: rules, policies of business priority, rules that classify and correlate, routes, inhibition rules, time intervals, and the conditions of enrichments and workflows. The counts are those of the node that answers, since it started.',
  ],
  flags: {
    ...HUB_FLAGS,
    ...JSON_FLAG,
    kind: { type: 'string', hint: 'KIND', choices: RULE_KINDS, description: 'Only rules of this kind.' },
    unmatched: { type: 'boolean', description: 'Only those that never matched.' },
  },
  examples: [{ line: 'signalbox rules counts --unmatched', what: 'what is there for nothing?' }],
  async run({ flags, terminal }) {
    const hub = await findHub(flags, terminal);
    const query = new URLSearchParams({
      ...(flags.kind === undefined ? {} : { kind: flags.kind }),
      ...(flags.unmatched ? { matched: 'false' } : {}),
    });
    const { items } = await hub.get<{ items: readonly RuleCountView[] }>(`/rules/counts?${query.toString()}`);
    if (flags.json) return printJson(terminal, { items });
    const columns = [
      { title: 'KIND' },
      { title: 'ID', isFlexible: true },
      { title: 'MATCHES', align: 'right' as const },
      { title: 'FAILED', align: 'right' as const },
      { title: 'LAST' },
    ];
    const rows = items.map(({ kind, id, matches, failures, last_match: last }) => [
      kind,
      id,
      String(matches),
      failures === 0 ? '' : { text: String(failures), style: 'red' as const },
      last ? relativeTime(last.at, terminal.now()) : '',
    ]);
    terminal.print(items.length === 0 ? 'No rules.' : renderTable(columns, rows, terminal));
  },
});
