import type { EnrichmentClock } from '../look-up.ts';

/** Time that stands still until it is moved; timers that are due ring then, in their order. */
export function createHeldClock(): EnrichmentClock & {
  forward(ms: number): Promise<void>;
  jump(ms: number): void;
} {
  let elapsed = 0;
  let now = 1_700_000_000_000;
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  return {
    now: () => now,
    elapsed: () => elapsed,
    timer(ms, callback) {
      const timer = { at: elapsed + ms, callback };
      timers.push(timer);
      return () => void (timers = timers.filter((other) => other !== timer));
    },
    async forward(ms) {
      elapsed += ms;
      now += ms;
      const due = timers.filter(({ at }) => at <= elapsed).toSorted((left, right) => left.at - right.at);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { callback } of due) callback();
      await settled();
    },
    jump: (ms) => void (now += ms),
  };
}

/** Lets everything run that can run without time passing. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
