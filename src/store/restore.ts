import { copyFile, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createIds } from '../lib/id.ts';
import { openSql } from '../lib/sqlite.ts';
import { assertKnown } from '../lib/sqlite-migrations.ts';
import { LOCK_FILE, acquireLock } from './lock.ts';
import { BACKUP_FILES, BadBackup, verifyBackup, type BackupFile, type Manifest } from './manifest.ts';

export interface RestoreOptions {
  /** The folder that a backup made. */
  readonly from: string;
  readonly dataPath: string;
  /** The newest schemas that this program knows. */
  readonly schemas: Readonly<Record<BackupFile, number>>;
  /** Default `refuse`: a data folder that holds anything is left alone. `replace` moves what is there into `backups/`. */
  readonly existing?: 'refuse' | 'replace';
  readonly now?: () => number;
}

const CACHE_BYTES = 2 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;
const DATABASE_FILES = BACKUP_FILES.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]);

/**
 * Puts a backup into a data folder and raises the journal's generation in both files, so that neither goes together with what was there
 * before. The journal comes last: a restore that was interrupted leaves a store without its journal, which refuses to start.
 */
export async function restore(options: RestoreOptions): Promise<Manifest> {
  const { from, dataPath, now = Date.now } = options;
  const manifest = await verifyBackup(from);
  for (const name of BACKUP_FILES)
    assertKnown(join(from, name), name, manifest.files[name].schema, options.schemas[name]);
  await mkdir(dataPath, { recursive: true });
  const lock = acquireLock(dataPath, 'a restore');
  try {
    await clear(dataPath, options.existing ?? 'refuse', now());
    const generation = createIds(now)();
    for (const name of BACKUP_FILES) {
      const path = join(dataPath, `${name}.restoring`);
      // A log left by an interrupted restore would be taken for this copy's own.
      for (const end of ['', '-wal', '-shm']) await rm(`${path}${end}`, { force: true });
      await copyFile(join(from, name), path);
      raiseGeneration(path, name, manifest, generation);
    }
    for (const name of BACKUP_FILES) await rename(join(dataPath, `${name}.restoring`), join(dataPath, name));
    await syncFolder(dataPath);
    return { ...manifest, generation };
  } finally {
    lock.release();
  }
}

function raiseGeneration(path: string, name: BackupFile, manifest: Manifest, generation: string): void {
  const sql = openSql(path, { mode: 'write', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    const read = (key: string) =>
      sql.get<{ value: string }>('SELECT value FROM meta WHERE name = ?', key)?.value;
    if (read('cluster') !== manifest.cluster || read('generation') !== manifest.generation) {
      throw new BadBackup(`The manifest speaks of another cluster or generation than ${name} does`);
    }
    sql.run(`UPDATE meta SET value = ? WHERE name = 'generation'`, generation);
  } finally {
    // Closing the only connection folds the write-ahead log into the file.
    sql.close();
  }
}

async function clear(dataPath: string, existing: 'refuse' | 'replace', now: number): Promise<void> {
  const kept = new Set([LOCK_FILE, `${LOCK_FILE}-journal`, 'backups']);
  const found = (await readdir(dataPath)).filter((name) => !kept.has(name));
  if (found.length === 0) return;
  if (existing === 'refuse') {
    throw new BadBackup(
      `${dataPath} is not empty (${found.toSorted().slice(0, 3).join(', ')} …); name another folder, or say that it may be replaced`,
    );
  }
  const aside = join(
    dataPath,
    'backups',
    `before-restore-${new Date(now).toISOString().replaceAll(/[-:.]/g, '')}`,
  );
  await mkdir(aside, { recursive: true });
  for (const name of DATABASE_FILES.filter((one) => found.includes(one))) {
    await rename(join(dataPath, name), join(aside, name));
  }
}

/** So that the renames survive a power failure as well. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  await folder.sync().finally(() => folder.close());
}
