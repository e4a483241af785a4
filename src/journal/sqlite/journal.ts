import { setImmediate as nextTurn } from 'node:timers/promises';
import { openHandle } from '../../lib/sqlite-handle.ts';
import { isMediumTrouble, type Sql } from '../../lib/sqlite.ts';
import { migrateFile, type Migration } from '../../lib/sqlite-migrations.ts';
import { JournalUnavailable, type Journal } from '../port.ts';
import { createAppendQueue } from './append-queue.ts';
import { createDurableEnds, type DurableEnds } from './durable-ends.ts';
import { JournalMismatch, nameJournal, readIdentity, readPartitions } from './meta.ts';
import { JOURNAL_MIGRATIONS } from './migrations/list.ts';
import { READ_BYTES } from './reader.ts';
import { endOf, offsetAt, readRecords, trimBatch, usedBytes } from './records.ts';

export interface SqliteJournalOptions {
  /** The file; made when it is not there. */
  readonly path: string;
  /** Fixed when the journal is made; another number is refused later. Default 1, at most 512. */
  readonly partitions?: number;
  /** Cap on the bytes of kept records, as the file counts them; the write-ahead log of at most some 64 MiB comes on top. */
  readonly maxBytes: number;
  /** Makes the cluster id and the generation of a new journal. */
  readonly newId: () => string;
  /** For the name of the copy taken before a migration. */
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
}

export interface SqliteJournal extends Journal {
  /** For readers in other threads. */
  readonly durable: DurableEnds;
}

const CACHE_BYTES = 4 * 1024 * 1024;
/** The thread that serves requests stands still meanwhile; nobody but a person with a shell ever holds the lock. */
const BUSY_TIMEOUT_MS = 250;
/** Records are appended and never changed, so that large pages only save system calls. */
const PAGE_BYTES = 16 * 1024;
/** 64 MiB. By then the reader has copied most of the log (`checkpointer.ts`), and what is left holds up requests only for a moment. */
const CHECKPOINT_PAGES = 4_096;

/**
 * The embedded journal: one file, written by one thread. Trouble with the disk rejects with `JournalUnavailable`, and the next call
 * opens the file anew.
 */
export async function openSqliteJournal(options: SqliteJournalOptions): Promise<SqliteJournal> {
  const { path, maxBytes, newId, partitions = 1, now = Date.now } = options;
  const unavailable = (message: string, cause: unknown) => new JournalUnavailable(message, { cause });
  try {
    await migrateFile({
      path,
      what: 'journal',
      pageBytes: PAGE_BYTES,
      migrations: options.migrations ?? JOURNAL_MIGRATIONS,
      now: now(),
    });
  } catch (error) {
    throw isMediumTrouble(error) ? unavailable(`${path}: ${error.message}`, error) : error;
  }

  let refresh: (sql: Sql) => void = () => undefined;
  const handle = openHandle(
    path,
    {
      mode: 'write',
      cacheBytes: CACHE_BYTES,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      checkpointPages: CHECKPOINT_PAGES,
      pageBytes: PAGE_BYTES,
      synced: 'caller',
    },
    unavailable,
    (sql) => refresh(sql),
  );
  handle.use((sql) => {
    nameJournal(sql, partitions, newId);
    const found = readPartitions(sql);
    if (found === partitions) return;
    handle.close();
    throw new JournalMismatch(
      `${path} has ${found} partitions, not ${partitions}; drain and replace it to change that`,
    );
  });
  const durable = createDurableEnds(partitions);
  const appends = createAppendQueue(handle, partitions, maxBytes, durable.publish);
  // What a fresh connection shows has just been synced, because opening it rewrites the log.
  refresh = (sql) => durable.publish(appends.refresh(sql));
  handle.use(refresh);

  return {
    partitions,
    durable,
    append: appends.append,
    identity: async () => handle.use(readIdentity),
    read: async (partition, offset, limit, bytes = READ_BYTES) =>
      handle.use((sql) => readRecords(sql, partition, offset, limit, bytes)),
    end: async (partition) => handle.use((sql) => endOf(sql, partition)),
    offsetAt: async (partition, at) => handle.use((sql) => offsetAt(sql, partition, at)),
    bytes: async () => handle.use(usedBytes),
    async trim(partition, offset) {
      let trimmed = 0;
      for (;;) {
        const batch = handle.use((sql) => trimBatch(sql, partition, offset));
        if (batch === 0) break;
        trimmed += batch;
        await nextTurn();
      }
      handle.use((sql) => appends.refresh(sql));
      return trimmed;
    },
    async close() {
      await appends.drain();
      handle.close();
    },
  };
}
