import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openSql, type SqlOptions } from '../lib/sqlite.ts';
import { assertKnown, readSchemaVersion, SchemaTooNew } from '../lib/sqlite-migrations.ts';
import { STORE_MIGRATIONS } from '../store/postgres/migrations/list.ts';
import type { Sql } from '../store/postgres/sql.ts';
import { STORE_SCHEMA } from '../store/sqlite/migrations/list.ts';
import { readPostgres } from './postgres-dump.ts';
import { assertNobodyWorks, beginSnapshot, withSession } from './postgres-session.ts';
import { readSqlite } from './sqlite-dump.ts';
import type { Dump } from './dump.ts';
import { MoveError } from './move-error.ts';
import { movedTo } from './note.ts';
import { labelOf, type Place } from './place.ts';

/** A store that is read. */
export interface SourceStore {
  readonly dump: Dump;
  /** Fails with `in_use` when somebody has begun to work since. */
  assertUnused(): Promise<void>;
  /** No hub starts on it any more; the message says where everything went. */
  retire(label: string): Promise<void>;
}

/** `still`: nobody may use it. `running`: a hub may. `backup`: files that nobody ever uses. */
export type SourceUse = 'still' | 'running' | 'backup';

const SQLITE: Omit<SqlOptions, 'mode'> = { cacheBytes: 16 * 1024 * 1024, busyTimeoutMs: 5_000 };
const POSTGRES_SCHEMA = STORE_MIGRATIONS.at(-1)!.version;
const IS_STORE = `SELECT to_regclass('schema_versions') IS NOT NULL AS found`;
const FOUND_SCHEMA = 'SELECT coalesce(max(version), 0) AS version FROM schema_versions';
const RETIRE = `UPDATE meta SET value = $1 WHERE name = 'cluster'`;

export function withSourceStore<Result>(
  place: Place,
  use: SourceUse,
  work: (store: SourceStore) => Promise<Result>,
): Promise<Result> {
  return place.url === undefined ? withFile(place, work) : withDatabase(place.url, place, use, work);
}

async function withFile<Result>(
  place: Place,
  work: (store: SourceStore) => Promise<Result>,
): Promise<Result> {
  const path = join(place.path, 'store.db');
  if (!existsSync(path)) throw new MoveError('nothing_to_move', `${path} is not there: nothing to move`);
  const sql = openSql(path, { ...SQLITE, mode: 'read' });
  try {
    const schema = readSchemaVersion(sql);
    assertKnown(path, 'store', schema, STORE_SCHEMA);
    if (schema < STORE_SCHEMA) throw tooOld(path, schema, STORE_SCHEMA, 'signalbox migrate --data DIR');
    return await work({
      dump: readSqlite(sql),
      assertUnused: () => Promise.resolve(),
      async retire(label) {
        const writer = openSql(path, { ...SQLITE, mode: 'write' });
        try {
          writer.run(`UPDATE meta SET value = ? WHERE name = 'cluster'`, movedTo(label));
        } finally {
          writer.close();
        }
      },
    });
  } finally {
    sql.close();
  }
}

async function withDatabase<Result>(
  url: string,
  place: Place,
  use: SourceUse,
  work: (store: SourceStore) => Promise<Result>,
): Promise<Result> {
  return withSession(url, async (sql, connections) => {
    await checkSchema(sql, labelOf(place));
    await beginSnapshot(sql, { exclusive: use === 'still' });
    const assertUnused = (): Promise<void> =>
      use === 'still' ? connections.use(assertNobodyWorks) : Promise.resolve();
    await assertUnused();
    const result = await work({
      dump: readPostgres(sql),
      assertUnused,
      retire: async (label) => void (await sql.run(RETIRE, movedTo(label))),
    });
    await sql.exec('COMMIT');
    return result;
  });
}

async function checkSchema(sql: Sql, label: string): Promise<void> {
  const { found } = (await sql.get<{ found: boolean }>(IS_STORE))!;
  if (!found) throw new MoveError('nothing_to_move', `${label} has no store of Signalbox: nothing to move`);
  const { version } = (await sql.get<{ version: number }>(FOUND_SCHEMA))!;
  if (version > POSTGRES_SCHEMA) {
    throw new SchemaTooNew(
      `${label} has store schema ${version}, and this program knows only up to ${POSTGRES_SCHEMA}. Use the newer program that wrote it`,
    );
  }
  if (version < POSTGRES_SCHEMA) throw tooOld(label, version, POSTGRES_SCHEMA, 'a start of the hub');
}

function tooOld(what: string, found: number, known: number, remedy: string): MoveError {
  return new MoveError(
    'schema_too_old',
    `${what} has store schema ${found}, and this program moves ${known}; ${remedy} brings it there first`,
  );
}
