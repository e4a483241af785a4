import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChangeRow, StoreReader } from '../reader.ts';
import { sampleChange } from '../suite/samples.ts';
import { saveChanges } from './changes.ts';
import { openPostgresStoreReader } from './reader.ts';
import { openPostgresStore } from './store.ts';
import { openSession, withPostgres } from './testing/with-postgres.ts';

const WRITERS = 4;
const COMMITS = 40;

await withPostgres('the feed of changes with several writers', (server) => {
  test('[BR-SCALE-001] a change that is committed late is not passed over', async (t) => {
    const url = await server.newDatabase();
    const store = await openPostgresStore({ url });
    const reader = await openPostgresStoreReader({ url });
    const late = await openSession(url);
    t.after(async () => {
      await late.close();
      await reader.close();
      await store.close();
    });
    const ids = async (cursor: number) => (await reader.changes(cursor, 10)).rows.map(({ id }) => id);

    await store.commit({ changes: [sampleChange('before')] });
    await late.sql.run('BEGIN');
    await saveChanges(late.sql, [sampleChange('late')]);
    await store.commit({ changes: [sampleChange('early')] });

    const held = await reader.changes(0, 10);
    assert.deepEqual(
      held.rows.map(({ id }) => id),
      ['before'],
    );
    assert.equal(held.newest, 1, 'a reader that begins now must not begin behind the late change');
    await late.sql.run('COMMIT');
    assert.deepEqual(await ids(held.rows.at(-1)!.seq), ['late', 'early']);
    assert.equal((await reader.changes(0, 10)).newest, 3);
  });

  test('a change that is rolled back holds up nothing afterwards, and its number stays free', async (t) => {
    const url = await server.newDatabase();
    const store = await openPostgresStore({ url });
    const reader = await openPostgresStoreReader({ url });
    const other = await openSession(url);
    t.after(async () => {
      await other.close();
      await reader.close();
      await store.close();
    });
    await other.sql.run('BEGIN');
    await saveChanges(other.sql, [sampleChange('never')]);
    await store.commit({ changes: [sampleChange('a')] });
    assert.deepEqual((await reader.changes(0, 10)).rows, []);
    await other.sql.run('ROLLBACK');
    assert.deepEqual(
      (await reader.changes(0, 10)).rows.map(({ id, seq }) => [id, seq]),
      [['a', 2]],
    );
  });

  test('a reader that follows several nodes sees every change once, in ascending order', async (t) => {
    const url = await server.newDatabase();
    const stores = await Promise.all(Array.from({ length: WRITERS }, () => openPostgresStore({ url })));
    const reader = await openPostgresStoreReader({ url });
    t.after(async () => {
      await reader.close();
      await Promise.all(stores.map((store) => store.close()));
    });
    const written = Promise.all(
      stores.map(async (store, writer) => {
        for (let commit = 0; commit < COMMITS; commit++) {
          await store.commit({
            changes: [sampleChange(`${writer}/${commit}/a`), sampleChange(`${writer}/${commit}/b`)],
          });
        }
      }),
    );
    const seen = await follow(reader, 2 * WRITERS * COMMITS);
    await written;
    assert.equal(new Set(seen.map(({ id }) => id)).size, 2 * WRITERS * COMMITS);
    assert.deepEqual(
      seen.map(({ seq }) => seq),
      seen.map(({ seq }) => seq).toSorted((left, right) => left - right),
    );
  });
});

/** Reads on until so many have come; a change that was passed over would leave it waiting until the test's time is up. */
async function follow(reader: StoreReader, count: number): Promise<readonly ChangeRow[]> {
  const seen: ChangeRow[] = [];
  while (seen.length < count) {
    const { rows, oldest, newest } = await reader.changes(seen.at(-1)?.seq ?? 0, 50);
    const cursor = seen.at(-1)?.seq ?? 0;
    assert.ok(cursor <= newest, 'the feed went back behind a cursor that it gave');
    assert.ok(cursor === 0 || cursor >= oldest - 1);
    seen.push(...rows);
  }
  return seen;
}
