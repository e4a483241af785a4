import type { MetricSet } from '../lib/metrics.ts';

/** `cached`, `found`, `nothing` (asked, and nothing is known), `failed`, `timeout`, `resting` (left alone after failures), `skipped` (no time left). */
export type AskOutcome = 'cached' | 'found' | 'nothing' | 'failed' | 'timeout' | 'resting' | 'skipped';

export interface EnrichmentMetrics {
  asked(enrichment: string, outcome: AskOutcome): void;
  waited(seconds: number): void;
}

export function createEnrichmentMetrics(metrics: MetricSet): EnrichmentMetrics {
  const questions = metrics.counter(
    'signalbox_enrichment_questions_total',
    'Questions about alerts, by what became of them.',
    ['enrichment', 'outcome'],
  );
  const waits = metrics.histogram(
    'signalbox_enrichment_wait_seconds',
    'How long batches of alerts waited for what had to be asked.',
    [],
  );
  return {
    asked: (enrichment, outcome) => questions.inc({ enrichment, outcome }),
    waited: (seconds) => waits.observe({}, seconds),
  };
}
