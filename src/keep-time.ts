// Which clock the hub goes by: its machine's own, or that of the store which it shares with others. Built by the state's thread, for both.
import type { ClockOffset } from './lib/clock.ts';
import { keepClock, readSystemClock } from './lib/keep-clock.ts';
import type { Logger } from './lib/log.ts';
import type { Reading } from './lib/steer-clock.ts';
import type { Store } from './store/port.ts';

export interface TimeParts {
  readonly clock: ClockOffset;
  readonly store: Pick<Store, 'clock'>;
  /** Whether other nodes share the store. */
  readonly isShared: boolean;
  readonly log: Logger;
}

const OWN_LOOK_MS = 1_000;
/** A clock that was set by mistake is set right again within this. A machine that was asleep finds itself late for as long. */
const OWN_PATIENCE_MS = 60_000;
const SHARED_LOOK_MS = 3_000;

/** Nodes that share a store have one time, so that what is due for one is due for all. Resolves when the clock is right. */
export function keepTime({ clock, store, isShared, log }: TimeParts): Promise<() => void> {
  const onLeap = (errorMs: number): void =>
    log.warn(errorMs < 0 ? 'the clock is ahead, and goes slower until it is right' : 'the clock is behind', {
      byMs: Math.round(Math.abs(errorMs)),
      against: isShared ? "the store's clock" : "the machine's clock",
    });
  const onTrouble = (error: unknown): void =>
    log.debug('the clock could not be compared', { reason: String(error) });
  if (!isShared) {
    const own = { everyMs: OWN_LOOK_MS, patienceMs: OWN_PATIENCE_MS };
    return keepClock({ clock, read: readSystemClock, ...own, onLeap, onTrouble });
  }
  // Other nodes have gone on meanwhile, so a leap is followed at once.
  return keepClock({
    clock,
    read: () => readStoreClock(store),
    everyMs: SHARED_LOOK_MS,
    patienceMs: 0,
    onLeap,
    onTrouble,
  });
}

/** The answer was true at some time between the question and now. */
async function readStoreClock(store: Pick<Store, 'clock'>): Promise<Reading> {
  const askedAt = performance.now();
  const at = await store.clock();
  return { earliest: at, latest: at + performance.now() - askedAt };
}
