import { countFailure, countMatch, type Tally } from '../rules/tally.ts';
import type { Verdict } from './hand-over.ts';

/** Counts what the rules of workflows said, after what followed from it is committed. */
export function countVerdicts(tally: Tally, verdicts: readonly Verdict[], now: number): void {
  for (const { rule, alert, hasFailed } of verdicts) {
    if (hasFailed) countFailure(tally, 'workflow', rule);
    else countMatch(tally, 'workflow', rule, alert, now);
  }
}
