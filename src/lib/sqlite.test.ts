import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { isMediumTrouble, openSql } from './sqlite.ts';

const OPTIONS = { cacheBytes: 1_000_000, busyTimeoutMs: 1 } as const;

function open(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-sqlite-'));
  const path = join(folder, 'test.db');
  const sql = openSql(path, { mode: 'write', ...OPTIONS });
  t.after(() => {
    sql.close();
    rmSync(folder, { recursive: true });
  });
  sql.exec('CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT) STRICT');
  return { sql, path };
}

test('a commit waits for the disk', (t) => {
  const { sql } = open(t);
  assert.equal(sql.get<{ journal_mode: string }>('PRAGMA journal_mode')!.journal_mode, 'wal');
  assert.equal(sql.get<{ synchronous: number }>('PRAGMA synchronous')!.synchronous, 2);
});

test('a commit leaves the disk to a caller that says so, and a new file gets the pages that are asked for', (t) => {
  const { path } = open(t);
  const sql = openSql(`${path}-other`, { mode: 'write', ...OPTIONS, synced: 'caller', pageBytes: 16_384 });
  t.after(() => sql.close());
  assert.equal(sql.get<{ synchronous: number }>('PRAGMA synchronous')!.synchronous, 1);
  assert.equal(sql.get<{ page_size: number }>('PRAGMA page_size')!.page_size, 16_384);
});

test('a transaction that throws leaves nothing, and the next one works', (t) => {
  const { sql } = open(t);
  assert.throws(() =>
    sql.transaction(() => {
      sql.run('INSERT INTO t VALUES (?, ?)', 1, 'x');
      throw new Error('no');
    }),
  );
  assert.deepEqual(sql.all('SELECT * FROM t'), []);
  assert.equal(
    sql.transaction(() => sql.run('INSERT INTO t VALUES (?, ?)', 1, 'x')),
    1,
  );
});

test('an object in front is refused, because node would take it for named parameters', (t) => {
  const { sql } = open(t);
  assert.throws(() => sql.run('INSERT INTO t (b) VALUES (?)', new Date(0) as unknown as string), TypeError);
});

test('a read that stops early holds no snapshot', (t) => {
  const { sql, path } = open(t);
  sql.run(`INSERT INTO t VALUES (1, 'x'), (2, 'y')`);
  const reader = openSql(path, { mode: 'read', ...OPTIONS });
  for (const row of reader.each<{ a: number }>('SELECT a FROM t')) if (row.a === 1) break;
  sql.run(`INSERT INTO t VALUES (3, 'z')`);
  assert.equal(reader.get<{ n: number }>('SELECT count(*) AS n FROM t')!.n, 3);
  reader.close();
});

test('trouble with the medium is told from a mistake', (t) => {
  const { sql, path } = open(t);
  const other = openSql(path, { mode: 'write', ...OPTIONS });
  t.after(() => other.close());
  sql.exec('BEGIN IMMEDIATE');
  assert.throws(() => other.transaction(() => undefined), isMediumTrouble);
  sql.exec('ROLLBACK');
  const reader = openSql(path, { mode: 'read', ...OPTIONS });
  t.after(() => reader.close());
  assert.throws(() => reader.run('DELETE FROM t'), isMediumTrouble);
  assert.throws(
    () => sql.run('INSERT INTO nowhere VALUES (1)'),
    (error) => !isMediumTrouble(error),
  );
  assert.equal(isMediumTrouble(new Error('other')), false);
});
