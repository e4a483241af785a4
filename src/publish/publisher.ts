import type { PublishPorts } from './publish-step.ts';
import { createPublishStep } from './publish-step.ts';

export interface Publisher {
  /** There may be changes. Cheap; many calls in a row cost one read. */
  poke(): void;
  /** Ends after the page at hand and gives the duty up. */
  stop(): Promise<void>;
}

/** Between two reads of the live end, so that a busy store is read in few pages. */
const PAUSE_MS = 100;
/** News of commits are hints and may be lost, and the lease must be renewed. */
const LOOK_MS = 1_000;
const RETRY_MS = 2_000;
const ELSEWHERE_MS = 3_000;

/**
 * Publishes in the background until `stop`. Trouble is logged once when it begins, counted, and tried again; nothing but the topics waits for
 * it, and what is not published stays in the feed for `storage.retention.changes`.
 */
export function startPublisher(ports: PublishPorts): Publisher {
  const step = createPublishStep(ports);
  let stopped = false;
  let poked = false;
  let troubled = false;
  let ring: (() => void) | undefined;

  /** How long to wait before the next turn, and whether a poke may cut it short. */
  async function turn(): Promise<{ readonly waitMs: number; readonly pokable: boolean }> {
    try {
      const outcome = await step.run();
      if (troubled) ports.log.info('events are published again');
      troubled = false;
      if (outcome === 'elsewhere') return { waitMs: ELSEWHERE_MS, pokable: false };
      return { waitMs: outcome === 'more' ? 0 : LOOK_MS, pokable: true };
    } catch (error) {
      if (!troubled) ports.log.warn('events can not be published yet', { reason: String(error) });
      troubled = true;
      ports.metrics.failures.inc();
      return { waitMs: RETRY_MS, pokable: false };
    }
  }

  function pause(waitMs: number, pokable: boolean): Promise<void> {
    return new Promise<void>((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        ring = undefined;
        resolve();
      };
      const timer = setTimeout(wake, waitMs).unref();
      ring = (): void => {
        if (stopped || pokable) wake();
      };
      if (stopped || (pokable && poked)) wake();
    });
  }

  async function run(): Promise<void> {
    while (!stopped) {
      poked = false;
      const { waitMs, pokable } = await turn();
      if (waitMs === 0) continue;
      await pause(PAUSE_MS, false);
      await pause(waitMs - PAUSE_MS, pokable);
    }
  }

  const running = run();
  return {
    poke() {
      poked = true;
      ring?.();
    },
    async stop() {
      stopped = true;
      ring?.();
      await running;
      try {
        await step.release();
      } finally {
        ports.outlet.close();
      }
    },
  };
}
