import { durationText } from '@signalbox/sdk';
import type { AboutIt } from './alert-facts.ts';
import type { Telling } from './explanation.ts';
import { isTime, saidText, timeText } from './words.ts';

/** What became of one message in the alert's name. */
export function describeTelling(
  { notification, delivery, attempts }: AboutIt,
  fingerprint: string,
  now: number,
): Telling {
  const shown = notification.alerts?.find((alert) => alert.fingerprint === fingerprint);
  const { integration, origin, receiver, status } = delivery;
  return {
    at: delivery.createdAt,
    integration,
    receiver,
    deliveryId: delivery.id,
    says: shown?.status ?? notification.status,
    ...(notification.reason === undefined ? {} : { why: notification.reason }),
    status,
    ...(origin === integration ? {} : { insteadOf: origin }),
    outcome: outcomeText(delivery, now),
    attempts: attempts.map(({ startedAt, outcome, code, detail }) => ({
      at: startedAt,
      outcome,
      detail: saidText([code, detail].filter(Boolean).join(': ')),
    })),
  };
}

function outcomeText(delivery: AboutIt['delivery'], now: number): string {
  const { status, attempts, dueAt, settledAt, summary, deadlineAt } = delivery;
  const fault = delivery.fault ? `${delivery.fault.code}: ${saidText(delivery.fault.message)}` : undefined;
  switch (status) {
    case 'delivered':
      return `delivered at ${timeText(settledAt)}${summary === undefined ? '' : `, ${saidText(summary)}`}`;
    case 'pending':
      if (attempts === 0) return fault === undefined ? 'waits to be sent' : `waits to be sent: ${fault}`;
      return `failed ${times(attempts)}${fault === undefined ? '' : `, last with ${fault}`}; tried again ${whenText(dueAt, now)}, given up after ${timeText(deadlineAt)}`;
    case 'sending':
      return 'is being sent';
    case 'dead':
      return summary?.startsWith('handed to ')
        ? `given up after ${times(attempts)} and ${saidText(summary)}${fault === undefined ? '' : ` (${fault})`}`
        : `given up after ${times(attempts)}${fault === undefined ? '' : ` with ${fault}`}; it is a dead letter and waits for a person`;
    case 'superseded':
      return 'left out because a newer message says it better';
    case 'unknown':
      return 'nobody knows whether it arrived: the sender died while it was sent';
    case 'discarded':
      return 'given up by a person';
  }
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}

function whenText(at: number, now: number): string {
  if (!isTime(at)) return 'at an unknown time';
  return at <= now ? 'now' : `in ${durationText(at - now)} (${timeText(at)})`;
}
