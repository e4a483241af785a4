/**
 * The clock of a thread: the system's, moved by an offset that tests share between threads. An operator never moves
 * it; a story that has to see four hours pass does.
 */
export type ClockOffset = SharedArrayBuffer;

/** An offset of zero that nobody moves. */
export function createClockOffset(): ClockOffset {
  return new SharedArrayBuffer(8);
}

/** Milliseconds since the epoch, plus the offset. */
export function createMovedClock(offset: ClockOffset): () => number {
  const view = new BigInt64Array(offset);
  return () => Date.now() + Number(Atomics.load(view, 0));
}

export function moveClock(offset: ClockOffset, byMs: number): void {
  Atomics.add(new BigInt64Array(offset), 0, BigInt(Math.round(byMs)));
}
