import type { ConditionText } from './rule-settings.ts';

/** Who is asked about new episodes in the background. */
export interface AnalysisSettings {
  readonly analyst?: AnalysisTask;
  readonly scorer?: AnalysisTask;
}

/** Which alerts an analyst or a scorer is asked about, and how often. */
export interface AnalysisTask extends ConditionText {
  readonly integration: string;
  readonly timeoutMs: number;
  readonly rate: { readonly requests: number; readonly perMs: number };
}
