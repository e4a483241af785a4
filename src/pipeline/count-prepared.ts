import { FAILED } from '../model/prepared.ts';
import { countRules, type Counted } from '../rules/tally.ts';
import type { Statement } from './fold-batch.ts';
import type { StepContext } from './step.ts';

/** Counts what `prepare` did to statements that are committed: which rules matched, and what went wrong. */
export function countPrepared(
  context: Pick<StepContext, 'tally' | 'metrics'>,
  tenant: string,
  statements: readonly Statement[],
  now: number,
): void {
  for (const { fingerprint, prepared } of statements) {
    if (!prepared) continue;
    countRuled(context, { tenant, fingerprint, decisions: prepared.decisions }, now);
  }
}

/** Counts what rules made of one alert. */
export function countRuled(
  { tally, metrics }: Pick<StepContext, 'tally' | 'metrics'>,
  ruled: Counted,
  now: number,
): void {
  countRules(tally, ruled, now);
  for (const { stage, outcome } of ruled.decisions) {
    if (outcome.startsWith(FAILED)) metrics.prepareFailures.inc({ stage });
  }
}
