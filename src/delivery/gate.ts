import { admit, CLOSED, settle, type BreakerState, type Limits } from '@signalbox/sdk';
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
  /** One goes out, or is marked and will go as soon as there is a slot. */
  started(now: number): void;
  ended(result: AttemptResult, now: number): void;
  /** One that had started will not be tried after all. */
  returned(now: number): void;
  /** How many more may be marked as being sent, some of which will wait for a slot. */
  window(now: number): number;
  /** Whether the breaker keeps it shut. */
  isShut(now: number): boolean;
  /** When capacity may be there again although nothing ends: the rate's next token or the breaker's next probe. */
  opensAt(now: number): number;
  readonly inFlight: number;
  /** So many of those wait for a slot. */
  readonly surplus: number;
}

/** Deliveries are marked ahead, so that a slot that becomes free need not wait for a commit. */
const MARKED_PER_SLOT = 32;

/** Refused credentials do not mend themselves within seconds: one probe in this time. */
const AUTH_COOLDOWN_MS = 60_000;

/** @param limits what the vendor allows, as the connector declares it; the settings can only be stricter in concurrency. */
export function createGate(settings: DeliverySettings, limits: Limits = {}): Gate {
  const bucket = createTokenBucket(settings.rate ?? limits.rate);
  const concurrency = Math.min(settings.concurrency, limits.concurrency ?? Infinity);
  let breaker: BreakerState = CLOSED;
  let inFlight = 0;
  /** "Come back later", which says nothing about health. */
  let notBefore = 0;

  const shutUntil = (): number => Math.max(notBefore, breaker.phase === 'open' ? breaker.untilMs : 0);
  const isShut = (now: number): boolean => now < shutUntil();
  // After the cool-down one delivery tries; the breaker stays half-open until it ends.
  const slots = (): number => (breaker.phase === 'closed' ? concurrency : 1);
  return {
    capacity(now) {
      return isShut(now) ? 0 : Math.max(0, Math.min(slots() - inFlight, bucket.available(now)));
    },
    started(now) {
      inFlight++;
      bucket.take(1);
      breaker = admit(breaker, settings.breaker, now).state;
    },
    ended(result, now) {
      inFlight--;
      // A payload that is refused says nothing against the integration.
      const failed = result.kind === 'failed' && result.code !== 'SB_REJECTED';
      if (failed && result.code === 'SB_RATE_LIMITED') {
        notBefore = Math.max(notBefore, now + (result.retryAfterMs ?? settings.retry.initialMs));
        breaker = settle(breaker, settings.breaker, 'unknown', now);
      } else if (failed && result.code === 'SB_AUTH') {
        breaker = { phase: 'open', untilMs: now + Math.max(AUTH_COOLDOWN_MS, settings.breaker.cooldownMs) };
      } else {
        breaker = settle(breaker, settings.breaker, failed ? 'failure' : 'success', now);
      }
    },
    returned(now) {
      inFlight--;
      breaker = settle(breaker, settings.breaker, 'unknown', now);
    },
    window(now) {
      if (isShut(now)) return 0;
      // Behind a rate, or while the breaker tries, nothing may wait: it would be marked for longer than it is being sent.
      const steady = breaker.phase === 'closed' && bucket.available(now) === Infinity;
      return steady ? Math.max(0, concurrency * MARKED_PER_SLOT - inFlight) : this.capacity(now);
    },
    isShut,
    opensAt(now) {
      if (isShut(now)) return shutUntil();
      return inFlight >= slots() ? Infinity : bucket.nextAt(now);
    },
    get inFlight() {
      return inFlight;
    },
    get surplus() {
      return Math.max(0, inFlight - concurrency);
    },
  };
}
