import type { MetricSet } from '../lib/metrics.ts';
import type { Attempt, Delivery } from '../model/delivery.ts';
import type { DeliveryMove } from '../store/port.ts';

const ATTEMPT_BUCKETS = [0.1, 0.5, 1, 2, 5, 10, 15, 20, 30];
/**
 * A delivery is tried for much longer than people should wait for the news that it does not get through. Alertmanager gives up after its
 * group interval, which is this long unless it is configured, and counts that.
 */
const PATIENCE_MS = 300_000;

/** BR-MON-003: delivery rate and failures. */
export function createDeliveryMetrics(set: MetricSet) {
  let underway: () => Iterable<readonly [integration: string, count: number]> = () => [];
  set.gauge('signalbox_deliveries_in_flight', 'Attempts under way.', ['integration'], (gauge) => {
    gauge.reset();
    for (const [integration, count] of underway()) gauge.set({ integration }, count);
  });
  return {
    /** Names who knows how many attempts are under way; asked when somebody looks. */
    watchInFlight: (source: typeof underway): void => void (underway = source),
    settled: set.counter('signalbox_deliveries_total', 'Deliveries that reached a status.', [
      'integration',
      'status',
    ]),
    attempts: set.counter('signalbox_delivery_attempts_total', 'Tries, by how they ended.', [
      'integration',
      'outcome',
    ]),
    attemptSeconds: set.histogram(
      'signalbox_delivery_attempt_seconds',
      'How long tries took, whatever came of them.',
      ['integration'],
      ATTEMPT_BUCKETS,
    ),
    notifications: set.counter(
      'signalbox_notifications_total',
      `Messages that arrived or failed. One that is still tried ${PATIENCE_MS / 60_000} minutes after it was made counts as failed, and once more with every further try.`,
      ['integration'],
    ),
    notificationsFailed: set.counter(
      'signalbox_notifications_failed_total',
      'Those of them that failed, by the fault.',
      ['integration', 'fault'],
    ),
    seconds: set.histogram('signalbox_delivery_seconds', 'From the creation of a delivery to its success.', [
      'integration',
    ]),
    threads: set.gauge(
      'signalbox_delivery_threads',
      'Threads that only send. 0 until there has been much to send: whoever decides sends as well.',
    ),
    late: set.counter(
      'signalbox_delivery_late_results_total',
      'Results that came after their integration had passed on to another node, and were dropped.',
      ['integration'],
    ),
    abandoned: set.counter(
      'signalbox_deliveries_abandoned_total',
      'Deliveries found half-sent after a crash, by policy.',
      ['status'],
    ),
  };
}

/** Counts one attempt that is committed, and what it means for the message. */
export function countAttempt(
  metrics: DeliveryMetrics,
  { integration, createdAt }: Pick<Delivery, 'integration' | 'createdAt'>,
  { startedAt, endedAt, outcome, code }: Attempt,
  isOver: boolean,
): void {
  metrics.attempts.inc({ integration, outcome });
  metrics.attemptSeconds.observe({ integration }, (endedAt - startedAt) / 1000);
  if (!isOver && endedAt - createdAt < PATIENCE_MS) return;
  metrics.notifications.inc({ integration });
  if (outcome === 'failed') metrics.notificationsFailed.inc({ integration, fault: code ?? '' });
}

/** Counts a delivery that was given up while its integration took nothing. */
export function countGivenUp(
  metrics: DeliveryMetrics,
  { integration }: Pick<Delivery, 'integration'>,
  { to, fault }: DeliveryMove,
): void {
  metrics.settled.inc({ integration, status: to });
  metrics.notifications.inc({ integration });
  metrics.notificationsFailed.inc({ integration, fault: fault?.code ?? '' });
}

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;
