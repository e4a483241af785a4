/** A rate as a bucket of tokens: `requests` in each `perMs`, with bursts of the same size. */
export interface TokenBucket {
  /** How many may go now, without taking them. */
  available(now: number): number;
  take(count: number): void;
  /** When the next token is there. */
  nextAt(now: number): number;
}

export function createTokenBucket(
  rate: { readonly requests: number; readonly perMs: number } | undefined,
): TokenBucket {
  if (!rate) return { available: () => Infinity, take: () => {}, nextAt: (now) => now };
  const perMs = rate.requests / rate.perMs;
  let tokens = rate.requests;
  let filledAt = -Infinity;
  const fill = (now: number): void => {
    // A clock that jumps back must not take tokens away or stop the refill.
    if (now > filledAt)
      tokens = filledAt === -Infinity ? tokens : Math.min(rate.requests, tokens + (now - filledAt) * perMs);
    filledAt = now;
  };
  return {
    available(now) {
      fill(now);
      return Math.floor(tokens);
    },
    take(count) {
      tokens -= count;
    },
    nextAt(now) {
      fill(now);
      return tokens >= 1 ? now : now + Math.ceil((1 - tokens) / perMs);
    },
  };
}
