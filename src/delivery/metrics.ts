import type { MetricSet } from '../lib/metrics.ts';

/** BR-MON-003: delivery rate and failures. */
export function createDeliveryMetrics(set: MetricSet) {
  return {
    settled: set.counter('signalbox_deliveries_total', 'Deliveries that reached a status.', [
      'integration',
      'status',
    ]),
    attempts: set.counter('signalbox_delivery_attempts_total', 'Tries, by how they ended.', [
      'integration',
      'outcome',
    ]),
    seconds: set.histogram('signalbox_delivery_seconds', 'From the creation of a delivery to its success.', [
      'integration',
    ]),
    inFlight: set.gauge('signalbox_deliveries_in_flight', 'Attempts under way.', ['integration']),
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

export type DeliveryMetrics = ReturnType<typeof createDeliveryMetrics>;
