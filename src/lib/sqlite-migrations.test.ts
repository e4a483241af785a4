import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { migrateFile, readSchemaVersion, type Migration } from './sqlite-migrations.ts';
import { openSql } from './sqlite.ts';

const OPTIONS = { mode: 'write', cacheBytes: 1_000_000, busyTimeoutMs: 100 } as const;
const first: Migration = {
  version: 1,
  name: 'first',
  up: (sql) => sql.exec('CREATE TABLE things (a TEXT NOT NULL) STRICT'),
};
const second: Migration = {
  version: 2,
  name: 'second',
  up: (sql) =>
    sql.exec(`ALTER TABLE things ADD COLUMN b TEXT NOT NULL DEFAULT 'x'; UPDATE things SET b = a || '!'`),
};
const broken: Migration = {
  version: 2,
  name: 'broken',
  up: (sql) => sql.exec('DELETE FROM things; SELECT * FROM nowhere'),
};

function createFile(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-migrations-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'things.db');
  return {
    backups: join(folder, 'backups'),
    migrate: (...migrations: Migration[]) => migrateFile({ path, what: 'things', migrations, now: 0 }),
    ask<Row>(sql: string, file = path): Row[] {
      const opened = openSql(file, OPTIONS);
      try {
        return opened.all<Row>(sql);
      } finally {
        opened.close();
      }
    },
    version: () => {
      const opened = openSql(path, OPTIONS);
      try {
        return readSchemaVersion(opened);
      } finally {
        opened.close();
      }
    },
  };
}

test('[HNP-090] [HNP-093] a filled file goes forward with its rows, and a copy of it as it was is kept', async (t) => {
  const file = createFile(t);
  await file.migrate(first);
  file.ask(`INSERT INTO things VALUES ('one')`);
  await file.migrate(first, second);
  assert.equal(file.version(), 2);
  assert.deepEqual(
    file.ask<{ a: string; b: string }>('SELECT * FROM things').map((row) => ({ ...row })),
    [{ a: 'one', b: 'one!' }],
  );
  const copies = readdirSync(file.backups);
  assert.deepEqual(copies, ['things-schema-1-19700101T000000000Z.db']);
  const kept = file.ask<{ a: string }>('SELECT * FROM things', join(file.backups, copies[0]!));
  assert.deepEqual({ ...kept[0] }, { a: 'one' });
});

test('a file that is up to date, and a new one, need no copy', async (t) => {
  const file = createFile(t);
  await file.migrate(first, second);
  await file.migrate(first, second);
  assert.equal(file.version(), 2);
  assert.throws(() => readdirSync(file.backups), { code: 'ENOENT' });
});

test('a step that fails changes nothing', async (t) => {
  const file = createFile(t);
  await file.migrate(first);
  file.ask(`INSERT INTO things VALUES ('one')`);
  await assert.rejects(file.migrate(first, broken), /nowhere/);
  assert.equal(file.version(), 1);
  assert.equal(file.ask('SELECT * FROM things').length, 1);
});

test('a schema newer than the program is refused, and both versions are named', async (t) => {
  const file = createFile(t);
  await file.migrate(first, second);
  await assert.rejects(file.migrate(first), {
    code: 'schema_too_new',
    message: /schema 2, and this program knows only up to 1/,
  });
});
