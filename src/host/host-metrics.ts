import type { MetricSet } from '../lib/metrics.ts';
import type { IntegrationHealth } from './integration.ts';

/** What one call of an integration was, for the series. */
export interface CallResult {
  readonly integration: string;
  /** `success`, or the fault code without its prefix in lower case: `unavailable`, `rate_limited`, `bug` … */
  readonly outcome: string;
  readonly seconds: number;
}

export interface HostMetrics {
  record(result: CallResult): void;
  /** Shows the health of this integration until the returned function is called. */
  watch(integration: string, health: IntegrationHealth): () => void;
}

/** The seed's rates and times are told over this many of the newest calls, so that they follow what is going on now. */
const RECENT_CALLS = 100;

interface Recent {
  readonly ok: boolean;
  readonly seconds: number;
}

// A reload builds a new host beside the old one in the same thread; both write into one set of series.
const known = new WeakMap<MetricSet, HostMetrics>();

/** The series of all hosts of one thread; nothing is measured without a set. */
export function hostMetricsOf(metrics: MetricSet | undefined): HostMetrics {
  if (!metrics) return { record: () => {}, watch: () => () => {} };
  const series = known.get(metrics) ?? createHostMetrics(metrics);
  known.set(metrics, series);
  return series;
}

function createHostMetrics(metrics: MetricSet): HostMetrics {
  const watched = new Map<string, IntegrationHealth>();
  const recent = new Map<string, Recent[]>();
  const requests = metrics.counter(
    'signalbox_integration_requests_total',
    'Calls of an integration, by outcome.',
    ['integration', 'outcome'],
  );
  const durations = metrics.histogram(
    'signalbox_integration_request_duration_seconds',
    'How long calls of an integration took.',
    ['integration'],
  );
  // Names of the requirements, exported exactly as they stand there (VPA-068, VPA-115 to VPA-117).
  const errors = metrics.counter('integration_error_count', 'Calls of an integration that failed.', [
    'integration',
  ]);
  const overRecent = (name: string, help: string, value: (calls: readonly Recent[]) => number) =>
    metrics.gauge(name, help, ['integration'], (gauge) => {
      gauge.reset();
      for (const [integration, calls] of recent) gauge.set({ integration }, value(calls));
    });
  overRecent(
    'integration_api_response_time',
    `Mean time of the newest ${RECENT_CALLS} calls of an integration, in seconds.`,
    (calls) => calls.reduce((sum, call) => sum + call.seconds, 0) / calls.length,
  );
  overRecent(
    'integration_success_rate',
    `Share of the newest ${RECENT_CALLS} calls of an integration that succeeded, from 0 to 1.`,
    (calls) => calls.filter((call) => call.ok).length / calls.length,
  );
  metrics.gauge(
    'vpa_nap_integration_health',
    '1 while an integration works or was not used yet, 0 while it does not.',
    ['integration'],
    (gauge) => {
      gauge.reset();
      for (const [integration, { status }] of watched) {
        gauge.set({ integration }, status === 'healthy' || status === 'unknown' ? 1 : 0);
      }
    },
  );

  return {
    record({ integration, outcome, seconds }) {
      requests.inc({ integration, outcome });
      durations.observe({ integration }, seconds);
      if (outcome !== 'success') errors.inc({ integration });
      const calls = recent.get(integration) ?? [];
      if (calls.length === RECENT_CALLS) calls.shift();
      calls.push({ ok: outcome === 'success', seconds });
      recent.set(integration, calls);
    },
    watch(integration, health) {
      watched.set(integration, health);
      errors.inc({ integration }, 0);
      return () => {
        if (watched.get(integration) !== health) return;
        watched.delete(integration);
        recent.delete(integration);
      };
    },
  };
}
