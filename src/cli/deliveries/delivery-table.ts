import type { DeliveryView } from '../../api/views/present-delivery.ts';
import { statusCell } from '../styles.ts';
import { renderTable } from '../table.ts';
import type { Terminal } from '../terminal.ts';
import { relativeTime } from '../time-text.ts';

export function deliveryTable(deliveries: readonly DeliveryView[], terminal: Terminal): string {
  const columns = [
    { title: 'STATUS' },
    { title: 'INTEGRATION' },
    { title: 'RECEIVER' },
    { title: 'CREATED' },
    { title: 'ATTEMPTS', align: 'right' as const },
    { title: 'RESULT', isFlexible: true },
    { title: 'ID' },
  ];
  const rows = deliveries.map((delivery) => [
    statusCell(delivery.status),
    delivery.step === 0 ? delivery.integration : `${delivery.integration} (for ${delivery.origin})`,
    delivery.receiver,
    relativeTime(delivery.created_at, terminal.now()),
    String(delivery.attempt_count),
    resultOf(delivery, terminal.now()),
    delivery.id,
  ]);
  return renderTable(columns, rows, terminal);
}

/** What it came to, or what it waits for. */
export function resultOf(delivery: DeliveryView, now: number): string {
  const fault = delivery.fault ? `${delivery.fault.code}: ${delivery.fault.message}` : '';
  if (delivery.status === 'pending') {
    const when = `due ${relativeTime(delivery.due_at, now)}`;
    return fault === '' ? when : `${when} after ${fault}`;
  }
  return delivery.status === 'delivered' ? (delivery.summary ?? '') : fault;
}
