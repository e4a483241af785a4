import { readClock, setClock, turnClock, type ClockOffset } from './clock.ts';
import { LEAP_MS, steerClock, type Reading } from './steer-clock.ts';

export interface KeepClockOptions {
  readonly clock: ClockOffset;
  /** Asks the clock that knows the time. */
  readonly read: () => Promise<Reading>;
  readonly everyMs: number;
  /** How long a leap ahead has to last before it is believed. */
  readonly patienceMs: number;
  /** It was found to be behind (positive) or ahead (negative) by more than a second; told once, until it is right again. */
  readonly onLeap: (errorMs: number) => void;
  /** The other clock can't be read. This one goes on by itself. */
  readonly onTrouble: (error: unknown) => void;
}

/** Sets the clock right at once, whichever way, and keeps it so until it is stopped. Rejects when the other clock can't be read at the start. */
export async function keepClock(options: KeepClockOptions): Promise<() => void> {
  const { clock, read, everyMs, patienceMs } = options;
  const { earliest, latest } = await read();
  setClock(clock, (earliest + latest) / 2);
  let before = performance.now();
  let leapSince: number | undefined;
  /** The sign of the leap that was told. */
  let told = 0;
  let stopped = false;
  let timer: NodeJS.Timeout;

  function steer(reading: Reading): void {
    const at = performance.now();
    const since = leapSince === undefined ? {} : { leapSince };
    const found = steerClock({ now: readClock(clock), reading, at, before, patienceMs, ...since });
    turnClock(clock, found.turnMs);
    before = at;
    leapSince = found.leapSince;
    const leap = Math.abs(found.errorMs) > LEAP_MS ? Math.sign(found.errorMs) : 0;
    if (leap !== 0 && leap !== told) options.onLeap(found.errorMs);
    told = leap;
  }

  const goOn = (): void => {
    timer = setTimeout(async () => {
      try {
        steer(await read());
      } catch (error) {
        options.onTrouble(error);
      }
      if (!stopped) goOn();
    }, everyMs).unref();
  };
  goOn();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** The clock of this machine. */
export function readSystemClock(): Promise<Reading> {
  const at = Date.now();
  return Promise.resolve({ earliest: at, latest: at + 1 });
}
