import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { JOURNAL_MIGRATIONS } from '../journal/sqlite/migrations/list.ts';
import { openSql, type Sql } from '../lib/sqlite.ts';
import { newest, readSchemaVersion, type Migration } from '../lib/sqlite-migrations.ts';
import { STORE_MIGRATIONS } from '../store/sqlite/migrations/list.ts';

/** One database file of a data folder, and what this program would make of it. */
export interface DataFile {
  /** For people: `store`. */
  readonly what: string;
  readonly name: 'store.db' | 'journal.db';
  readonly migrations: readonly Migration[];
}

export const DATA_FILES: readonly DataFile[] = [
  { what: 'store', name: 'store.db', migrations: STORE_MIGRATIONS },
  { what: 'journal', name: 'journal.db', migrations: JOURNAL_MIGRATIONS },
];

const CACHE_BYTES = 2 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;

/** Reads from a file that a running hub may be writing; undefined when it is not there. Changes nothing. */
export function inspectFile<Result>(
  dataPath: string,
  { name }: Pick<DataFile, 'name'>,
  look: (sql: Sql) => Result,
): Result | undefined {
  const path = join(dataPath, name);
  if (!existsSync(path)) return undefined;
  const sql = openSql(path, { mode: 'read', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    return look(sql);
  } finally {
    sql.close();
  }
}

/** The schema on disk; undefined when there is no file. */
export function schemaOf(dataPath: string, file: DataFile): number | undefined {
  return inspectFile(dataPath, file, readSchemaVersion);
}

/** The newest schemas that this program knows. */
export const KNOWN_SCHEMAS = {
  'store.db': newest(STORE_MIGRATIONS),
  'journal.db': newest(JOURNAL_MIGRATIONS),
} as const;
