import { setPriority } from 'node:os';
import { errorText } from './error-text.ts';
import type { Logger } from './log.ts';

const NICENESS = 5;

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
