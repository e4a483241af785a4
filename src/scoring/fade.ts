import type { Habit, LearnedWeight } from '../model/score-model.ts';

/** What was learned counts half after this long, so that a team that changes is not judged by what it did a year ago. */
export const HALF_LIFE_MS = 30 * 86_400_000;

export function fadeWeight({ value, evidence, at }: LearnedWeight, now: number): LearnedWeight {
  const left = remaining(at, now);
  return { value: value * left, evidence: evidence * left, at: Math.max(at, now) };
}

export function fadeHabit({ relevant, noise, at }: Habit, now: number): Habit {
  const left = remaining(at, now);
  return { relevant: relevant * left, noise: noise * left, at: Math.max(at, now) };
}

/** A clock that jumps back changes nothing. */
function remaining(at: number, now: number): number {
  return now <= at ? 1 : 0.5 ** ((now - at) / HALF_LIFE_MS);
}
