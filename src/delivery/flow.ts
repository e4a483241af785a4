/** How fast attempts of one integration end, so that it can be told whether what waits for a slot will soon be gone. */
export interface Flow {
  ended(now: number): void;
  /** Whether `queued` more attempts end within `ms`, at the pace of the newest ones. A silence counts as the pace. */
  drainsWithin(ms: number, queued: number, now: number): boolean;
}

/** The weight of the newest interval: some ten attempts make the pace. */
const WEIGHT = 0.1;

/** Optimistic at first: until something is known, the silence since `now` is all that counts. */
export function createFlow(now: number): Flow {
  let meanMs = 0;
  let endedAt = now;
  return {
    ended(at) {
      meanMs += WEIGHT * (Math.max(0, at - endedAt) - meanMs);
      endedAt = at;
    },
    drainsWithin: (ms, queued, at) => queued * Math.max(meanMs, at - endedAt) <= ms,
  };
}
