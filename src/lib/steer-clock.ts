/** What another clock says: its time lies between these. */
export interface Reading {
  readonly earliest: number;
  readonly latest: number;
}

export interface Steering {
  /** Milliseconds by which to turn the clock now. */
  readonly turnMs: number;
  /** How far it is behind (positive) or ahead (negative) before that. */
  readonly errorMs: number;
  /** Since when, by a monotonic clock, it is behind by a leap that is not believed yet. */
  readonly leapSince?: number;
}

export interface Look {
  /** What the clock says that is steered. */
  readonly now: number;
  readonly reading: Reading;
  /** By a monotonic clock. */
  readonly at: number;
  /** When it was steered last, by the same. */
  readonly before: number;
  readonly leapSince?: number;
  /** How long a leap ahead has to last before it is believed. */
  readonly patienceMs: number;
}

/** Beyond this a clock was set, or the machine was asleep. */
export const LEAP_MS = 1_000;
/** A clock that is ahead loses this share of the time that passes, so that what is due goes on becoming due. */
const SLEW = 0.1;

/**
 * How to bring a clock in line with a better one, whose reading takes its time. Only what is surely wrong is mended. It never goes back: what
 * was written while it was ahead would wait for that hour to come again.
 */
export function steerClock({ now, reading, at, before, leapSince, patienceMs }: Look): Steering {
  const errorMs = Math.max(0, reading.earliest - now) + Math.min(0, reading.latest - now);
  if (errorMs < 0) return { turnMs: Math.max(errorMs, -SLEW * Math.max(0, at - before)), errorMs };
  if (errorMs <= LEAP_MS) return { turnMs: errorMs, errorMs };
  const since = leapSince ?? at;
  if (at - since >= patienceMs) return { turnMs: errorMs, errorMs };
  return { turnMs: 0, errorMs, leapSince: since };
}
