import type { DeliveryDetailView } from '../../api/views/present-delivery.ts';
import { defineCommand } from '../command.ts';
import { findHub } from '../find-hub.ts';
import { HUB_FLAGS, JSON_FLAG } from '../flags.ts';
import { statusCell } from '../styles.ts';
import { renderFields, renderTable } from '../table.ts';
import { printJson, type Terminal } from '../terminal.ts';
import { fullTime } from '../time-text.ts';
import { resultOf } from './delivery-table.ts';

export default defineCommand({
  description: ['Shows how one delivery went: its times, its newest fault, and every attempt.'],
  positionals: [{ name: 'ID', description: 'As "signalbox deliveries" shows it' }],
  flags: { ...HUB_FLAGS, ...JSON_FLAG },
  examples: [{ line: 'signalbox deliveries show ID', what: 'what happened at each attempt' }],
  async run({ flags, positionals, terminal }) {
    const hub = await findHub(flags, terminal);
    const delivery = await hub.get<DeliveryDetailView>(`/deliveries/${encodeURIComponent(positionals[0]!)}`);
    if (flags.json) return printJson(terminal, delivery);
    terminal.print(describe(delivery, terminal));
  },
});

function describe(delivery: DeliveryDetailView, terminal: Terminal): string {
  const now = terminal.now();
  const isOpen = delivery.status === 'pending' || delivery.status === 'sending';
  const fields = renderFields(
    [
      ['status', statusCell(delivery.status)],
      ['result', resultOf(delivery, now)],
      ['integration', delivery.integration],
      ['instead of', delivery.step === 0 ? undefined : delivery.origin],
      ['receiver', delivery.receiver],
      ['priority', delivery.priority],
      ['created', fullTime(delivery.created_at, now)],
      ['settled', fullTime(delivery.settled_at, now)],
      ['next attempt', isOpen ? fullTime(delivery.due_at, now) : undefined],
      ['given up after', isOpen ? fullTime(delivery.deadline_at, now) : undefined],
      ['notification', delivery.notification_id],
      ['group', `${delivery.group_id}, generation ${delivery.generation}`],
      ['id', delivery.id],
    ],
    terminal,
  );
  if (delivery.attempts.length === 0) return `${fields}\n\nNo attempt yet.`;
  const rows = delivery.attempts.map((attempt) => [
    String(attempt.number),
    attempt.started_at,
    `${Date.parse(attempt.ended_at) - Date.parse(attempt.started_at)} ms`,
    statusCell(attempt.outcome),
    [attempt.code, attempt.detail].filter((text) => text !== undefined && text !== '').join(': '),
  ]);
  const columns = [
    { title: 'ATTEMPT', align: 'right' as const },
    { title: 'STARTED' },
    { title: 'TOOK', align: 'right' as const },
    { title: 'OUTCOME' },
    { title: 'DETAIL', isFlexible: true },
  ];
  return `${fields}\n\n${renderTable(columns, rows, terminal)}`;
}
