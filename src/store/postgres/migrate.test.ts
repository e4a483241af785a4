import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlert, sampleDelivery } from '../suite/samples.ts';
import { STORE_MIGRATIONS } from './migrations/list.ts';
import type { Migration } from './migrations/migration.ts';
import { openPostgresStore } from './store.ts';
import { openSession, withPostgres } from './testing/with-postgres.ts';

const NEWEST = STORE_MIGRATIONS.at(-1)!.version;

/** A step that adds a column, and says which programs may still write. */
const later = (more: Partial<Migration> = {}): Migration => ({
  version: NEWEST + 1,
  name: 'a later one',
  worksWith: NEWEST,
  text: 'ALTER TABLE alerts ADD COLUMN owner TEXT',
  ...more,
});

await withPostgres('the schema', (server) => {
  test('nodes that start together on an empty database make the schema once', async (t) => {
    const url = await server.newDatabase({ empty: true });
    const stores = await Promise.all(Array.from({ length: 4 }, () => openPostgresStore({ url })));
    const session = await openSession(url);
    t.after(async () => {
      await session.close();
      await Promise.all(stores.map((store) => store.close()));
    });
    assert.deepEqual(
      await session.sql.all('SELECT version, name FROM schema_versions ORDER BY version'),
      STORE_MIGRATIONS.map(({ version, name }) => ({ version, name })),
    );
    assert.deepEqual(await stores[3]!.positions(), []);
  });

  test('[BR-SCALE-005] a program of the version before goes on beside a newer one, and may be started again', async (t) => {
    const url = await server.newDatabase();
    const old = await openPostgresStore({ url });
    await old.commit({ alerts: [sampleAlert('a')], deliveries: [sampleDelivery('d')] });
    const renewed = await openPostgresStore({ url, migrations: [...STORE_MIGRATIONS, later()] });
    await old.commit({ alerts: [sampleAlert('b')] });
    const again = await openPostgresStore({ url });
    t.after(() => Promise.all([old, renewed, again].map((store) => store.close())));
    const keys = ['a', 'b'].map((fingerprint) => ({ tenant: 'default', fingerprint }));
    for (const store of [old, renewed, again]) assert.equal((await store.alerts(keys)).length, 2);
    assert.deepEqual(await renewed.deliveries(['d']), [sampleDelivery('d')]);
  });

  test('a schema that an older program would harm is refused by its code', async () => {
    const url = await server.newDatabase();
    const migrations = [...STORE_MIGRATIONS, later({ worksWith: NEWEST + 1 })];
    await (await openPostgresStore({ url, migrations })).close();
    await assert.rejects(openPostgresStore({ url }), { code: 'schema_too_new' });
  });

  test('a step that fails leaves nothing of itself, and the next start goes on there', async (t) => {
    const url = await server.newDatabase();
    const broken = later({ text: 'CREATE TABLE half (id TEXT); ALTER TABLE missing ADD COLUMN owner TEXT' });
    await assert.rejects(openPostgresStore({ url, migrations: [...STORE_MIGRATIONS, broken] }), /missing/);
    const session = await openSession(url);
    t.after(() => session.close());
    const half = 'SELECT to_regclass($1) IS NULL AS absent';
    assert.deepEqual(await session.sql.get(half, 'half'), { absent: true });
    await (await openPostgresStore({ url, migrations: [...STORE_MIGRATIONS, later()] })).close();
    const newest = 'SELECT max(version) AS version FROM schema_versions';
    assert.deepEqual(await session.sql.get(newest), { version: NEWEST + 1 });
  });
});
