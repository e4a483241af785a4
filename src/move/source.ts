import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Journal, JournalIdentity } from '../journal/port.ts';
import { JOURNAL_MIGRATIONS } from '../journal/sqlite/migrations/list.ts';
import { openSqliteJournalReader } from '../journal/sqlite/reader.ts';
import { openSql } from '../lib/sqlite.ts';
import { assertKnown, newest, readSchemaVersion } from '../lib/sqlite-migrations.ts';
import type { Position } from '../model/position.ts';
import { acquireLock } from '../store/lock.ts';
import { checkPairing } from '../store/pairing.ts';
import type { Side } from './compare.ts';
import { endsOf } from './copy-records.ts';
import { hashText } from './digest.ts';
import type { Dump } from './dump.ts';
import { MoveError } from './move-error.ts';
import { isMovedAway, isSameIdentity, isUnfinished, type Origin } from './note.ts';
import { openSharedJournal } from './open-shared-journal.ts';
import { labelOf, usesFolder, type Place } from './place.ts';
import { nextOf } from './read-records.ts';
import { withSourceStore, type SourceStore, type SourceUse } from './source-store.ts';
import { TABLES } from './table.ts';

export interface Source extends Side {
  readonly origin: Origin;
  readonly label: string;
  readonly store: SourceStore;
}

type ReadJournal = Pick<Journal, 'identity' | 'partitions' | 'read' | 'end' | 'offsetAt' | 'close'>;

/**
 * Opens what is to be copied, store first: the journal then holds everything from the store's positions on. Its end is where it is now, so
 * that a hub that goes on appending changes nothing for the copy.
 */
export async function withSource<Result>(
  place: Place,
  use: SourceUse,
  now: () => number,
  work: (source: Source) => Promise<Result>,
): Promise<Result> {
  if (usesFolder(place) && !existsSync(place.path)) {
    throw new MoveError('nothing_to_move', `there is no data folder ${place.path}: nothing to move`);
  }
  const lock = usesFolder(place) && use === 'still' ? acquireLock(place.path, 'a move') : undefined;
  try {
    return await withSourceStore(place, use, async (store) => {
      const identity = await identityOf(store.dump, labelOf(place));
      const positions = await store.dump.positions();
      const journal = await openJournal(place, now);
      try {
        await assertPaired(identity, store.dump, journal);
        const side = { dump: store.dump, ...(await freeze(journal, positions)) };
        const origin = { ...identity, state: await stateOf(side) };
        return await work({ ...side, origin, label: labelOf(place), store });
      } finally {
        await journal.close();
      }
    });
  } finally {
    lock?.release();
  }
}

async function identityOf(dump: Dump, label: string): Promise<JournalIdentity> {
  const identity = await dump.identity();
  if (!identity) throw new MoveError('nothing_to_move', `${label} was never used by a hub: nothing to move`);
  if (isMovedAway(identity)) {
    throw new MoveError('nothing_to_move', `${label} holds nothing any more: ${identity.cluster}`);
  }
  if (isUnfinished(identity)) {
    throw new MoveError('nothing_to_move', `${label} is itself not yet filled: finish that first`);
  }
  return identity;
}

async function openJournal(place: Place, now: () => number): Promise<ReadJournal> {
  if (place.journalUrl !== undefined) return openSharedJournal(place.journalUrl, now);
  const path = join(place.path, 'journal.db');
  if (!existsSync(path)) {
    throw new MoveError(
      'source_mismatch',
      `${path} is not there: a store without its journal can't be moved`,
    );
  }
  const sql = openSql(path, { mode: 'read', cacheBytes: 1024 * 1024, busyTimeoutMs: 5_000 });
  try {
    assertKnown(path, 'journal', readSchemaVersion(sql), newest(JOURNAL_MIGRATIONS));
  } finally {
    sql.close();
  }
  return openSqliteJournalReader({ path });
}

/** What a hub checks when it starts, without the claim that it makes. */
async function assertPaired(own: JournalIdentity, dump: Dump, journal: ReadJournal): Promise<void> {
  const adopt = async (wanted: JournalIdentity): Promise<void> => {
    if (isSameIdentity(own, wanted)) return;
    throw new MoveError(
      'source_mismatch',
      `The store belongs to the journal of cluster ${own.cluster}, generation ${own.generation}, and not to cluster ` +
        `${wanted.cluster}, generation ${wanted.generation}. Name the store and the journal of one installation`,
    );
  };
  await checkPairing({ adopt, positions: () => dump.positions() }, journal);
}

/** What is unprocessed now. Signals that a trimmed journal has lost already are left out: the hub has said so when it started. */
async function freeze(
  journal: ReadJournal,
  processed: readonly Position[],
): Promise<Pick<Side, 'journal' | 'positions'>> {
  const { partitions, read, offsetAt } = journal;
  const all = Array.from({ length: partitions }, (_, partition) => partition);
  const [ends, positions] = await Promise.all([
    Promise.all(all.map((partition) => journal.end(partition))),
    Promise.all(
      all.map(async (partition) => {
        const kept = await offsetAt(partition, 0);
        return { partition, offset: Math.max(nextOf(processed, partition), kept) };
      }),
    ),
  ]);
  return { positions, journal: { partitions, read, offsetAt, end: async (partition) => ends[partition]! } };
}

/** Every signal moves an end, and every decision takes the number of a change. */
async function stateOf({ dump, journal, positions }: Side): Promise<string> {
  const ends = await endsOf(journal);
  const numbers = await Promise.all(
    TABLES.filter(({ counter }) => counter !== undefined).map((table) => dump.highest(table)),
  );
  return hashText(JSON.stringify([positions, ends, numbers]));
}
