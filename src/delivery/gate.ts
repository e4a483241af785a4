import type { DeliverySettings } from '../model/settings.ts';
import type { AttemptResult } from './settle.ts';
import { createTokenBucket } from './token-bucket.ts';

/**
 * What one integration may send right now: its concurrency, its rate and its circuit breaker in one place. One gate per integration; a slow or
 * dead one holds up nobody else.
 */
export interface Gate {
  /** How many deliveries may start now; 0 while the breaker is open. */
  capacity(now: number): number;
  started(): void;
  ended(result: AttemptResult, now: number): void;
  /** Whether the breaker keeps it shut. */
  isShut(now: number): boolean;
  /** When capacity may be there again although nothing ends: the rate's next token or the breaker's next probe. */
  opensAt(now: number): number;
  readonly inFlight: number;
}

/** Refused credentials do not mend themselves within seconds: one probe in this time. */
const AUTH_COOLDOWN_MS = 60_000;

export function createGate(settings: DeliverySettings): Gate {
  const bucket = createTokenBucket(settings.rate);
  let inFlight = 0;
  let failures = 0;
  let shutUntil = 0;

  const isShut = (now: number): boolean => now < shutUntil;
  // After the cooldown one delivery probes; the breaker stays half-open until it ends.
  const isProbing = (): boolean => failures >= settings.breaker.failures;
  return {
    capacity(now) {
      if (isShut(now)) return 0;
      const slots = (isProbing() ? 1 : settings.concurrency) - inFlight;
      return Math.max(0, Math.min(slots, bucket.available(now)));
    },
    started() {
      inFlight++;
      bucket.take(1);
    },
    ended(result, now) {
      inFlight--;
      // A refused payload says nothing against the integration.
      if (result.kind === 'delivered' || result.code === 'SB_REJECTED') {
        failures = 0;
        shutUntil = 0;
        return;
      }
      if (result.code === 'SB_RATE_LIMITED') {
        shutUntil = Math.max(shutUntil, now + (result.retryAfterMs ?? settings.retry.initialMs));
        return;
      }
      failures++;
      if (result.code === 'SB_AUTH') {
        failures = Math.max(failures, settings.breaker.failures);
        shutUntil = now + Math.max(AUTH_COOLDOWN_MS, settings.breaker.cooldownMs);
      } else if (isProbing()) {
        shutUntil = now + settings.breaker.cooldownMs;
      }
    },
    isShut,
    opensAt(now) {
      if (isShut(now)) return shutUntil;
      return inFlight > 0 && isProbing() ? Infinity : bucket.nextAt(now);
    },
    get inFlight() {
      return inFlight;
    },
  };
}
