import type { Journal } from '../journal/port.ts';
import type { Store } from './port.ts';

/** The store was written beside another journal, or beside another generation of it. */
export class StoreMismatch extends Error {
  readonly code = 'store_mismatch';
}

/** The store has processed more than the journal holds: the journal is older, and offsets would be given twice. */
export class PositionBeyondEnd extends Error {
  readonly code = 'position_beyond_end';
}

/** Records from `from` up to `to` are gone although the store has not processed them. */
export interface Gap {
  readonly partition: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Makes sure at the start that store and journal belong together (design §3); a new store is tied to the journal. Refuses with
 * `StoreMismatch` or `PositionBeyondEnd`. What it gives back are signals that a trimmed journal has lost: nothing can bring them back, so
 * the start goes on, and the caller says it loudly.
 */
export async function checkPairing(
  store: Pick<Store, 'adopt' | 'positions'>,
  journal: Pick<Journal, 'identity' | 'partitions' | 'end' | 'offsetAt'>,
): Promise<readonly Gap[]> {
  await store.adopt(await journal.identity());
  const gaps: Gap[] = [];
  for (const { partition, offset } of await store.positions()) {
    if (partition >= journal.partitions) {
      throw new StoreMismatch(
        `The store has a position in partition ${partition}, and the journal has only ${journal.partitions} partitions`,
      );
    }
    const end = await journal.end(partition);
    if (offset > end) {
      throw new PositionBeyondEnd(
        `The store has processed partition ${partition} up to ${offset}, and the journal ends at ${end}: it is older than the store. ` +
          `Put the newer journal back, or restore a backup with both.`,
      );
    }
    const start = await journal.offsetAt(partition, 0);
    if (start > offset) gaps.push({ partition, from: offset, to: start });
  }
  return gaps;
}
