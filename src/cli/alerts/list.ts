import { labelsOf, nameOf } from '@signalbox/sdk';
import type { AlertView } from '../../api/views/present-alert.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { LIMIT_FLAG, moreText, readLimit } from '../list-flags.ts';
import { levelCell, severityCell, statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export default defineCommand({
  description: ['Lists alerts of a running hub, the newest first. Filters hold together.'],
  flags: {
    status: { type: 'string', description: 'Only these', choices: ['firing', 'resolved'] },
    state: { type: 'string', description: 'Only these', choices: ['open', 'acknowledged', 'closed'] },
    assignee: { type: 'string', description: 'Only those that this person takes care of', hint: 'NAME' },
    level: { type: 'string', description: 'Only of this level of the procedures', hint: 'LEVEL' },
    overdue: { type: 'boolean', description: 'Only those that nobody acknowledged in time' },
    severity: { type: 'string', description: 'Only of this severity', hint: 'WORD' },
    matcher: {
      type: 'strings',
      description: 'Label matcher as Alertmanager writes it; may be repeated, all must hold',
      hint: 'MATCHER',
    },
    integration: { type: 'string', description: 'Only what this integration last spoke about', hint: 'ID' },
    tenant: { type: 'string', description: 'Only of this tenant', hint: 'NAME' },
    ...LIMIT_FLAG,
    ...HUB_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox alerts --status firing', what: 'what is wrong now' },
    { line: `signalbox alerts --matcher 'team="db"' --matcher 'instance=~"db-.*"'`, what: 'by labels' },
  ],
  async run({ flags, terminal }) {
    const { status, state, assignee, level, severity, matcher, integration, tenant } = flags;
    const limit = readLimit(flags.limit);
    const hub = await findHub(flags, terminal);
    const overdue = flags.overdue ? 'true' : undefined;
    const query = { status, state, assignee, level, overdue, severity, matcher, integration, tenant };
    const { items, more } = await hub.list<AlertView>('/alerts', query, limit);
    if (flags.json) return printJson(terminal, { items });
    if (items.length === 0) return terminal.print('No alerts.');
    terminal.print(alertTable(items, terminal));
    if (more) terminal.remark(moreText(items.length));
  },
});

function alertTable(alerts: readonly AlertView[], terminal: Terminal): string {
  const isAssessed = alerts.some(({ facts }) => facts?.assessment !== undefined);
  const columns = [
    { title: 'STATUS' },
    { title: 'STATE' },
    { title: 'SEVERITY' },
    ...(isAssessed ? [{ title: 'LEVEL' }] : []),
    { title: 'ALERT', isFlexible: true },
    { title: 'LABELS', isFlexible: true },
    { title: 'SINCE' },
    { title: 'FINGERPRINT' },
  ];
  const rows = alerts.map((alert) => [
    statusCell(alert.status),
    alert.lifecycle.snoozed_until === undefined ? alert.lifecycle.state : 'snoozed',
    severityCell(alert.severity),
    ...(isAssessed ? [levelCell(alert.facts?.assessment?.level, isOverdue(alert))] : []),
    nameOf(alert),
    labelsOf(alert.labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    relativeTime(alert.ends_at ?? alert.starts_at, terminal.now()),
    alert.fingerprint,
  ]);
  return renderTable(columns, rows, terminal);
}

function isOverdue({ status, lifecycle }: AlertView): boolean {
  return status === 'firing' && lifecycle.overdue_since !== undefined;
}
