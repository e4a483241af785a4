import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '@signalbox/sdk';

const FULL_PIPE_WAIT_MS = 5;

/**
 * Writes the whole text to a file descriptor. Written past `process.stdout`, because in a worker thread that goes by way of the
 * main thread, which would meet a closed pipe in the place of the delivery that caused it.
 *
 * A pipe whose reader is slow answers EAGAIN; there is no event to wait for on a bare descriptor, so it is asked again
 * until the deadline.
 *
 * @throws Fault `SB_UNAVAILABLE` when the reader is gone (EPIPE), the disk is full, or the deadline passes.
 */
export async function writeAll(fd: number, text: string, signal: AbortSignal): Promise<void> {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    if (signal.aborted) throw new Fault('SB_UNAVAILABLE', 'standard output took no more before the deadline');
    const written = writeSome(fd, rest);
    rest = rest.subarray(written);
    if (written === 0) await sleep(FULL_PIPE_WAIT_MS, undefined, { signal }).catch(() => undefined);
  }
}

function writeSome(fd: number, bytes: Buffer): number {
  try {
    return writeSync(fd, bytes);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    if (code === 'EAGAIN') return 0;
    const what =
      code === 'EPIPE' ? 'nobody reads standard output any more' : 'standard output can not be written';
    throw new Fault('SB_UNAVAILABLE', `${what} (${code})`, { cause: error });
  }
}
