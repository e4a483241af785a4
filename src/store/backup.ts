import { mkdir, readdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backup as copyDatabase } from 'node:sqlite';
import { openSql, type Sql } from '../lib/sqlite.ts';
import { readSchemaVersion } from '../lib/sqlite-migrations.ts';
import {
  BACKUP_FILES,
  BACKUP_FORMAT,
  BadBackup,
  MANIFEST_FILE,
  hashFile,
  type BackupFile,
  type Manifest,
  type ManifestFile,
} from './manifest.ts';

export interface BackupOptions {
  readonly dataPath: string;
  /** A folder that is not there yet or is empty. */
  readonly to: string;
  readonly onProgress?: (progress: BackupProgress) => void;
  readonly now?: () => number;
}

export interface BackupProgress {
  readonly file: BackupFile;
  readonly pagesDone: number;
  readonly pages: number;
}

const CACHE_BYTES = 2 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;
const PAGES_PER_STEP = 500;

/**
 * Copies store and journal while a server may be running. The store goes first: the journal then holds everything from the store's position
 * on, and a restored hub processes again what came between. Resolves with the manifest, which is on disk only when all is whole.
 */
export async function backup(options: BackupOptions): Promise<Manifest> {
  const { dataPath, to, now = Date.now } = options;
  await assertEmpty(to);
  await mkdir(to, { recursive: true });
  for (const file of BACKUP_FILES) await copyFile(file, options);
  const store = openCopy(to, 'store.db');
  const journal = openCopy(to, 'journal.db');
  try {
    assertWhole(to, store, journal);
    const manifest: Manifest = {
      format: BACKUP_FORMAT,
      createdAt: new Date(now()).toISOString(),
      cluster: readMeta(journal, 'cluster'),
      generation: readMeta(journal, 'generation'),
      files: {
        'store.db': await describe(to, store, 'store.db'),
        'journal.db': await describe(to, journal, 'journal.db'),
      },
      counts: countRows(store, journal),
    };
    if (
      readMeta(store, 'cluster') !== manifest.cluster ||
      readMeta(store, 'generation') !== manifest.generation
    ) {
      throw new BadBackup(
        `${dataPath} holds a store and a journal that don't belong together; start the server for details`,
      );
    }
    const path = join(to, MANIFEST_FILE);
    await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    await rename(`${path}.new`, path);
    return manifest;
  } finally {
    store.close();
    journal.close();
  }
}

/**
 * The open read transaction pins one state of the file. Without it the copy would begin anew whenever the server commits, and never
 * come to an end under load.
 */
async function copyFile(file: BackupFile, options: BackupOptions): Promise<void> {
  const path = join(options.dataPath, file);
  if (!(await stat(path).catch(() => undefined)))
    throw new BadBackup(`${path} is not there: nothing to back up`);
  const source = openSql(path, { mode: 'read', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    source.exec('BEGIN');
    source.get('SELECT count(*) FROM sqlite_schema');
    const pages = await copyDatabase(source.database, join(options.to, file), {
      rate: PAGES_PER_STEP,
      progress: ({ totalPages, remainingPages }) =>
        options.onProgress?.({ file, pages: totalPages, pagesDone: totalPages - remainingPages }),
    });
    options.onProgress?.({ file, pages, pagesDone: pages });
  } finally {
    source.close();
  }
}

function openCopy(folder: string, file: BackupFile): Sql {
  const sql = openSql(join(folder, file), {
    mode: 'write',
    cacheBytes: CACHE_BYTES,
    busyTimeoutMs: BUSY_TIMEOUT_MS,
  });
  // Out of WAL mode the copy is one file, and reading it changes nothing.
  sql.exec('PRAGMA journal_mode = DELETE');
  return sql;
}

function assertWhole(folder: string, store: Sql, journal: Sql): void {
  for (const [file, sql] of [
    ['store.db', store],
    ['journal.db', journal],
  ] as const) {
    const { quick_check: answer } = sql.get<{ quick_check: string }>('PRAGMA quick_check(1)')!;
    if (answer !== 'ok')
      throw new BadBackup(`${join(folder, file)} is damaged, and so is what it was copied from: ${answer}`);
  }
  const positions = sqlPositions(store);
  for (const { partition, floor } of journal.all<{ partition: number; floor: number }>(
    'SELECT partition, floor FROM floors',
  )) {
    if (floor <= (positions.get(partition) ?? 0)) continue;
    throw new BadBackup(
      'Between the copies of store and journal the journal was trimmed too far; take the backup again',
    );
  }
}

function sqlPositions(store: Sql): ReadonlyMap<number, number> {
  const rows = store.all<{ partition: number; next: number }>('SELECT partition, next FROM positions');
  return new Map(rows.map(({ partition, next }) => [partition, next]));
}

async function describe(folder: string, sql: Sql, file: BackupFile): Promise<ManifestFile> {
  const path = join(folder, file);
  return { schema: readSchemaVersion(sql), bytes: (await stat(path)).size, sha256: await hashFile(path) };
}

function countRows(store: Sql, journal: Sql): Manifest['counts'] {
  const count = (sql: Sql, table: string) =>
    sql.get<{ count: number }>(`SELECT count(*) AS count FROM ${table}`)!.count;
  return {
    records: count(journal, 'records'),
    alerts: count(store, 'alerts'),
    groups: count(store, 'groups'),
    notifications: count(store, 'notifications'),
    deliveries: count(store, 'deliveries'),
    receipts: count(store, 'receipts'),
    quarantine: count(store, 'quarantine'),
  };
}

function readMeta(sql: Sql, name: string): string {
  return sql.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', name)?.value ?? '';
}

async function assertEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw new BadBackup(`${folder} is not empty; name a new folder`);
}
