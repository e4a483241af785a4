import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Sql } from '../../lib/sqlite.ts';
import { newest, readSchemaVersion } from '../../lib/sqlite-migrations.ts';
import { acquireLock, DataLocked } from '../../store/lock.ts';
import { bytesText } from '../bytes-text.ts';
import { DATA_FILES, inspectFile, type DataFile } from '../data-files.ts';
import { failed, ok, warning, type Check, type CheckResult } from './check-result.ts';

/** Below this the disk is as good as full: a write-ahead log alone may take 64 MiB. */
const TOO_LITTLE_BYTES = 128 * 1024 * 1024;
const LITTLE_BYTES = 1024 * 1024 * 1024;
const CLOCK_SLACK_MS = 60_000;

/** Everything about the data folder. Nothing is changed; a folder that is not there yet is fine, the first start makes it. */
export function dataChecks(dataPath: string, now: number): Readonly<Record<string, Check>> {
  const isThere = existsSync(dataPath);
  return {
    data_folder: () => checkFolder(dataPath),
    free_space: () => checkSpace(dataPath),
    lock: () => (isThere ? checkLock(dataPath) : undefined),
    ...Object.fromEntries(DATA_FILES.map((file) => [file.what, () => checkFile(dataPath, file)])),
    clock: () => checkClock(dataPath, now),
  };
}

function checkFolder(dataPath: string): CheckResult {
  const folder = nearest(dataPath);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch {
    return failed(
      `${folder} can’t be written by this user`,
      `give the hub’s user write access to ${dataPath}`,
    );
  }
  if (folder !== resolve(dataPath)) return ok(`${dataPath} is not there yet; the first start makes it`);
  if (!statSync(folder).isDirectory())
    return failed(`${dataPath} is no folder`, 'name another one with --data');
  return ok(`${dataPath} can be written`);
}

async function checkSpace(dataPath: string): Promise<CheckResult> {
  const { bavail, bsize } = await statfs(nearest(dataPath));
  const free = bavail * bsize;
  const detail = `${bytesText(free)} free`;
  if (free < TOO_LITTLE_BYTES)
    return failed(detail, 'free space; until then signals may be answered with 503');
  if (free < LITTLE_BYTES)
    return warning(detail, 'free space, or lower storage.retention and journal.max_bytes');
  return ok(detail);
}

function checkLock(dataPath: string): CheckResult {
  try {
    acquireLock(dataPath, 'signalbox doctor').release();
    return ok('nobody works on the data folder');
  } catch (error) {
    if (!(error instanceof DataLocked)) throw error;
    return ok(error.message.replace(/:.*$/s, ''));
  }
}

function checkFile(dataPath: string, file: DataFile): CheckResult {
  const path = join(dataPath, file.name);
  const found = inspectFile(dataPath, file, (sql) => ({
    damage: findDamage(sql),
    schema: readSchemaVersion(sql),
  }));
  if (!found) return ok(`${path} is not there yet; the first start makes it`);
  if (found.damage !== undefined) {
    return failed(
      `${path} is damaged: ${found.damage}`,
      'stop the hub and restore a backup: signalbox restore --help',
    );
  }
  const known = newest(file.migrations);
  if (found.schema > known) {
    return failed(
      `${path} has schema ${found.schema}, this version knows ${known}`,
      'start the newer version that wrote it',
    );
  }
  const size = bytesText(statSync(path).size);
  if (found.schema < known) {
    return warning(
      `${path} has schema ${found.schema} of ${known}`,
      'the next start migrates it; see signalbox migrate --dry-run',
    );
  }
  return ok(`${path} is whole, schema ${found.schema}, ${size}`);
}

/** SQLite's own check of the file's structure; the first problem, or undefined. */
function findDamage(sql: Sql): string | undefined {
  const answer = sql.get<{ quick_check: string }>('PRAGMA quick_check(1)')?.quick_check;
  return answer === 'ok' ? undefined : (answer ?? 'no answer');
}

function checkClock(dataPath: string, now: number): CheckResult {
  const times = DATA_FILES.map(({ name }) => join(dataPath, name))
    .filter((path) => existsSync(path))
    .map((path) => statSync(path).mtimeMs);
  const ahead = Math.max(0, ...times) - now;
  const shown = new Date(now).toISOString();
  if (ahead > CLOCK_SLACK_MS) {
    return warning(
      `it is ${shown}, and the data was written ${Math.round(ahead / 1000)} s in the future`,
      'the clock went back: check the time synchronisation of this machine',
    );
  }
  return ok(shown);
}

/** The folder, or the nearest one above it that exists. */
function nearest(path: string): string {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
