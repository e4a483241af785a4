import type { CostRow } from '../model/cost.ts';
import type { Outcome } from '../model/score-model.ts';
import type { Settings } from '../model/settings.ts';
import { costOf } from '../priority/cost.ts';
import { outcomesOf } from '../scoring/observe.ts';
import { begunIn, type Passage } from './fold-batch.ts';

/** What is committed beside the alerts themselves: lessons for the models, and what cost centers are charged with. Pure. */
export function notePassages(
  passages: readonly Passage[],
  { scoring }: Settings,
  now: number,
): { readonly outcomes?: readonly Outcome[]; readonly costs?: readonly CostRow[] } {
  const costs = begunIn(passages).flatMap((alert) => costOf(alert, now) ?? []);
  const outcomes = scoring
    ? passages.flatMap(({ before, after }) => outcomesOf(before, after, scoring, now))
    : [];
  return {
    ...(costs.length === 0 ? {} : { costs }),
    ...(outcomes.length === 0 ? {} : { outcomes }),
  };
}
