/** Takes one request out of the bucket: 0 when it may pass, else the milliseconds until the next one may. */
export type TakeToken = (now: number) => number;

/** A token bucket: `ratePerSecond` in the long run, `burst` at once (BR-WH-023). */
export function createRateLimit(ratePerSecond: number, burst: number): TakeToken {
  if (ratePerSecond === Infinity) return () => 0;
  const capacity = Math.max(1, burst);
  let tokens = capacity;
  let filledAt = -Infinity;
  return (now) => {
    // A clock that was set back must not lock the endpoint until it has caught up.
    const elapsedMs = Math.max(0, now - filledAt);
    tokens = Math.min(
      capacity,
      filledAt === -Infinity ? capacity : tokens + (elapsedMs / 1000) * ratePerSecond,
    );
    filledAt = now;
    if (tokens >= 1) {
      tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - tokens) / ratePerSecond) * 1000);
  };
}
