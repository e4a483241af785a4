import type { MetricSet } from '../lib/metrics.ts';

/** `answered`, `failed`, `timeout`, `unusable` (an answer that is none), `dropped` (too many were waiting, or the hub was reconfigured). */
export type AnalysisOutcome = 'answered' | 'failed' | 'timeout' | 'unusable' | 'dropped';
export type AnalysisRole = 'analyst' | 'scorer';

export interface AnalysisMetrics {
  asked(role: AnalysisRole, outcome: AnalysisOutcome): void;
}

export function createAnalysisMetrics(metrics: MetricSet): AnalysisMetrics {
  const questions = metrics.counter(
    'signalbox_analysis_questions_total',
    'Alerts that an analyst or a scorer was to be asked about, by what became of it.',
    ['role', 'outcome'],
  );
  return { asked: (role, outcome) => questions.inc({ role, outcome }) };
}
