import assert from 'node:assert/strict';
import { test } from 'node:test';
import { freePort } from '../../../test/interop/program.ts';
import { sampleAlert } from '../suite/samples.ts';
import { openPostgresStoreReader } from './reader.ts';
import { openPostgresStore } from './store.ts';
import { openSession, withPostgres } from './testing/with-postgres.ts';

const batch = (fingerprint: string) => ({ alerts: [sampleAlert(fingerprint)] });
const keys = (...fingerprints: string[]) =>
  fingerprints.map((fingerprint) => ({ tenant: 'default', fingerprint }));
const UNAVAILABLE = { code: 'store_unavailable' };

await withPostgres(
  'a server that fails',
  (server) => {
    test('[BR-REL-004] after a crash what was acknowledged is there, and the same store goes on', async (t) => {
      const url = await server.newDatabase();
      const store = await openPostgresStore({ url });
      const reader = await openPostgresStoreReader({ url });
      t.after(async () => {
        await reader.close();
        await store.close();
      });
      await store.commit(batch('a'));
      assert.ok(await reader.alert('default', 'a'));
      await server.kill9();
      await assert.rejects(store.commit(batch('b')), UNAVAILABLE);
      await assert.rejects(reader.counts(), UNAVAILABLE);
      await server.start();
      await store.commit(batch('c'));
      assert.deepEqual(
        (await store.alerts(keys('a', 'b', 'c'))).map(({ fingerprint }) => fingerprint),
        ['a', 'c'],
      );
      assert.equal((await reader.counts()).alertsFiring, 2);
    });

    test('a statement that takes too long is cut off, and the same commit works later', async (t) => {
      const url = await server.newDatabase();
      const store = await openPostgresStore({ url, statementTimeoutMs: 200 });
      const session = await openSession(url);
      t.after(async () => {
        await session.close();
        await store.close();
      });
      await session.sql.run('BEGIN');
      await session.sql.run('LOCK TABLE alerts');
      await assert.rejects(store.commit(batch('a')), UNAVAILABLE);
      await session.sql.run('COMMIT');
      await store.commit(batch('a'));
      assert.equal((await store.alerts(keys('a'))).length, 1);
    });

    test('where nothing listens the start fails and says so', async () => {
      const url = `postgres://hub:secret@127.0.0.1:${await freePort()}/signalbox`;
      await assert.rejects(
        openPostgresStore({ url }),
        (error: Error & { code: string }) =>
          error.code === 'store_unavailable' &&
          /ECONNREFUSED/.test(error.message) &&
          !error.message.includes('secret'),
      );
    });

    test('a reader asks the primary when its replica is away', async (t) => {
      const url = await server.newDatabase();
      const store = await openPostgresStore({ url });
      const replicaUrl = `postgres://hub@127.0.0.1:${await freePort()}/signalbox`;
      const reader = await openPostgresStoreReader({ url, replicaUrl });
      t.after(async () => {
        await reader.close();
        await store.close();
      });
      await store.commit(batch('a'));
      assert.deepEqual(await reader.alert('default', 'a'), sampleAlert('a'));
    });

    test('[BR-REL-002] after a fail-over the store goes on at the standby that was promoted', async (t) => {
      const url = await server.newDatabase();
      const database = new URL(url).pathname;
      const before = await openPostgresStore({ url });
      await before.commit(batch('a'));
      await before.close();
      const standby = await server.startStandby();
      const hosts = `${new URL(standby.url).host},${new URL(url).host}`;
      const several = `postgres://signalbox@${hosts}${database}`;

      const store = await openPostgresStore({ url: several });
      const reader = await openPostgresStoreReader({
        url: several,
        replicaUrl: standby.url.replace('/postgres', database),
      });
      const session = await openSession(standby.url);
      t.after(async () => {
        await session.close();
        await reader.close();
        await store.close();
        await server.start();
      });
      await store.commit(batch('b'));
      while ((await reader.alert('default', 'b')) === undefined);
      await server.kill9();
      await assert.rejects(store.commit(batch('c')), UNAVAILABLE);
      await session.sql.get('SELECT pg_promote()');
      await store.commit(batch('c'));
      assert.equal((await store.alerts(keys('a', 'b', 'c'))).length, 3);
      assert.deepEqual((await reader.changes(0, 10)).rows, []);
    });
  },
  { fsync: true },
);
