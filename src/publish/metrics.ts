import type { MetricSet } from '../lib/metrics.ts';

/** How far those who follow the hub on Kafka are behind it. */
export function createPublishMetrics(set: MetricSet) {
  return {
    published: set.counter('signalbox_published_events_total', 'Events published for others, by topic.', [
      'topic',
    ]),
    missed: set.counter(
      'signalbox_publish_missed_total',
      'Changes that were forgotten by the store before they were published.',
    ),
    failures: set.counter('signalbox_publish_failures_total', 'Turns that failed and are tried again.'),
    lag: set.gauge(
      'signalbox_publish_lag',
      'Changes that are not published yet, on the node that publishes.',
    ),
  };
}

export type PublishMetrics = ReturnType<typeof createPublishMetrics>;
