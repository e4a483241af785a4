import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import test from 'node:test';
import type { Migration } from '../../lib/sqlite-migrations.ts';
import { storeSuite } from '../store.suite.ts';
import { sampleAlert, sampleChange, sampleDelivery } from '../suite/samples.ts';
import { STORE_MIGRATIONS, STORE_SCHEMA } from './migrations/list.ts';
import { openSqliteStoreReader } from './reader.ts';
import { openSqliteStore } from './store.ts';

storeSuite('sqlite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-store-'));
  const path = join(folder, 'store.db');
  return {
    open: (options = {}) => openSqliteStore({ path, ...options }),
    openReader: () => openSqliteStoreReader({ path }),
    breakMedium() {
      const intruder = new DatabaseSync(path);
      intruder.exec('BEGIN IMMEDIATE');
      return () => intruder.close();
    },
    remove: async () => rmSync(folder, { recursive: true }),
  };
});

test('[BR-REL-004] a full disk is reported, and the same commit works when there is room', async (t) => {
  if (spawnSync('prlimit', ['--version']).error) return t.skip('prlimit (util-linux) is not installed');
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-store-'));
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const limitFiles = (bytes: string) =>
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
  t.after(() => limitFiles('unlimited'));
  await store.commit({ alerts: [sampleAlert('a')] });
  const changes = Array.from({ length: 500 }, (_, index) => sampleChange(`a${index}${'x'.repeat(1_000)}`));
  const batch = { positions: [{ partition: 0, from: 0, to: 1 }], changes };
  limitFiles(String(statSync(`${path}-wal`).size + 8_192));
  await assert.rejects(store.commit(batch), { code: 'store_unavailable' });
  await assert.rejects(store.commit(batch), { code: 'store_unavailable' });
  limitFiles('unlimited');
  assert.deepEqual(await store.positions(), []);
  await store.commit(batch);
  assert.deepEqual(await store.positions(), [{ partition: 0, offset: 1 }]);
});

test('a store of an older program is brought forward with its rows', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-store-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'store.db');
  const old = await openSqliteStore({ path });
  await old.commit({ alerts: [sampleAlert('a')], deliveries: [sampleDelivery('d')] });
  await old.close();
  const next: Migration = {
    version: STORE_SCHEMA + 1,
    name: 'a later one',
    up: (sql) => sql.exec('ALTER TABLE alerts ADD COLUMN owner TEXT'),
  };
  const store = await openSqliteStore({ path, migrations: [...STORE_MIGRATIONS, next] });
  assert.deepEqual(await store.alerts([{ tenant: 'default', fingerprint: 'a' }]), [sampleAlert('a')]);
  assert.deepEqual(await store.deliveries(['d']), [sampleDelivery('d')]);
  await store.close();
  assert.equal(readdirSync(join(folder, 'backups')).length, 1);
  await assert.rejects(openSqliteStore({ path }), { code: 'schema_too_new' });
});
