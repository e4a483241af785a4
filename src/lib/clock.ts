/**
 * The clock of the hub, one for all threads of a process. It runs by the system's monotonic clock, which nobody sets and which all threads share, and
 * never goes back. Whoever knows the time better turns it (`keep-clock.ts`). Tests move it: an operator never does, a story that has to see
 * four hours pass does.
 */
export type ClockOffset = SharedArrayBuffer;

/** What tests have moved it by. */
const MOVED = 0;
/** What the monotonic clock lacks to the time of day. */
const BASE = 1;
/** The newest time that anybody has read. */
const NEWEST = 2;
const NANOSECONDS = 1_000_000n;

/** Starts with the system's time. */
export function createClockOffset(): ClockOffset {
  const clock = new SharedArrayBuffer(3 * 8);
  setClock(clock, Date.now());
  return clock;
}

/** Milliseconds since the epoch, plus what tests have moved it by. */
export function createMovedClock(clock: ClockOffset): () => number {
  const cells = new BigInt64Array(clock);
  return () => Number(read(cells) + Atomics.load(cells, MOVED));
}

/** As above, without what tests have moved. */
export function readClock(clock: ClockOffset): number {
  return Number(read(new BigInt64Array(clock)));
}

export function moveClock(clock: ClockOffset, byMs: number): void {
  Atomics.add(new BigInt64Array(clock), MOVED, BigInt(Math.round(byMs)));
}

/** At a start, before anything is decided: here it may go back. */
export function setClock(clock: ClockOffset, at: number): void {
  const cells = new BigInt64Array(clock);
  Atomics.store(cells, BASE, BigInt(Math.round(at)) - monotonic());
  Atomics.store(cells, NEWEST, 0n);
}

/** Turned back, it stands still until it is as late again. */
export function turnClock(clock: ClockOffset, byMs: number): void {
  Atomics.add(new BigInt64Array(clock), BASE, BigInt(Math.round(byMs)));
}

/** Milliseconds of the system's monotonic clock, the same in all threads: it goes on while the process is stopped, and nobody sets it. */
export function monotonicNow(): number {
  return Number(monotonic());
}

/** Not `performance.now()`, which each thread counts from its own beginning. */
function monotonic(): bigint {
  return process.hrtime.bigint() / NANOSECONDS;
}

function read(cells: BigInt64Array): bigint {
  const now = monotonic() + Atomics.load(cells, BASE);
  for (;;) {
    const newest = Atomics.load(cells, NEWEST);
    if (now <= newest) return newest;
    if (Atomics.compareExchange(cells, NEWEST, newest, now) === newest) return now;
  }
}
