import type { DeliverySettings } from '../model/settings.ts';

/**
 * How long to wait before the next attempt: exponential with full jitter, never shorter than what the vendor asked for
 * (BR-ERR-006). `random` is uniform in [0, 1).
 *
 * Full jitter spreads the attempts of many deliveries that failed together; a floor of a quarter keeps it from
 * degenerating into an immediate retry.
 */
export function backoffMs(
  retry: DeliverySettings['retry'],
  attempts: number,
  random: number,
  retryAfterMs: number | undefined,
): number {
  const ceiling = Math.min(retry.maxMs, retry.initialMs * retry.factor ** Math.max(0, attempts - 1));
  return Math.round(Math.max(ceiling * (0.25 + 0.75 * random), retryAfterMs ?? 0));
}
