import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type TestContext } from 'node:test';
import { JOURNAL_SCHEMA } from '../journal/sqlite/migrations/list.ts';
import { openSqliteJournal } from '../journal/sqlite/journal.ts';
import { createIds } from '../lib/id.ts';
import { backup } from './backup.ts';
import { acquireLock } from './lock.ts';
import { checkPairing } from './pairing.ts';
import { restore } from './restore.ts';
import { runRetention } from './retention.ts';
import { STORE_SCHEMA } from './sqlite/migrations/list.ts';
import { openSqliteStoreReader } from './sqlite/reader.ts';
import { openSqliteStore } from './sqlite/store.ts';
import { T0, sampleAlert, sampleChange } from './suite/samples.ts';

const newId = createIds(() => Date.now());
const schemas = { 'store.db': STORE_SCHEMA, 'journal.db': JOURNAL_SCHEMA };

async function openHub(dataPath: string) {
  const journal = await openSqliteJournal({ path: join(dataPath, 'journal.db'), maxBytes: 2 ** 40, newId });
  const store = await openSqliteStore({ path: join(dataPath, 'store.db') });
  return {
    journal,
    store,
    close: async () => {
      await store.close();
      await journal.close();
    },
  };
}

/** A hub that has processed three of four records. */
async function createHub(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-backup-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const dataPath = join(folder, 'data');
  const hub = await openHub(dataPath);
  t.after(hub.close);
  await checkPairing(hub.store, hub.journal);
  await hub.journal.append(['a', 'b', 'c', 'd'].map((value) => ({ key: 'k', at: T0, value })));
  await hub.store.commit({ positions: [{ partition: 0, from: 0, to: 3 }], alerts: [sampleAlert('a')] });
  return { ...hub, folder, dataPath, to: join(folder, 'copy') };
}

test('a backup of a running hub is restored with everything in it', async (t) => {
  const hub = await createHub(t);
  const files = new Set<string>();
  const manifest = await backup({
    dataPath: hub.dataPath,
    to: hub.to,
    onProgress: ({ file }) => files.add(file),
    now: () => T0,
  });
  assert.deepEqual(readdirSync(hub.to).toSorted(), ['journal.db', 'manifest.json', 'store.db']);
  assert.deepEqual([...files], ['store.db', 'journal.db']);
  assert.equal(manifest.createdAt, new Date(T0).toISOString());
  assert.deepEqual([manifest.counts.records, manifest.counts.alerts], [4, 1]);

  const dataPath = join(hub.folder, 'restored');
  const restored = await restore({ from: hub.to, dataPath, schemas });
  const again = await openHub(dataPath);
  t.after(again.close);
  assert.deepEqual(await checkPairing(again.store, again.journal), []);
  const before = await hub.journal.identity();
  assert.deepEqual(await again.journal.identity(), {
    cluster: before.cluster,
    generation: restored.generation,
  });
  assert.ok(restored.generation > before.generation);
  assert.deepEqual(await again.store.positions(), [{ partition: 0, offset: 3 }]);
  assert.deepEqual(
    (await again.journal.read(0, 3, 10)).map(({ value }) => value),
    ['d'],
  );
  assert.deepEqual(await again.journal.append([{ key: 'k', at: T0, value: 'e' }]), [
    { partition: 0, offset: 4 },
  ]);
  const reader = await openSqliteStoreReader({ path: join(dataPath, 'store.db') });
  assert.deepEqual(await reader.alert('default', 'a'), sampleAlert('a'));
  await reader.close();
});

test('a backup comes to its end while the hub goes on committing', async (t) => {
  const hub = await createHub(t);
  const changes = Array.from({ length: 5_000 }, (_, index) => sampleChange(`a${index}${'x'.repeat(800)}`));
  await hub.store.commit({ changes });
  let commits = 0;
  const manifest = await backup({
    dataPath: hub.dataPath,
    to: hub.to,
    onProgress() {
      commits++;
      void hub.store.commit({ changes: changes.slice(0, 10), alerts: [sampleAlert(`new${commits}`)] });
    },
  });
  assert.ok(commits > 2);
  assert.equal(manifest.counts.alerts, 1, 'the copy of the store is of one moment');
});

test('store and journal of different backups refuse to start together', async (t) => {
  const hub = await createHub(t);
  await backup({ dataPath: hub.dataPath, to: hub.to });
  const dataPath = join(hub.folder, 'restored');
  await restore({ from: hub.to, dataPath, schemas });
  const foreign = await openSqliteStore({ path: join(dataPath, 'store.db') });
  t.after(() => foreign.close());
  await assert.rejects(checkPairing(foreign, hub.journal), { code: 'store_mismatch' });
});

test('a restore refuses a folder with data until it is told to replace it, and then keeps what was there', async (t) => {
  const hub = await createHub(t);
  await backup({ dataPath: hub.dataPath, to: hub.to });
  await hub.close();
  const options = { from: hub.to, dataPath: hub.dataPath, schemas, now: () => T0 };
  await assert.rejects(restore(options), {
    code: 'bad_backup',
    message: /is not empty \(journal\.db, store\.db/,
  });
  await restore({ ...options, existing: 'replace' });
  const [aside] = readdirSync(join(hub.dataPath, 'backups'));
  assert.match(aside!, /^before-restore-/);
  assert.ok(readdirSync(join(hub.dataPath, 'backups', aside!)).includes('store.db'));
});

test('a restore refuses a folder on which a server runs', async (t) => {
  const hub = await createHub(t);
  await backup({ dataPath: hub.dataPath, to: hub.to });
  const dataPath = join(hub.folder, 'other');
  const lock = acquireLock(dataPath, 'process 7');
  await assert.rejects(restore({ from: hub.to, dataPath, schemas }), { code: 'data_locked' });
  lock.release();
});

test('a restore refuses what is damaged, unfinished, foreign or newer, and touches nothing', async (t) => {
  const hub = await createHub(t);
  await backup({ dataPath: hub.dataPath, to: hub.to });
  const dataPath = join(hub.folder, 'restored');
  const path = join(hub.to, 'manifest.json');
  const whole = readFileSync(path, 'utf8');
  const refuses = (expected: object) =>
    assert.rejects(restore({ from: hub.to, dataPath, schemas }), expected);
  const rewrite = (change: (manifest: Record<string, any>) => void) => {
    const manifest = JSON.parse(whole) as Record<string, any>;
    change(manifest);
    writeFileSync(path, JSON.stringify(manifest));
  };
  rewrite((manifest) => (manifest.format = 2));
  await refuses({ code: 'bad_backup', message: /format 2/ });
  rewrite((manifest) => delete manifest.files['store.db']);
  await refuses({ code: 'bad_backup', message: /does not describe store\.db/ });
  rewrite((manifest) => (manifest.generation = 'other'));
  await refuses({ code: 'bad_backup', message: /another cluster or generation/ });
  rewrite((manifest) => (manifest.files['journal.db'].schema = 999));
  await refuses({ code: 'schema_too_new', message: /999.*only up to/ });
  writeFileSync(path, '{"format":');
  await refuses({ code: 'bad_backup', message: /is not JSON/ });
  rmSync(path);
  await refuses({ code: 'bad_backup', message: /interrupted/ });
  writeFileSync(path, whole);
  const store = join(hub.to, 'store.db');
  const bytes = readFileSync(store);
  bytes[bytes.length - 1]! ^= 1;
  writeFileSync(store, bytes);
  await refuses({ code: 'bad_backup', message: /changed or damaged/ });
  rmSync(store);
  await refuses({ code: 'bad_backup', message: /is missing/ });
});

test('a backup needs a hub to copy and an empty folder to copy to', async (t) => {
  const hub = await createHub(t);
  await assert.rejects(backup({ dataPath: join(hub.folder, 'nowhere'), to: hub.to }), { code: 'bad_backup' });
  await assert.rejects(backup({ dataPath: hub.dataPath, to: hub.dataPath }), {
    code: 'bad_backup',
    message: /not empty/,
  });
});

test('retention trims the journal up to what is processed and old, whichever comes first', async (t) => {
  const hub = await createHub(t);
  const retention = {
    journal: 100,
    alerts: 1,
    incidents: 1,
    notifications: 1,
    receipts: 1,
    inputs: 1,
    quarantine: 1,
    changes: 1,
    silences: 1,
    namespaces: 1,
    approvals: 0,
    workflow_runs: 0,
  };
  await hub.store.commit({ changes: [sampleChange('a'), sampleChange('b'), sampleChange('c')] });
  const run = async (now: number) =>
    runRetention({ store: hub.store, journal: hub.journal, retention, now: () => now, batch: 2 });
  assert.equal((await run(T0 + 100)).journal, 0);
  const counts = await run(T0 + 101);
  assert.equal(counts.journal, 3);
  assert.equal((await hub.journal.read(0, 0, 10))[0]!.value, 'd');
  assert.deepEqual((await run(T0 + 999)).journal, 0);
});

test('retention takes everything that is old in one pass, and counts it', async (t) => {
  const hub = await createHub(t);
  const retention = {
    journal: 1,
    alerts: 1,
    incidents: 1,
    notifications: 1,
    receipts: 1,
    inputs: 1,
    quarantine: 1,
    changes: 1,
    silences: 1,
    namespaces: 1,
    approvals: 0,
    workflow_runs: 0,
  };
  await hub.store.commit({ changes: Array.from({ length: 7 }, (_, index) => sampleChange(`a${index}`)) });
  const counts = await runRetention({ store: hub.store, retention, now: () => T0 + 9, batch: 2 });
  assert.equal(counts.changes, 7);
  assert.equal(counts.journal, 0);
  assert.equal(await hub.journal.offsetAt(0, 0), 0);
});
