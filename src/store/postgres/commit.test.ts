import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { PostgresServer } from '../../../test/servers/postgres.ts';
import type { Store } from '../port.ts';
import { T0, sampleAlert, sampleDelivery } from '../suite/samples.ts';
import { checkFences } from './leases.ts';
import { openPostgresStore } from './store.ts';
import { openSession, untilBlocked, withPostgres, type Session } from './testing/with-postgres.ts';

const ROUNDS = 20;

await withPostgres(
  'commits of several nodes',
  (server) => {
    test('[BR-REL-013] of two nodes that claim the same delivery one wins', async (t) => {
      const { first, second } = await openTwo(t, server);
      const ids = Array.from({ length: 30 }, (_, index) => `d${index}`);
      await first.commit({ deliveries: ids.map((id) => sampleDelivery(id)) });
      const moves = ids.map((id) => ({ id, from: 'pending', to: 'sending', leaseUntil: T0 }) as const);
      const [one, other] = await Promise.all([
        first.commit({ moves }),
        second.commit({ moves: moves.toReversed() }),
      ]);
      const lost = [...one.lost, ...other.lost];
      assert.deepEqual(lost.toSorted(), ids.toSorted());
    });

    test('[HNP-014] of two owners that move the same position one is told that it is stale', async (t) => {
      const { first, second } = await openTwo(t, server);
      const commit = (store: Store, fingerprint: string) =>
        store.commit({ positions: [{ partition: 0, from: 0, to: 1 }], alerts: [sampleAlert(fingerprint)] });
      const results = await Promise.allSettled([commit(first, 'a'), commit(second, 'b')]);
      const refused = results.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
      assert.deepEqual(
        refused.map(({ reason }) => (reason as { code: string }).code),
        ['stale_position'],
      );
      const keys = ['a', 'b'].map((fingerprint) => ({ tenant: 'default', fingerprint }));
      assert.equal((await first.alerts(keys)).length, 1);
    });

    test('[BR-REL-002] a node that was stopped in the middle of a commit keeps its leases a while longer, and nobody else from renewing theirs', async (t) => {
      const { first, second, session } = await openTwo(t, server);
      const [stopped] = await first.takeLeases('stopped', ['partition/1'], 0);
      await second.takeLeases('other', ['partition/2'], 60_000);
      await session.sql.run('BEGIN');
      await session.sql.run('SELECT FROM leases WHERE name = $1 FOR SHARE', stopped!.name);
      const take = async () =>
        (await second.takeLeases('other', ['partition/1', 'partition/2'], 60_000))
          .map(({ name }) => name)
          .toSorted();
      assert.deepEqual(await take(), ['partition/2']);
      await session.sql.run('ROLLBACK');
      assert.deepEqual(await take(), ['partition/1', 'partition/2']);
    });

    test('the clock of the store is the server’s, whatever a node takes for the time', async (t) => {
      const store = await openPostgresStore({ url: await server.newDatabase(), now: () => T0 });
      t.after(() => store.close());
      const [earliest, at, latest] = [Date.now(), await store.clock(), Date.now() + 1];
      assert.ok(earliest <= at && at <= latest, `${earliest} ≤ ${at} ≤ ${latest}`);
    });

    test('commits over the same rows in opposite order all go through', async (t) => {
      const { first, second } = await openTwo(t, server);
      const alerts = Array.from({ length: 50 }, (_, index) => sampleAlert(`a${index}`));
      const repeat = async (store: Store, rows: typeof alerts) => {
        for (let round = 0; round < ROUNDS; round++) await store.commit({ alerts: rows });
      };
      await Promise.all([repeat(first, alerts), repeat(second, alerts.toReversed())]);
      assert.equal((await first.alerts(alerts)).length, 50);
    });

    test('a commit that the server ends as a deadlock is tried again', async (t) => {
      const { first, session } = await openTwo(t, server);
      await first.commit({ alerts: [sampleAlert('a'), sampleAlert('b')] });
      const touch = (fingerprint: string) =>
        session.sql.run('UPDATE alerts SET severity = severity WHERE fingerprint = $1', fingerprint);
      // Whoever waits for so long looks for a deadlock and is ended by it: never this session.
      await session.sql.run("SET deadlock_timeout = '10min'");
      await session.sql.run('BEGIN');
      await touch('b');
      const committed = first.commit({
        alerts: ['a', 'b'].map((fingerprint) => sampleAlert(fingerprint, { severity: 'info' })),
      });
      await untilBlocked(server, session);
      await touch('a');
      await session.sql.run('COMMIT');
      assert.deepEqual(await committed, { lost: [] });
      const [, b] = await first.alerts(['a', 'b'].map((fingerprint) => ({ tenant: 'default', fingerprint })));
      assert.equal(b!.severity, 'info');
    });

    test('[BR-REL-002] a lease does not pass on while a commit under it is on its way', async (t) => {
      const { first, session } = await openTwo(t, server);
      const [lease] = await first.takeLeases('node-a', ['scope/1'], 60_000);
      await session.sql.run('BEGIN');
      await checkFences(session.sql, [lease!]);
      const order: string[] = [];
      const released = first.releaseLeases('node-a', ['scope/1']).then(() => order.push('released'));
      await untilBlocked(server, session);
      order.push('committed');
      await session.sql.run('COMMIT');
      await released;
      assert.deepEqual(order, ['committed', 'released']);
    });

    test('a text with a zero character, which the server cannot hold, stops no commit', async (t) => {
      const { first } = await openTwo(t, server);
      const alert = sampleAlert('a', { labels: { alertname: 'a\0b' }, severity: 'odd\0' });
      await first.commit({
        alerts: [alert],
        deliveries: [sampleDelivery('d')],
        moves: [{ id: 'd', from: 'pending', to: 'dead', summary: 'bad\0answer' }],
        claims: [{ key: 'k\0', signal: 's', expiresAt: Date.now() * 2 }],
      });
      assert.deepEqual(await first.alerts([alert]), [alert]);
      assert.equal((await first.deliveries(['d']))[0]!.summary, 'bad\uFFFDanswer');
      assert.equal((await first.claims(['k\uFFFD'], T0)).get('k\uFFFD')!.signal, 's');
    });
  },
  { settings: { deadlock_timeout: '50ms' } },
);

async function openTwo(
  t: TestContext,
  server: PostgresServer,
): Promise<{ first: Store; second: Store; session: Session }> {
  const url = await server.newDatabase();
  const [first, second, session] = await Promise.all([
    openPostgresStore({ url }),
    openPostgresStore({ url }),
    openSession(url),
  ]);
  t.after(async () => {
    await session.close();
    await Promise.all([first.close(), second.close()]);
  });
  return { first, second, session };
}
