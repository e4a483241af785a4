import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createIds } from '../../lib/id.ts';
import type { Store } from '../port.ts';
import { sampleChange, sampleReceipt } from '../suite/samples.ts';
import { DAY_MS } from './partitions.ts';
import { openPostgresStore } from './store.ts';
import { openSession, untilBlocked, withPostgres, type Session } from './testing/with-postgres.ts';

/** Noon of a day, so that an hour more or less stays in it. */
const NOON = 20_000 * DAY_MS + DAY_MS / 2;
const HOUR_MS = 3_600_000;

await withPostgres('days of history', (server) => {
  /** A store whose clock is moved by hand, on a database without the partitions of the real today. */
  const open = async (
    t: TestContext,
  ): Promise<{ clock: { now: number }; store: Store; session: Session }> => {
    const url = await server.newDatabase({ empty: true });
    const clock = { now: NOON };
    const store = await openPostgresStore({ url, now: () => clock.now });
    const session = await openSession(url);
    t.after(async () => {
      await session.close();
      await store.close();
    });
    return { clock, store, session };
  };
  const partitionsOf = async ({ sql }: Session, table: string): Promise<readonly string[]> => {
    const rows = await sql.all<{ name: string; rows: number }>(
      `SELECT tableoid::regclass::text AS name, count(*) AS rows FROM ${table} GROUP BY 1 ORDER BY 1`,
    );
    return rows.map(({ name, rows: count }) => `${name} ${count}`);
  };
  const everything = (at: number) => ({
    changes: [sampleChange('a', { at })],
    inputs: [{ step: 'fold', now: at, revision: 'r', what: '{}' } as const],
    receipts: [sampleReceipt(createIds(() => at)(), { receivedAt: at, processedAt: at })],
  });

  test('rows lie in the partition of their day, which is there before the day begins', async (t) => {
    const { clock, store, session } = await open(t);
    await store.commit(everything(NOON));
    await store.commit(everything(NOON + DAY_MS));
    clock.now = NOON + 30 * DAY_MS;
    await store.commit(everything(clock.now));
    for (const table of ['changes', 'inputs', 'receipts']) {
      assert.deepEqual(await partitionsOf(session, table), [
        `${table}_day20000 1`,
        `${table}_day20001 1`,
        `${table}_day20030 1`,
      ]);
    }
  });

  test('[BR-SCALE-010] a day that is over goes as a whole, however many rows it has', async (t) => {
    const { store, session } = await open(t);
    for (const kind of ['changes', 'inputs', 'receipts'] as const) {
      for (let row = 0; row < 5; row++) await store.commit({ [kind]: everything(NOON)[kind] });
      await store.commit({ [kind]: everything(NOON + DAY_MS)[kind] });
      assert.equal(await store.expire(kind, NOON + HOUR_MS, 2), 0, 'the day is not over');
      assert.equal(await store.expire(kind, NOON + DAY_MS, 2), 5);
      assert.deepEqual(await partitionsOf(session, kind), [`${kind}_day20001 1`]);
    }
  });

  test('a day stays while one of its receipts was processed later', async (t) => {
    const { store } = await open(t);
    const late = sampleReceipt(createIds(() => NOON)(), { receivedAt: NOON, processedAt: NOON + 2 * DAY_MS });
    await store.commit({ receipts: [...everything(NOON).receipts, late] });
    assert.equal(await store.expire('receipts', NOON + DAY_MS, 10), 0);
    assert.equal(await store.expire('receipts', NOON + 3 * DAY_MS, 10), 2);
  });

  test('a row without a partition of its own is kept, found and expired', async (t) => {
    const { clock, store, session } = await open(t);
    const strange = NOON + 300 * DAY_MS;
    await store.commit({ ...everything(strange), receipts: [sampleReceipt('zz', { processedAt: strange })] });
    assert.deepEqual(await partitionsOf(session, 'changes'), ['changes_default 1']);
    clock.now = strange;
    await store.commit(everything(strange));
    assert.deepEqual(await partitionsOf(session, 'changes'), ['changes_default 2']);
    for (const kind of ['changes', 'inputs'] as const)
      assert.equal(await store.expire(kind, strange + 1, 10), 2);
    assert.equal(await store.expire('receipts', strange + 1, 10), 1);
  });

  test('a day that somebody reads for long goes later, and commits do not wait for that reader', async (t) => {
    const { store, session } = await open(t);
    await store.commit(everything(NOON));
    await session.sql.run('BEGIN');
    await session.sql.all('SELECT * FROM changes');
    const expired = store.expire('changes', NOON + DAY_MS, 10);
    await untilBlocked(server, session);
    await store.commit(everything(NOON + DAY_MS));
    assert.equal(await expired, 0);
    await session.sql.run('COMMIT');
    assert.equal(await store.expire('changes', NOON + DAY_MS, 10), 1);
  });
});
