import { existsSync } from 'node:fs';
import { createFileSync, type FileSync } from './file-sync.ts';
import { isMediumTrouble, openSql, type Sql, type SqlOptions } from './sqlite.ts';

/** A connection that survives trouble with the disk: it is dropped with the error and opened anew by the next call. */
export interface SqlHandle {
  /** Runs `work` on an open connection. Trouble with the medium comes out as what `unavailable` makes of it; other errors as they are. */
  use<Result>(work: (sql: Sql) => Result): Result;
  /**
   * Resolves when everything that was committed before the call is on the disk; the thread goes on meanwhile. Only for a connection that
   * was opened with `synced: 'caller'`. Rejects with what `unavailable` makes of the error; what was committed may then be lost with the power.
   */
  sync(): Promise<void>;
  close(): void;
}

/** Copies the log into the file, syncs that, and empties the log. */
const REWRITE_LOG = 'PRAGMA wal_checkpoint(TRUNCATE)';

/**
 * @param prepare runs on every fresh connection, the first one included, which is opened at once.
 * @param unavailable makes the error that callers see; it gets one line for people and the cause.
 */
export function openHandle(
  path: string,
  options: SqlOptions,
  unavailable: (message: string, cause: unknown) => Error,
  prepare: (sql: Sql) => void = () => undefined,
): SqlHandle {
  let sql: Sql | undefined;
  let log: FileSync | undefined;
  let closed = false;

  const connect = (): Sql => {
    // SQLite would create an empty file in the place of one that was taken away.
    if (!existsSync(path)) throw unavailable(`${path} is gone; put it back or restore a backup`, undefined);
    const fresh = openSql(path, options);
    try {
      if (options.synced === 'caller') fresh.exec(REWRITE_LOG);
      prepare(fresh);
    } catch (error) {
      fresh.close();
      throw error;
    }
    return fresh;
  };

  const drop = () => {
    const broken = sql;
    sql = undefined;
    log?.close();
    log = undefined;
    broken?.close();
  };

  const use = <Result>(work: (sql: Sql) => Result): Result => {
    if (closed) throw unavailable(`${path} is closed`, undefined);
    try {
      return work((sql ??= connect()));
    } catch (error) {
      if (!isMediumTrouble(error)) throw error;
      drop();
      throw unavailable(`${path}: ${error.message} (SQLite code ${error.errcode})`, error);
    }
  };

  const sync = async (): Promise<void> => {
    const turn = (log ??= createFileSync(`${path}-wal`));
    try {
      await turn.sync();
    } catch (error) {
      // The system may forget what it failed to write. A fresh connection copies the log into the file before anything else.
      if (log === turn) drop();
      throw unavailable(`${path}-wal: ${(error as Error).message}`, error);
    }
  };

  use(() => undefined);
  return {
    use,
    sync,
    close() {
      closed = true;
      drop();
    },
  };
}
