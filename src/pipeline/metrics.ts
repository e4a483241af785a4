import type { MetricSet } from '../lib/metrics.ts';
import type { Alert } from '../model/alert.ts';
import type { Passage } from './fold-batch.ts';

/** The severity is the sender's word and has no bound; the priority is made of it and has three values. */
const LIFECYCLE_LABELS = ['tenant', 'priority', 'environment'];
/** From half a minute to a week. */
const HUMAN_BUCKETS = [30, 60, 120, 300, 600, 1_800, 3_600, 7_200, 14_400, 43_200, 86_400, 604_800];

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
    acknowledged: set.histogram(
      'signalbox_alert_acknowledge_seconds',
      'From the start of an episode to its first acknowledgement (BR-AP-025b).',
      LIFECYCLE_LABELS,
      HUMAN_BUCKETS,
    ),
    resolved: set.histogram(
      'signalbox_alert_resolve_seconds',
      'From the start of an episode to its end, by source, person or age (BR-AP-025b).',
      LIFECYCLE_LABELS,
      HUMAN_BUCKETS,
    ),
    overdue: set.counter(
      'signalbox_overdue_total',
      'Alerts and incidents that nobody acknowledged within the time that their level gives (BR-QUAL-008).',
      ['subject', 'level'],
    ),
    prepareFailures: set.counter(
      'signalbox_prepare_failures_total',
      'What a stage could not do to an alert, which went on without it.',
      ['stage'],
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

/** Times that people and sources took, of what a committed batch has changed. */
export function observePassages(metrics: PipelineMetrics, passages: readonly Passage[]): void {
  for (const { before, after } of passages) {
    const acknowledgedAt = after.lifecycle?.acknowledgedAt;
    if (acknowledgedAt !== undefined && before?.lifecycle?.acknowledgedAt !== acknowledgedAt)
      metrics.acknowledged.observe(labelsOf(after), secondsBetween(after.startsAt, acknowledgedAt));
    const overdueSince = after.lifecycle?.overdueSince;
    if (overdueSince !== undefined && before?.lifecycle?.overdueSince === undefined)
      metrics.overdue.inc({ subject: 'alert', level: after.facts?.assessment?.level ?? '' });
    if (before?.status === 'firing' && after.status === 'resolved' && after.endsAt !== undefined)
      metrics.resolved.observe(labelsOf(after), secondsBetween(after.startsAt, after.endsAt));
  }
}

function labelsOf({ tenant, priority, facts }: Alert): Record<string, string> {
  return { tenant, priority, environment: facts?.environment ?? '' };
}

function secondsBetween(from: number, to: number): number {
  return Math.max(0, to - from) / 1000;
}
