/** At most `requests` in any span of `perMs` milliseconds. */
export interface Rate {
  readonly requests: number;
  readonly perMs: number;
}

/**
 * Keeps a vendor's rate exactly, by remembering when the last `requests` calls went out: a token bucket would let up to twice as
 * many through in one span. Each call of the returned function asks for one slot: 0 when it is granted, otherwise the
 * milliseconds until the next slot is free. Memory: one number per request of the rate.
 *
 * @example
 * const takeSlot = createRateLimit({ requests: 1, perMs: 1_000 }, () => performance.now());
 * takeSlot(); // 0
 * takeSlot(); // 999.8
 */
export function createRateLimit(rate: Rate, now: () => number): () => number {
  const sentAtMs = new Float64Array(Math.max(1, Math.floor(rate.requests))).fill(-Infinity);
  let oldest = 0;
  return () => {
    const nowMs = now();
    const freeAtMs = sentAtMs[oldest]! + rate.perMs;
    if (nowMs < freeAtMs) return freeAtMs - nowMs;
    sentAtMs[oldest] = nowMs;
    oldest = (oldest + 1) % sentAtMs.length;
    return 0;
  };
}
