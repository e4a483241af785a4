/** A long-lived task of one integration. */
export interface Task {
  /** Whether it failed and has not run well since. */
  readonly isDown: boolean;
  /** Resolves when it has ended for good, after the signal aborted. */
  readonly ended: Promise<void>;
}

export interface TaskOptions {
  /** Ends it for good. */
  readonly signal: AbortSignal;
  /** From 0 to 1, for the jitter. */
  readonly random: () => number;
  /** Rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** It was started again and has run for a while. */
  readonly onWell: () => void;
  readonly onDown: (error: unknown, waitMs: number) => void;
}

const INITIAL_MS = 1_000;
const MAX_MS = 60_000;
/** A task that has run for this long works; the next failure is the first again. */
const SETTLED_MS = 10_000;
/** How long a task that does not listen to its signal holds up a stop. */
const GRACE_MS = 1_000;

/**
 * Runs a task until the signal aborts. When it throws, or returns before its time, it is down and started again: after a second, then after twice as
 * long each time up to a minute, with jitter, so that many do not come back in step.
 */
export function keepRunning(run: () => Promise<void>, options: TaskOptions): Task {
  const { signal, random, wait, onWell, onDown } = options;
  const state = { isDown: false };
  let failures = 0;

  async function runOnce(): Promise<void> {
    const settled = new AbortController();
    const well = wait(SETTLED_MS, AbortSignal.any([signal, settled.signal])).then(
      () => {
        failures = 0;
        if (state.isDown) onWell();
        state.isDown = false;
      },
      () => undefined,
    );
    try {
      await run();
      if (!signal.aborted) throw new Error('the task ended before its time');
    } finally {
      settled.abort();
      await well;
    }
  }

  async function loop(): Promise<void> {
    while (!signal.aborted) {
      try {
        await runOnce();
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        state.isDown = true;
        const waitMs = Math.round(Math.min(MAX_MS, INITIAL_MS * 2 ** (failures - 1)) * (0.5 + random() / 2));
        onDown(error, waitMs);
        await wait(waitMs, signal).catch(() => undefined);
      }
    }
  }

  const stopped = new Promise<void>((resolve) => {
    const stop = () => void wait(GRACE_MS, new AbortController().signal).then(resolve, resolve);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  return {
    get isDown() {
      return state.isDown;
    },
    ended: Promise.race([loop(), stopped]),
  };
}
