import type { Facts } from '../model/prepared.ts';
import type { ScoreModel } from '../model/score-model.ts';
import { fadeWeight } from './fade.ts';
import { priorOf } from './prior.ts';

export type Score = NonNullable<Facts['score']>;

/**
 * How relevant an alert is by its features: from 0 to 1, with the weight of each feature in their order. The value is the logistic function of the
 * sum of the weights, so anybody can check it. Pure; without a model it is what is assumed from the start.
 *
 * @example
 * score(undefined, ['bias', 'severity=critical']); // { value: 0.832, why: [{ feature: 'bias', weight: 0.2 }, { feature: 'severity=critical', weight: 1.4 }] }
 */
export function score(model: ScoreModel | undefined, features: readonly string[], now = 0): Score {
  const why = features.map((feature) => ({ feature, weight: rounded(weightOf(model, feature, now)) }));
  const sum = why.reduce((total, { weight }) => total + weight, 0);
  return { value: rounded(1 / (1 + Math.exp(-sum))), why };
}

/** What is assumed of a feature, and what was learned of it. */
export function weightOf(model: ScoreModel | undefined, feature: string, now: number): number {
  const learned = model && Object.hasOwn(model.weights, feature) ? model.weights[feature]! : undefined;
  return priorOf(feature) + (learned ? fadeWeight(learned, now).value : 0);
}

/** Three digits are as much as anybody compares, and keep rows short. */
function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000 + 0;
}
