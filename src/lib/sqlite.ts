import { DatabaseSync, type StatementSync } from 'node:sqlite';

export type SqlValue = string | number | null;

/**
 * One connection to a SQLite file. Statements are prepared once per text, so SQL is written as constants beside the function that
 * uses it. Rows have a null prototype and live no longer than the mapping to a model object.
 */
export interface Sql {
  /** Resolves to the number of rows changed. */
  run(sql: string, ...values: SqlValue[]): number;
  get<Row>(sql: string, ...values: SqlValue[]): Row | undefined;
  all<Row>(sql: string, ...values: SqlValue[]): Row[];
  /** Reads row by row; a caller that stops early leaves the rest unread. */
  each<Row>(sql: string, ...values: SqlValue[]): Iterable<Row>;
  /** Statements that take no values and give no rows; several at once. */
  exec(sql: string): void;
  /** All or nothing. The write lock is taken first, so that nothing fails half way for want of it. */
  transaction<Result>(work: () => Result): Result;
  /** One state of the file for everything that `work` reads. Each read by itself takes and gives back a lock of the file, which costs more than most reads. */
  snapshot<Result>(work: () => Result): Result;
  close(): void;
  readonly database: DatabaseSync;
}

export interface SqlOptions {
  /** Only a writer creates the file; a reader sees what writers have committed. */
  readonly mode: 'write' | 'read';
  /** Upper bound of the page cache; it fills only with use. */
  readonly cacheBytes: number;
  /** How long to wait for somebody else's write lock. The thread stands still meanwhile. */
  readonly busyTimeoutMs: number;
  /** After how many pages in the write-ahead log it is copied into the file. */
  readonly checkpointPages?: number;
  /** Of a file that is made by this call; a file keeps the size that it has. Default 4096. */
  readonly pageBytes?: number;
  /**
   * `commit`: a commit returns after the fsync. `caller`: a commit returns when the operating system has it, and the caller syncs the log
   * before it tells anybody (see `sqlite-handle.ts`). `never`: for a file that nobody else opens and nobody misses after a crash; without
   * locks and a log a small commit costs a fraction. Default `commit`.
   */
  readonly synced?: 'commit' | 'caller' | 'never';
}

/** What a write-ahead log that grew in a burst is cut back to. */
const WAL_KEEP_BYTES = 64 * 1024 * 1024;

/**
 * Opens a file in WAL mode. Memory mapping stays off, because an I/O error
 * in a mapped page is a signal that ends the process and not an error code.
 */
export function openSql(path: string, options: SqlOptions): Sql {
  const database = new DatabaseSync(path, {
    readOnly: options.mode === 'read',
    timeout: options.busyTimeoutMs,
  });
  try {
    database.exec(`PRAGMA cache_size = -${Math.ceil(options.cacheBytes / 1024)}; PRAGMA temp_store = MEMORY`);
    if (options.synced === 'never') {
      database.exec(`PRAGMA page_size = ${options.pageBytes ?? 4096}; PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF`);
    } else if (options.mode === 'write') {
      const synchronous = options.synced === 'caller' ? 'NORMAL' : 'FULL';
      database.exec(`PRAGMA page_size = ${options.pageBytes ?? 4096}; PRAGMA journal_mode = WAL;
        PRAGMA synchronous = ${synchronous};
        PRAGMA wal_autocheckpoint = ${options.checkpointPages ?? 1000};
        PRAGMA journal_size_limit = ${WAL_KEEP_BYTES}`);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return wrap(database);
}

function wrap(database: DatabaseSync): Sql {
  const statements = new Map<string, StatementSync>();
  const between = <Result>(begin: string, work: () => Result): Result => {
    database.exec(begin);
    try {
      const result = work();
      database.exec('COMMIT');
      return result;
    } catch (error) {
      // After some errors SQLite has rolled back by itself.
      if (database.isTransaction) database.exec('ROLLBACK');
      throw error;
    }
  };
  const prepared = (sql: string, values: readonly SqlValue[]): StatementSync => {
    // node:sqlite takes a leading object for a map of named parameters and shifts the others without an error.
    if (typeof values[0] === 'object' && values[0] !== null)
      throw new TypeError(`Not a SQL value, in: ${sql}`);
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare(sql)));
    return statement;
  };
  return {
    database,
    run: (sql, ...values) => prepared(sql, values).run(...values).changes as number,
    get: <Row>(sql: string, ...values: SqlValue[]) => prepared(sql, values).get(...values) as Row | undefined,
    all: <Row>(sql: string, ...values: SqlValue[]) => prepared(sql, values).all(...values) as Row[],
    each: <Row>(sql: string, ...values: SqlValue[]) =>
      prepared(sql, values).iterate(...values) as unknown as Iterable<Row>,
    exec: (sql) => database.exec(sql),
    transaction: (work) => between('BEGIN IMMEDIATE', work),
    snapshot: (work) => between('BEGIN', work),
    close: () => database.close(),
  };
}

/**
 * Primary result codes (https://www.sqlite.org/rescode.html) that speak of the medium or of somebody who holds the file, and not of the
 * statement: PERM, BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB.
 */
const MEDIUM_CODES: ReadonlySet<number> = new Set([3, 5, 6, 7, 8, 10, 11, 13, 14, 15, 26]);

/** Whether the disk refused, so that the same call may work later, as opposed to a mistake in the call. */
export function isMediumTrouble(error: unknown): error is Error & { readonly errcode: number } {
  return (
    error instanceof Error &&
    'errcode' in error &&
    typeof error.errcode === 'number' &&
    MEDIUM_CODES.has(error.errcode & 0xff)
  );
}
