import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startFaultyWay } from '../../journal/postgres/testing/faulty-way.ts';
import type { PostgresServer } from '../../../test/servers/postgres.ts';
import { CommitUnknown } from '../port.ts';
import { T0, sampleDelivery } from '../suite/samples.ts';
import { applyCommit } from './commit.ts';
import { openConnections } from './pool.ts';
import { openPostgresStore } from './store.ts';
import { openSession, withPostgres } from './testing/with-postgres.ts';

const claim = { id: 'd', from: 'pending', to: 'sending', leaseUntil: T0 } as const;

await withPostgres('a connection that breaks while COMMIT is under way', (server) => {
  test('[BR-REL-004] the answer to COMMIT is lost: the commit is known to have happened, with what it says', async (t) => {
    const { store, way } = await openOnFaultyWay(t, server);
    way.breakNextCommit('after');
    const { lost } = await store.commit({ moves: [claim, { ...claim, id: 'missing' }] });
    assert.equal(way.broken(), 1);
    assert.deepEqual(lost, ['missing']);
    assert.equal((await store.deliveries(['d']))[0]!.status, 'sending');
  });

  test('[BR-REL-004] COMMIT is lost: the commit is known not to have happened, and may be repeated', async (t) => {
    const { store, way } = await openOnFaultyWay(t, server);
    way.breakNextCommit('never');
    await assert.rejects(
      store.commit({ moves: [claim] }),
      (error: Error & { code?: string }) =>
        error.code === 'store_unavailable' && !(error instanceof CommitUnknown),
    );
    assert.equal(way.broken(), 1);
    assert.equal((await store.deliveries(['d']))[0]!.status, 'pending');
    assert.deepEqual(await store.commit({ moves: [claim] }), { lost: [] });
  });

  test('[BR-REL-004] COMMIT comes late: nothing is said before it has come', async (t) => {
    const { store, way } = await openOnFaultyWay(t, server);
    way.breakNextCommit('held');
    const committed = store.commit({ moves: [claim] });
    const session = await openSession(server.url);
    t.after(() => session.close());
    // Long enough to have asked at least once, which the server's own view tells.
    const asked = `SELECT 1 AS found FROM pg_stat_activity WHERE query LIKE '%pg_xact_status%' AND pid <> pg_backend_pid()`;
    while ((await session.sql.get(asked)) === undefined);
    await way.letGo();
    assert.deepEqual(await committed, { lost: [] });
    assert.equal((await store.deliveries(['d']))[0]!.status, 'sending');
  });

  test('a commit whose fate can not be found out in time is said to be unknown', async (t) => {
    const { way, url } = await openOnFaultyWay(t, server);
    const connections = openConnections({ url }, 'writer');
    t.after(() => connections.close());
    way.breakNextCommit('held');
    await assert.rejects(applyCommit(connections, { moves: [claim] }, T0, 0), CommitUnknown);
    await way.letGo();
  });
});

async function openOnFaultyWay(t: TestContext, server: PostgresServer) {
  const direct = await server.newDatabase();
  const way = await startFaultyWay(Number(new URL(direct).port), `${await nameOfCommit(direct)}\0`);
  const url = way.leadTo(direct);
  const store = await openPostgresStore({ url });
  t.after(async () => {
    await store.close();
    await way.close();
  });
  await store.commit({ deliveries: [sampleDelivery('d')] });
  return { store, way, url };
}

/** COMMIT is prepared like all else, and goes over the wire by its name. */
async function nameOfCommit(url: string): Promise<string> {
  const session = await openSession(url);
  await session.sql.run('BEGIN');
  await session.sql.run('COMMIT');
  const row = await session.sql.get<{ name: string }>(
    `SELECT name FROM pg_prepared_statements WHERE statement = 'COMMIT'`,
  );
  await session.close();
  return row!.name;
}
