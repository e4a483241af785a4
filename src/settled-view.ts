import { setTimeout as pause } from 'node:timers/promises';
import type { Journal } from './journal/port.ts';
import type { StoreReader } from './store/reader.ts';

/** A question that waits longer than this is answered with what is known. */
const PATIENCE_MS = 5_000;
const LOOK_MS = 20;

export interface SettledView {
  /** This process has appended something. */
  appended(): void;
  /** Resolves when all that this process had acknowledged before is folded, so that a question finds what its asker has just sent. */
  settled(): Promise<void>;
}

/** Asks the store how far it is, but only after an append. */
export function createSettledView(
  journal: Pick<Journal, 'partitions' | 'end'>,
  reader: Pick<StoreReader, 'positions'>,
  now: () => number,
): SettledView {
  let appends = 0;
  let seen = 0;
  return {
    appended() {
      appends++;
    },
    async settled() {
      const upTo = appends;
      if (seen === upTo) return;
      const partitions = Array.from({ length: journal.partitions }, (_, partition) => partition);
      const ends = await Promise.all(partitions.map((partition) => journal.end(partition)));
      const until = now() + PATIENCE_MS;
      for (;;) {
        const known = new Map((await reader.positions()).map(({ partition, offset }) => [partition, offset]));
        if (ends.every((end, partition) => (known.get(partition) ?? 0) >= end)) break;
        if (now() > until) return;
        await pause(LOOK_MS);
      }
      seen = Math.max(seen, upTo);
    },
  };
}
