import { existsSync } from 'node:fs';
import { isMediumTrouble, openSql, type Sql, type SqlOptions } from './sqlite.ts';

/** A connection that survives trouble with the disk: it is dropped with the error and opened anew by the next call. */
export interface SqlHandle {
  /** Runs `work` on an open connection. Trouble with the medium comes out as what `unavailable` makes of it; other errors as they are. */
  use<Result>(work: (sql: Sql) => Result): Result;
  close(): void;
}

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
  let closed = false;

  const connect = (): Sql => {
    // SQLite would create an empty file in the place of one that was taken away.
    if (!existsSync(path)) throw unavailable(`${path} is gone; put it back or restore a backup`, undefined);
    const fresh = openSql(path, options);
    try {
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

  use(() => undefined);
  return {
    use,
    close() {
      closed = true;
      drop();
    },
  };
}
