import { setPriority } from 'node:os';
import { errorText } from './error-text.ts';
import type { Logger } from './log.ts';

/**
 * A flood is taken in a fifth faster than with 5, because senders time out and the journal waits. Where programs with normal priority
 * keep every core busy, a notification then takes 32 ms in place of 19 (median of 100 alerts, two cores); with 15 it would take 120 ms, with 19 320 ms.
 */
const NICENESS = 10;

/**
 * Lets other threads go first. On Linux the priority is that of the calling thread alone; elsewhere it is the process's, and nothing is done. A sandbox that
 * forbids the call costs some speed under load and nothing else.
 */
export function stepBack(log: Logger): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(NICENESS);
  } catch (error) {
    log.debug('the priority of the thread could not be lowered', { reason: errorText(error) });
  }
}
