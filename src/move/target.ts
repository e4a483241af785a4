import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openSqliteJournal } from '../journal/sqlite/journal.ts';
import type { Journal } from '../journal/port.ts';
import { createIds } from '../lib/id.ts';
import { openSql } from '../lib/sqlite.ts';
import { migrateFile } from '../lib/sqlite-migrations.ts';
import { acquireLock } from '../store/lock.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { STORE_MIGRATIONS } from '../store/sqlite/migrations/list.ts';
import type { WritableDump } from './dump.ts';
import { openSharedJournal } from './open-shared-journal.ts';
import { usesFolder, type Place } from './place.ts';
import { dumpPostgres } from './postgres-dump.ts';
import { assertNobodyWorks, lockDatabase, withSession } from './postgres-session.ts';
import { dumpSqlite } from './sqlite-dump.ts';

export interface Target {
  readonly dump: WritableDump;
  readonly journal: Journal;
}

const CACHE_BYTES = 16 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 5_000;

/** Opens what is to be filled, with the newest schema; makes folder, files, tables and topics that are not there. */
export async function withTarget<Result>(
  place: Place,
  now: () => number,
  work: (target: Target) => Promise<Result>,
): Promise<Result> {
  if (usesFolder(place)) mkdirSync(place.path, { recursive: true, mode: 0o750 });
  const lock = usesFolder(place) ? acquireLock(place.path, 'a move') : undefined;
  try {
    return await withTargetStore(place, now, async (dump) => {
      const journal = await openJournal(place, now);
      try {
        return await work({ dump, journal });
      } finally {
        await journal.close();
      }
    });
  } finally {
    lock?.release();
  }
}

async function withTargetStore<Result>(
  place: Place,
  now: () => number,
  work: (dump: WritableDump) => Promise<Result>,
): Promise<Result> {
  const { url } = place;
  if (url !== undefined) {
    return withSession(url, async (sql) => {
      await lockDatabase(sql);
      await (await openPostgresStore({ url, now })).close();
      await assertNobodyWorks(sql);
      return work(dumpPostgres(sql, now()));
    });
  }
  const path = join(place.path, 'store.db');
  await migrateFile({ path, what: 'store', migrations: STORE_MIGRATIONS, now: now() });
  const sql = openSql(path, { mode: 'write', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS });
  try {
    return await work(dumpSqlite(sql));
  } finally {
    sql.close();
  }
}

/** No cap counts here: what was acknowledged once must fit. */
async function openJournal(place: Place, now: () => number): Promise<Journal> {
  if (place.journalUrl !== undefined) return openSharedJournal(place.journalUrl, now);
  const path = join(place.path, 'journal.db');
  return openSqliteJournal({ path, maxBytes: Number.MAX_SAFE_INTEGER, newId: createIds(now), now });
}
