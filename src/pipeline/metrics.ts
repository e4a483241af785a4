import type { MetricSet } from '../lib/metrics.ts';

/** BR-MON-002: latency and throughput of processing. */
export function createPipelineMetrics(set: MetricSet) {
  return {
    outcomes: set.counter('signalbox_alert_events_total', 'Statements about alerts, by what they did.', [
      'outcome',
    ]),
    quarantined: set.counter('signalbox_signals_quarantined_total', 'Signals that wait for a person.'),
    lag: set.histogram(
      'signalbox_processing_lag_seconds',
      'From the receipt of a signal to the commit of what it changed.',
      [],
    ),
    flushes: set.counter('signalbox_group_flushes_total', 'Ticks of groups, by why somebody was told.', [
      'reason',
    ]),
    incidents: set.counter('signalbox_incidents_total', 'Incidents by the status that they reached.', [
      'status',
    ]),
    batches: set.counter('signalbox_step_batches_total', 'Committed batches of each step.', ['step']),
    failures: set.counter('signalbox_step_failures_total', 'Batches that failed and are tried again.', [
      'step',
    ]),
  };
}

export type PipelineMetrics = ReturnType<typeof createPipelineMetrics>;
