import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { backup } from 'node:sqlite';
import { openSql, type Sql } from './sqlite.ts';

/** One step forward. Steps are never changed after a release; a mistake is corrected by the next one. */
export interface Migration {
  /** From 1, without gaps. */
  readonly version: number;
  readonly name: string;
  /** Runs inside a transaction together with the record that it ran. */
  readonly up: (sql: Sql) => void;
}

/** The file was written by a newer program, which may mean things that this one would destroy. */
export class SchemaTooNew extends Error {
  readonly code = 'schema_too_new';
}

const BUSY_TIMEOUT_MS = 5_000;
const CACHE_BYTES = 16 * 1024 * 1024;

/**
 * Brings a file to the newest schema, creating it when it is not there. A file with an older schema is copied into `backups` first,
 * as `<what>-schema-<version>-<time>.db`; each step commits by itself, so that an interrupted run goes on where it stopped.
 */
export async function migrateFile(options: {
  readonly path: string;
  /** `store` or `journal`, for messages and the name of the copy. */
  readonly what: string;
  readonly migrations: readonly Migration[];
  readonly now: number;
  readonly backups?: string;
  /** Of a file that is made now. */
  readonly pageBytes?: number;
}): Promise<void> {
  const { path, what, migrations } = options;
  mkdirSync(dirname(path), { recursive: true });
  const sql = openSql(path, {
    mode: 'write',
    cacheBytes: CACHE_BYTES,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
    ...(options.pageBytes === undefined ? {} : { pageBytes: options.pageBytes }),
  });
  try {
    const found = readSchemaVersion(sql);
    assertKnown(path, what, found, newest(migrations));
    if (found === newest(migrations)) return;
    if (found > 0) {
      const folder = options.backups ?? join(dirname(path), 'backups');
      mkdirSync(folder, { recursive: true });
      const stamp = new Date(options.now).toISOString().replaceAll(/[-:.]/g, '');
      await backup(sql.database, join(folder, `${what}-schema-${found}-${stamp}.db`));
    }
    for (const step of migrations) if (step.version > found) apply(sql, step, options.now);
  } finally {
    sql.close();
  }
}

/** 0 for a file without a schema. */
export function readSchemaVersion(sql: Sql): number {
  const table = sql.get(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_versions'`);
  if (!table) return 0;
  return sql.get<{ version: number }>('SELECT coalesce(max(version), 0) AS version FROM schema_versions')!
    .version;
}

/** Refuses what a newer program wrote. */
export function assertKnown(path: string, what: string, found: number, known: number): void {
  if (found <= known) return;
  throw new SchemaTooNew(
    `${path} has ${what} schema ${found}, and this program knows only up to ${known}. ` +
      `Start the newer program that wrote it, or restore a backup that was taken before the upgrade.`,
  );
}

export function newest(migrations: readonly Migration[]): number {
  return migrations.at(-1)?.version ?? 0;
}

function apply(sql: Sql, step: Migration, now: number): void {
  sql.transaction(() => {
    sql.exec(`CREATE TABLE IF NOT EXISTS schema_versions (
      version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT`);
    step.up(sql);
    sql.run('INSERT INTO schema_versions VALUES (?, ?, ?)', step.version, step.name, now);
  });
}
