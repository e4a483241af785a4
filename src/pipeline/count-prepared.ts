import { FAILED } from '../model/prepared.ts';
import { countRules } from '../rules/tally.ts';
import type { Statement } from './fold-batch.ts';
import type { StepContext } from './step.ts';

/** Counts what `prepare` did to statements that are committed: which rules matched, and what went wrong. */
export function countPrepared(
  { tally, metrics }: Pick<StepContext, 'tally' | 'metrics'>,
  tenant: string,
  statements: readonly Statement[],
  now: number,
): void {
  for (const { fingerprint, prepared } of statements) {
    if (!prepared) continue;
    const { decisions } = prepared;
    for (const rule of countRules(tally, { tenant, fingerprint, decisions }, now))
      metrics.ruleMatches.inc({ rule });
    for (const { stage, outcome } of decisions) {
      if (outcome.startsWith(FAILED)) metrics.prepareFailures.inc({ stage });
    }
  }
}
