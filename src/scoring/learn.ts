import type { Habit, LearnedWeight, Outcome, OutcomeKind, ScoreModel } from '../model/score-model.ts';
import { fadeHabit, fadeWeight } from './fade.ts';
import { BIAS } from './features.ts';
import { priorOf } from './prior.ts';

/** What an outcome says: whether the alert was worth telling, and how sure that is. A quick end may also be luck. */
const LESSONS: Readonly<Record<OutcomeKind, { readonly relevant: number; readonly strength: number }>> = {
  acknowledged: { relevant: 1, strength: 1 },
  resolved_by_hand: { relevant: 1, strength: 0.5 },
  resolved_quickly: { relevant: 0, strength: 0.5 },
  silenced: { relevant: 0, strength: 1 },
};

const RATE = 0.4;
/** What is learned adds or takes at most this much, so that no number of outcomes makes a feature decide alone. */
export const MAX_LEARNED = 3;
/** A model is loaded with every batch of alerts, so it stays small; names come from senders. */
export const MAX_WEIGHTS = 2_000;
export const MAX_HABITS = 1_000;
const MAX_FEATURES = 16;

export function emptyModel(tenant: string): ScoreModel {
  return { tenant, learned: 0, updatedAt: 0, weights: {}, habits: {} };
}

/**
 * The model after some outcomes: one step of logistic regression by stochastic gradient descent for each, smaller the more is known of a feature. Pure: the
 * same outcomes in the same order give the same model, however they are split into calls. Time never goes back.
 */
export function learn(model: ScoreModel, outcomes: readonly Outcome[]): ScoreModel {
  const weights = new Map(Object.entries(model.weights));
  const habits = new Map(Object.entries(model.habits));
  let now = model.updatedAt;
  for (const { kind, features: given, at } of outcomes) {
    now = Math.max(now, at);
    const { relevant, strength } = LESSONS[kind];
    const features = [...new Set(given)].filter(isFeature).slice(0, MAX_FEATURES);
    const known = features.map((feature) => fadeWeight(weights.get(feature) ?? nothing(now), now));
    const sum = features.reduce((total, feature, index) => total + priorOf(feature) + known[index]!.value, 0);
    const error = (relevant - 1 / (1 + Math.exp(-sum))) * strength;
    features.forEach((feature, index) => weights.set(feature, step(known[index]!, error, strength)));
    const name = features.find((feature) => feature.startsWith('alertname='));
    if (name !== undefined) {
      const before = fadeHabit(habits.get(name) ?? { relevant: 0, noise: 0, at: now }, now);
      const good = relevant * strength;
      habits.set(name, {
        relevant: before.relevant + good,
        noise: before.noise + strength - good,
        at: now,
      });
    }
    if (weights.size > MAX_WEIGHTS) keepLargest(weights, (weight) => Math.abs(fadeWeight(weight, now).value));
    if (habits.size > MAX_HABITS) keepLargest(habits, (habit) => sizeOf(fadeHabit(habit, now)));
  }
  return {
    tenant: model.tenant,
    learned: model.learned + outcomes.length,
    updatedAt: now,
    weights: Object.fromEntries(weights),
    habits: Object.fromEntries(habits),
  };
}

function step({ value, evidence, at }: LearnedWeight, error: number, strength: number): LearnedWeight {
  const moved = value + (RATE / Math.sqrt(1 + evidence)) * error;
  return { value: Math.min(MAX_LEARNED, Math.max(-MAX_LEARNED, moved)), evidence: evidence + strength, at };
}

function nothing(now: number): LearnedWeight {
  return { value: 0, evidence: 0, at: now };
}

function isFeature(name: string): boolean {
  return name === BIAS || name.includes('=');
}

function sizeOf({ relevant, noise }: Habit): number {
  return relevant + noise;
}

/**
 * Makes room: what says least goes, a fifth at a time, because sorting for each new name would be dear. Among equals the one whose name sorts last goes, so
 * that the result depends on no order.
 */
function keepLargest<T>(map: Map<string, T>, size: (value: T) => number): void {
  const sorted = Array.from(map, ([name, value]) => ({ name, size: size(value) })).sort(
    (left, right) => right.size - left.size || (left.name < right.name ? -1 : 1),
  );
  for (const { name } of sorted.slice(Math.floor(map.size * 0.8))) map.delete(name);
}
