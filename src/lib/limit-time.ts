/** A signal that ends with the work it limits. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  /** The work is done: the signal does not abort any more. */
  end(): void;
}

/**
 * Like `AbortSignal.timeout`, whose timer stays until its time has come, whatever became of the work: with thousands of short calls a second
 * and a limit of many seconds that would be most of what is in memory.
 *
 * @example
 * const limit = limitTime(10_000);
 * try { await call(limit.signal); } finally { limit.end(); }
 */
export function limitTime(ms: number): TimeLimit {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException(`not done after ${ms} ms`, 'TimeoutError'));
  const timer = setTimeout(abort, ms).unref();
  return { signal: controller.signal, end: () => clearTimeout(timer) };
}
