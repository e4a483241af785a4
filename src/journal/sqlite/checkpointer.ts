import { isMediumTrouble, openSql, type Sql } from '../../lib/sqlite.ts';

/** Copies the journal's log into its file from another thread than the one that writes it, so that no request waits for the copying. */
export interface Checkpointer {
  /** So many bytes of records were read since the last call; copies when they are many. */
  noteRead(bytes: number): void;
  close(): void;
}

/** What a copy is worth its syncs for. */
const EVERY_BYTES = 8 * 1024 * 1024;
const CACHE_BYTES = 1024 * 1024;
/** Whoever copies already does the work. */
const BUSY_TIMEOUT_MS = 0;

/**
 * A passive checkpoint blocks nobody, but while the writer goes on it never reaches the end of the log, which then can't begin anew. So the
 * writer copies the rest by itself when the log is long; it finds little left to copy. Trouble with the disk is the writer's to report.
 */
export function createCheckpointer(path: string): Checkpointer {
  let sql: Sql | undefined;
  let pending = 0;

  function copy(): void {
    try {
      sql ??= openSql(path, {
        mode: 'write',
        cacheBytes: CACHE_BYTES,
        busyTimeoutMs: BUSY_TIMEOUT_MS,
        synced: 'caller',
      });
      sql.exec('PRAGMA wal_checkpoint(PASSIVE)');
    } catch (error) {
      if (!isMediumTrouble(error)) throw error;
      sql?.close();
      sql = undefined;
    }
  }

  return {
    noteRead(bytes) {
      pending += bytes;
      if (pending < EVERY_BYTES) return;
      pending = 0;
      copy();
    },
    close() {
      sql?.close();
      sql = undefined;
    },
  };
}
