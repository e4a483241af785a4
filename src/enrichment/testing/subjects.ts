import type { Logger } from '@signalbox/sdk';
import type { EnrichmentSettings } from '../../model/settings.ts';
import type { LookUp, Subject } from '../look-up.ts';
import type { AskOutcome, EnrichmentMetrics } from '../metrics.ts';

/** A firing alert of a host. */
export function subjectOf(host: string, labels: Readonly<Record<string, string>> = {}): Subject {
  const alert = {
    labels: { alertname: 'DiskFull', host, ...labels },
    annotations: {},
    severity: 'critical',
    status: 'firing' as const,
    fingerprint: `fingerprint of ${host}`,
  };
  const startsAt = '2026-01-01T00:00:00.000Z';
  const [tenant, integration] = ['default', 'prom'];
  return {
    tenant,
    alert: { ...alert, startsAt, integration },
    view: {
      alert: { ...alert, priority: 'critical', startsAt: new Date(startsAt), tenant, details: {} },
      facts: {},
      integration,
      now: new Date(startsAt),
    },
    before: undefined,
  };
}

/** Good for five minutes, asked for two seconds; give only what matters to the test. */
export function settingsOf(id: string, more: Partial<EnrichmentSettings> = {}): EnrichmentSettings {
  return {
    id,
    source: { kind: 'integration', integration: id },
    ttlMs: 300_000,
    timeoutMs: 2_000,
    as: id,
    ...more,
  };
}

/** A source with the key `host`, and what it was asked. */
export function lookUpWith(
  enrich: (host: string, signal: AbortSignal) => unknown,
): LookUp & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    cacheKey: ({ alert }) => alert.labels['host'],
    async enrich({ alert }, signal) {
      asked.push(alert.labels['host']!);
      return enrich(alert.labels['host']!, signal);
    },
  };
}

/** Counts `enrichment outcome`. */
export function countOutcomes(): EnrichmentMetrics & { readonly counts: Record<string, number> } {
  const counts: Record<string, number> = {};
  return {
    counts,
    asked(enrichment: string, outcome: AskOutcome) {
      counts[`${enrichment} ${outcome}`] = (counts[`${enrichment} ${outcome}`] ?? 0) + 1;
    },
    waited: () => {},
  };
}

export const QUIET: Logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
