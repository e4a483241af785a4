import type { RuleView } from '../../api/views/present-rule.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: [
    'Lists the rules of the running hub in the order in which they are tried, with how often each matched and when it last did. The counts are those of the node that answers, since it started.',
  ],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox rules', what: 'which rules do something, and which never match?' }],
  async run({ flags, terminal }) {
    const hub = await findHub(flags, terminal);
    const { items } = await hub.get<{ items: readonly RuleView[] }>('/rules');
    if (flags.json) return printJson(terminal, { items });
    terminal.print(items.length === 0 ? 'No rules.' : ruleTable(items, terminal));
  },
});

function ruleTable(items: readonly RuleView[], terminal: Terminal): string {
  const columns = [
    { title: 'ID' },
    { title: 'CONDITION', isFlexible: true },
    { title: 'DOES', isFlexible: true },
    { title: 'MATCHES', align: 'right' as const },
    { title: 'FAILED', align: 'right' as const },
    { title: 'LAST' },
  ];
  const rows = items.map((rule) => [
    rule.id,
    conditionOf(rule),
    effectOf(rule),
    String(rule.matches),
    rule.failures === 0 ? '' : { text: String(rule.failures), style: 'red' as const },
    rule.last_match ? relativeTime(rule.last_match.at, terminal.now()) : '',
  ]);
  return renderTable(columns, rows, terminal);
}

function conditionOf({ when, matchers }: RuleView): string {
  return [...matchers, ...(when === undefined ? [] : [when])].join(', ') || 'always';
}

function effectOf({ hold, filter, set, stop }: RuleView): string {
  return [
    ...(hold === undefined ? [] : [hold === '' ? 'holds' : `holds: ${hold}`]),
    ...(filter === undefined ? [] : [`asks ${filter}`]),
    ...(set.priority === undefined ? [] : [`priority ${set.priority}`]),
    ...Object.entries(set.labels).map(([name, value]) => `${name}=${value}`),
    ...Object.keys(set.annotations).map((name) => `annotation ${name}`),
    ...(stop ? ['stops'] : []),
  ].join(', ');
}
