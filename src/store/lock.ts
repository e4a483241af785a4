import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isMediumTrouble } from '../lib/sqlite.ts';

/** Another server works on the data folder. */
export class DataLocked extends Error {
  readonly code = 'data_locked';
}

export interface DataLock {
  /** May be called twice. */
  release(): void;
}

export const LOCK_FILE = 'lock.db';

const BUSY = 5;

/**
 * Keeps a second server off the data folder. The lock is SQLite's write lock on a file of its own, which the kernel drops when the process
 * ends, however it ends; a file with a process number would have to guess after a `kill -9` whether that number is still the same process.
 * It needs a local disk, as the databases do: locks of network file systems can't be relied on. Nothing else may open the file in
 * this process, because POSIX drops all locks of a process on a file when any of its handles is closed.
 *
 * @param holder who is named to the next one who tries, e.g. `process 4711`.
 */
export function acquireLock(dataPath: string, holder = `process ${process.pid}`): DataLock {
  mkdirSync(dataPath, { recursive: true });
  const path = join(dataPath, LOCK_FILE);
  const database = new DatabaseSync(path);
  try {
    database.exec('BEGIN IMMEDIATE');
    database.exec('CREATE TABLE IF NOT EXISTS holder (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT');
    database
      .prepare('INSERT INTO holder VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET name = excluded.name')
      .run(holder);
    // Committed for others to read, and locked again at once. Whoever gets in between wins, and this one is refused.
    database.exec('COMMIT; BEGIN IMMEDIATE');
  } catch (error) {
    const other = isBusy(error) ? readHolder(database) : undefined;
    database.close();
    if (other === undefined) throw error;
    throw new DataLocked(
      `${dataPath} is in use by ${other}: stop that server first, or give this one another data folder`,
      { cause: error },
    );
  }
  return {
    release() {
      if (database.isOpen) database.close();
    },
  };
}

function isBusy(error: unknown): boolean {
  return isMediumTrouble(error) && (error.errcode & 0xff) === BUSY;
}

function readHolder(database: DatabaseSync): string {
  try {
    const row = database.prepare('SELECT name FROM holder WHERE id = 1').get();
    return typeof row?.name === 'string' ? row.name : 'another process';
  } catch (error) {
    // The other one is just writing its name; that it is there is what matters.
    if (error instanceof Error && 'errcode' in error) return 'another process';
    throw error;
  }
}
