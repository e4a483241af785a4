import { deliveryTable } from './deliveries/delivery-table.ts';
import type { Followed } from './follow-receipt.ts';
import type { Terminal } from './terminal.ts';
import { fullTime } from './time-text.ts';

/** What became of a signal, as sentences and a table. */
export function describeFollowed(followed: Followed, terminal: Terminal): string {
  const { status, alerts, deliveries } = followed;
  if (status === 'quarantined') {
    return 'Quarantined: it could not be read. See "signalbox dead-letters --kind signal".';
  }
  if (status === 'accepted') return 'Not processed in time. See "signalbox doctor".';
  const isDuplicate = followed.duplicate_of !== undefined;
  const processed = isDuplicate
    ? `Processed: the same as ${followed.duplicate_of}, so nothing new.`
    : `Processed: ${alerts.length === 1 ? 'alert' : 'alerts'} ${alerts.join(', ') || 'none'}`;
  return [
    processed,
    endText(followed, terminal.now()),
    ...(deliveries.length === 0 ? [] : ['', deliveryTable(deliveries, terminal)]),
  ].join('\n');
}

function endText({ ended, next_at: nextAt, deliveries }: Followed, now: number): string {
  const next = fullTime(nextAt, now);
  switch (ended) {
    case 'settled':
      return deliveries.every(({ status }) => status === 'delivered')
        ? 'Delivered.'
        : 'Settled, not everything was delivered.';
    case 'nothing_to_tell':
      return 'Nobody has to be told: everybody who has to know does.';
    case 'later':
      return `Nobody is told now; the next look at who has to be told is ${next ?? 'not planned'}.`;
    case 'timeout':
      return `Still under way${next === undefined ? '' : `; the next look is ${next}`}. Wait longer with --timeout.`;
  }
}
