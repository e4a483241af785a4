/** When to stop asking a system that does not answer, and for how long. */
export interface BreakerSettings {
  /** Failures in a row that open the breaker. */
  readonly failures: number;
  /** How long it stays open before one trial is let through. */
  readonly cooldownMs: number;
}

/**
 * Closed: everything passes, failures in a row are counted. Open: nothing passes until `untilMs`. Half-open: one trial is under way; its
 * outcome closes or opens the breaker. A trial that never reports counts as lost after another cool-down, so that a crash
 * of its holder can't keep the breaker shut for ever.
 */
export type BreakerState =
  | { readonly phase: 'closed'; readonly failures: number }
  | { readonly phase: 'open'; readonly untilMs: number }
  | { readonly phase: 'half-open'; readonly trialSinceMs: number };

export type BreakerOutcome = 'success' | 'failure' | 'unknown';

export const CLOSED: BreakerState = { phase: 'closed', failures: 0 };

export interface Admission {
  readonly state: BreakerState;
  /** 0: go ahead and report the outcome. Otherwise: not before this many milliseconds. */
  readonly waitMs: number;
}

/** Asks whether one more call may pass. Pure; keep the state that comes back. */
export function admit(state: BreakerState, settings: BreakerSettings, nowMs: number): Admission {
  if (state.phase === 'closed') return { state, waitMs: 0 };
  const untilMs = state.phase === 'open' ? state.untilMs : state.trialSinceMs + settings.cooldownMs;
  if (nowMs < untilMs) return { state, waitMs: untilMs - nowMs };
  return { state: { phase: 'half-open', trialSinceMs: nowMs }, waitMs: 0 };
}

/**
 * Takes the outcome of an admitted call. `unknown` (the caller gave up) neither opens nor closes. Outcomes that arrive while the
 * breaker is open belong to calls from before and say nothing about now.
 */
export function settle(
  state: BreakerState,
  settings: BreakerSettings,
  outcome: BreakerOutcome,
  nowMs: number,
): BreakerState {
  if (state.phase === 'open') return state;
  if (outcome === 'success') return CLOSED;
  const open: BreakerState = { phase: 'open', untilMs: nowMs + settings.cooldownMs };
  if (state.phase === 'half-open') return outcome === 'failure' ? open : { phase: 'open', untilMs: nowMs };
  if (outcome === 'unknown') return state;
  const failures = state.failures + 1;
  return failures >= settings.failures ? open : { phase: 'closed', failures };
}

/** One breaker with its state, for whoever calls one system. */
export interface Breaker {
  /** 0: go ahead and call `settle` once with the outcome. Otherwise: not before this many milliseconds. */
  admit(): number;
  settle(outcome: BreakerOutcome): void;
  state(): BreakerState;
}

/**
 * Keeps the state of one breaker.
 *
 * @param now milliseconds on a clock that does not run backwards
 * @example
 * const breaker = createBreaker({ failures: 5, cooldownMs: 30_000 }, () => performance.now());
 * if (breaker.admit() === 0) breaker.settle(await call() ? 'success' : 'failure');
 */
export function createBreaker(settings: BreakerSettings, now: () => number): Breaker {
  let state = CLOSED;
  return {
    admit() {
      const admission = admit(state, settings, now());
      state = admission.state;
      return admission.waitMs;
    },
    settle(outcome) {
      state = settle(state, settings, outcome, now());
    },
    state: () => state,
  };
}
