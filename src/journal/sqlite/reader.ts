import { openHandle } from '../../lib/sqlite-handle.ts';
import { JournalUnavailable, type Journal } from '../port.ts';
import { createCheckpointer } from './checkpointer.ts';
import { openDurableEnds } from './durable-ends.ts';
import { readIdentity, readPartitions } from './meta.ts';
import { endOf, offsetAt, readRecords } from './records.ts';

/** What the owner of the state needs of the journal, in a thread that does not write it. */
export type JournalReader = Pick<Journal, 'identity' | 'partitions' | 'read' | 'end' | 'offsetAt' | 'close'>;

export const READ_BYTES = 8 * 1024 * 1024;
const CACHE_BYTES = 2 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 1_000;

export interface SqliteJournalReaderOptions {
  readonly path: string;
  /** From the journal's writer, while there is one: the reader then sees nothing that is not on the disk yet. */
  readonly durable?: SharedArrayBuffer;
}

/** A read-only handle of its own on a journal that exists already. */
export async function openSqliteJournalReader(options: SqliteJournalReaderOptions): Promise<JournalReader> {
  const durable = options.durable && openDurableEnds(options.durable);
  // Only beside a writer: a journal that nobody writes has no log that grows.
  const checkpointer = options.durable && createCheckpointer(options.path);
  const handle = openHandle(
    options.path,
    { mode: 'read', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS },
    (message, cause) => new JournalUnavailable(message, { cause }),
  );
  return {
    partitions: handle.use(readPartitions),
    identity: async () => handle.use(readIdentity),
    async read(partition, offset, limit, maxBytes = READ_BYTES) {
      const end = durable?.of(partition) ?? Infinity;
      if (offset >= end) return [];
      const records = handle.use((sql) =>
        readRecords(sql, partition, offset, Math.min(limit, end - offset), maxBytes),
      );
      checkpointer?.noteRead(records.reduce((sum, { value }) => sum + value.length, 0));
      return records;
    },
    end: async (partition) => durable?.of(partition) ?? handle.use((sql) => endOf(sql, partition)),
    offsetAt: async (partition, at) => handle.use((sql) => offsetAt(sql, partition, at)),
    async close() {
      checkpointer?.close();
      handle.close();
    },
  };
}
