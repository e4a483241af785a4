import { mkdir, readdir, rm, stat, writeFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { openSql } from '../lib/sqlite.ts';
import { readSchemaVersion } from '../lib/sqlite-migrations.ts';
import { LOCK_FILE } from '../store/lock.ts';
import {
  BACKUP_FILES,
  BACKUP_FORMAT,
  BadBackup,
  MANIFEST_FILE,
  hashFile,
  type BackupFile,
  type Manifest,
  type ManifestFile,
} from '../store/manifest.ts';
import { readSqlite } from './sqlite-dump.ts';
import type { Comparison } from './compare.ts';
import { moveInstallation } from './move.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';

export interface ClusterBackupOptions {
  readonly from: Place;
  /** A folder that is not there yet or is empty. */
  readonly to: string;
  readonly now: () => number;
  readonly onProgress?: OnProgress;
}

/**
 * Backs up an installation on servers, also while its nodes run: one moment of the store, and the records that were unprocessed then. The
 * result is the backup of an embedded installation, so it can be restored to either kind, and looked into with any SQLite tool.
 */
export async function backupCluster({ from, to, now, onProgress }: ClusterBackupOptions): Promise<Manifest> {
  await assertEmpty(to);
  await mkdir(to, { recursive: true });
  const { compared } = await moveInstallation({
    from,
    to: { path: to },
    use: 'running',
    retire: false,
    now,
    ...(onProgress && { onProgress }),
  });
  for (const name of [LOCK_FILE, `${LOCK_FILE}-journal`]) await rm(join(to, name), { force: true });
  const files = Object.fromEntries(
    await Promise.all(BACKUP_FILES.map(async (name) => [name, await describe(to, name)] as const)),
  ) as Record<BackupFile, ManifestFile>;
  const manifest: Manifest = {
    format: BACKUP_FORMAT,
    createdAt: new Date(now()).toISOString(),
    ...(await readIdentity(to)),
    files,
    counts: countsOf(compared),
  };
  const path = join(to, MANIFEST_FILE);
  await writeFile(`${path}.new`, `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
  await rename(`${path}.new`, path);
  return manifest;
}

/** Makes the file whole by itself: out of WAL mode, reading it changes nothing and needs no other file. */
async function describe(folder: string, name: BackupFile): Promise<ManifestFile> {
  const path = join(folder, name);
  const sql = openSql(path, { mode: 'write', cacheBytes: 2 * 1024 * 1024, busyTimeoutMs: 5_000 });
  let schema: number;
  try {
    sql.exec('PRAGMA journal_mode = DELETE');
    schema = readSchemaVersion(sql);
  } finally {
    sql.close();
  }
  return { schema, bytes: (await stat(path)).size, sha256: await hashFile(path) };
}

async function readIdentity(folder: string): Promise<Pick<Manifest, 'cluster' | 'generation'>> {
  const sql = openSql(join(folder, 'store.db'), {
    mode: 'read',
    cacheBytes: 1024 * 1024,
    busyTimeoutMs: 5_000,
  });
  try {
    return (await readSqlite(sql).identity())!;
  } finally {
    sql.close();
  }
}

const COUNTED = ['records', 'alerts', 'groups', 'notifications', 'deliveries', 'receipts', 'quarantine'];

function countsOf(compared: Comparison): Manifest['counts'] {
  return Object.fromEntries(COUNTED.map((what) => [what, compared[what]?.rows ?? 0]));
}

async function assertEmpty(folder: string): Promise<void> {
  const found = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) throw new BadBackup(`${folder} is not empty; name a new folder`);
}
