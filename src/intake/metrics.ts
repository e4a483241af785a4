import type { MetricSet } from '../lib/metrics.ts';

/** Numbers of the intake; counting must cost next to nothing. */
export interface IntakeMetrics {
  readonly of: (integration: string) => Tally;
  readonly acknowledged: (seconds: number) => void;
}

/** Plain running totals of one endpoint, copied to the metrics when somebody reads them. */
export interface Tally {
  requests: number;
  accepted: number;
  quarantined: number;
  bodyBytes: number;
  unproven: number;
  /** Alerts of signals that were understood, by what is said of them. */
  firing: number;
  resolved: number;
  readonly refused: Map<string, number>;
}

/** The two rates of the requirements look back this far. */
const WINDOW_MS = 300_000;

interface Sample {
  readonly at: number;
  readonly requests: number;
  readonly accepted: number;
  readonly unproven: number;
}

export function createIntakeMetrics(
  metrics: MetricSet,
  now: () => number,
  inFlight: () => number,
): IntakeMetrics {
  const tallies = new Map<string, Tally>();
  const published = new Map<string, Tally>();
  const samples = new Map<string, Sample[]>();

  // Registered before the counters, because the registry reads in that order: the copy is made just before they are read.
  metrics.gauge('signalbox_intake_in_flight', 'Requests that are not answered yet.', [], (gauge) => {
    gauge.set(inFlight());
    for (const [integration, tally] of tallies) publish(integration, tally);
  });
  const signals = metrics.counter(
    'signalbox_intake_signals_total',
    'Signals acknowledged, by whether they were understood.',
    ['integration', 'outcome'],
  );
  const refusals = metrics.counter('signalbox_intake_refused_total', 'Requests refused, by problem code.', [
    'integration',
    'reason',
  ]);
  const alerts = metrics.counter(
    'signalbox_intake_alerts_total',
    'Alerts of signals that were understood, by what was said of them.',
    ['integration', 'status'],
  );
  const bytes = metrics.counter('signalbox_intake_body_bytes_total', 'Bytes of bodies as received.', [
    'integration',
  ]);
  const seconds = metrics.histogram(
    'signalbox_intake_acknowledge_seconds',
    'From the head of a request to its acknowledgement, durable.',
  );
  const success = metrics.gauge(
    'webhook_delivery_success_rate',
    'Share of inbound webhook requests of the last 5 minutes that were acknowledged.',
    ['integration'],
  );
  const failure = metrics.gauge(
    'authentication_failure_rate',
    'Share of inbound webhook requests of the last 5 minutes that failed authentication.',
    ['integration'],
  );

  function publish(integration: string, tally: Tally): void {
    const before = published.get(integration) ?? createTally();
    signals.inc({ integration, outcome: 'accepted' }, tally.accepted - before.accepted);
    signals.inc({ integration, outcome: 'quarantined' }, tally.quarantined - before.quarantined);
    alerts.inc({ integration, status: 'firing' }, tally.firing - before.firing);
    alerts.inc({ integration, status: 'resolved' }, tally.resolved - before.resolved);
    bytes.inc({ integration }, tally.bodyBytes - before.bodyBytes);
    for (const [reason, count] of tally.refused) {
      refusals.inc({ integration, reason }, count - (before.refused.get(reason) ?? 0));
    }
    published.set(integration, { ...tally, refused: new Map(tally.refused) });
    publishRates(integration, tally);
  }

  function publishRates(integration: string, tally: Tally): void {
    const at = now();
    const { requests, accepted, unproven } = tally;
    const known = samples.get(integration) ?? [];
    const recent = known.filter((sample) => at - sample.at < WINDOW_MS);
    const kept = recent.length > 0 ? recent : known.slice(-1);
    const since = kept[0] ?? { requests: 0, accepted: 0, unproven: 0 };
    const total = requests - since.requests;
    success.set({ integration }, total === 0 ? 1 : (accepted - since.accepted) / total);
    failure.set({ integration }, total === 0 ? 0 : (unproven - since.unproven) / total);
    samples.set(integration, [...kept, { at, requests, accepted, unproven }]);
  }

  return {
    of(integration) {
      const known = tallies.get(integration);
      if (known) return known;
      const tally = createTally();
      tallies.set(integration, tally);
      return tally;
    },
    acknowledged: (duration) => seconds.observe(duration),
  };
}

function createTally(): Tally {
  return {
    requests: 0,
    accepted: 0,
    quarantined: 0,
    bodyBytes: 0,
    unproven: 0,
    firing: 0,
    resolved: 0,
    refused: new Map(),
  };
}
