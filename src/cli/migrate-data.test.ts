import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSqliteJournal } from '../journal/sqlite/journal.ts';
import { acquireLock } from '../store/lock.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { DATA_FILES, inspectFile, schemaOf } from './data-files.ts';
import { migrateData, planMigration } from './migrate-data.ts';
import { temporaryFolder } from './testing/run-cli.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

/** A data folder of this version. */
async function makeData(folder: string): Promise<string> {
  const dataPath = join(folder, 'data');
  const journal = await openSqliteJournal({
    path: join(dataPath, 'journal.db'),
    maxBytes: 1e8,
    newId: () => 'id',
  });
  await journal.close();
  await (await openSqliteStore({ path: join(dataPath, 'store.db') })).close();
  return dataPath;
}

/** The files as a later version knows them: the store has one step more. */
const LATER = DATA_FILES.map((file) => ({
  ...file,
  migrations:
    file.what === 'store'
      ? [
          ...file.migrations,
          {
            version: file.migrations.length + 1,
            name: 'colours',
            up: (sql: { exec(text: string): void }) => sql.exec('CREATE TABLE colours (id TEXT) STRICT'),
          },
        ]
      : file.migrations,
}));

test('[HNP-090] an older data folder is brought to the newest schema, with a copy of the former file', async (t) => {
  const dataPath = await makeData(await temporaryFolder(t));
  const [before] = DATA_FILES.map((file) => schemaOf(dataPath, file));

  const planned = planMigration(dataPath, LATER);
  assert.deepEqual(
    planned.map(({ steps }) => steps),
    [['colours'], []],
  );
  assert.equal(schemaOf(dataPath, DATA_FILES[0]!), before, 'a plan changes nothing');

  const [store, journal] = await migrateData(dataPath, LATER, NOW);
  assert.equal(schemaOf(dataPath, LATER[0]!), before! + 1);
  assert.equal(
    inspectFile(dataPath, LATER[0]!, (sql) => sql.all('SELECT * FROM colours').length),
    0,
  );
  assert.ok(store?.backup !== undefined && existsSync(store.backup));
  assert.equal(journal?.backup, undefined);

  const again = await migrateData(dataPath, LATER, NOW);
  assert.deepEqual(
    again.map(({ steps }) => steps),
    [[], []],
  );
});

test('a data folder that a newer version wrote is refused and left alone', async (t) => {
  const dataPath = await makeData(await temporaryFolder(t));
  await migrateData(dataPath, LATER, NOW);
  await assert.rejects(migrateData(dataPath, DATA_FILES, NOW), { code: 'schema_too_new' });
  assert.throws(() => planMigration(dataPath, DATA_FILES), { code: 'schema_too_new' });
  assert.equal(schemaOf(dataPath, LATER[0]!), LATER[0]!.migrations.length);
});

test('a data folder that is in use is not migrated', async (t) => {
  const dataPath = await makeData(await temporaryFolder(t));
  const lock = acquireLock(dataPath, 'another hub');
  t.after(() => lock.release());
  await assert.rejects(migrateData(dataPath, LATER, NOW), /in use by another hub/);
});
