// Between folders a move needs no servers, so this much is tried on every machine.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { newest } from '../lib/sqlite-migrations.ts';
import { STORE_MIGRATIONS } from '../store/sqlite/migrations/list.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { T0 } from '../store/suite/samples.ts';
import { moveInstallation, type MoveOptions } from './move.ts';
import { ALERTS, fillFolder, UNPROCESSED } from './testing/fill.ts';

const now = () => T0 + 60_000;

test('[HNP-027] a folder moves into another one, interrupted or not, and only the unprocessed records go along', async (t) => {
  const [from, to] = await twoFolders(t);
  await fillFolder(from);
  const stop: MoveOptions['onProgress'] = ({ what }) => {
    if (what === 'groups') throw new Error('stopped by the test');
  };
  await assert.rejects(move(from, to, { onProgress: stop }), /stopped by the test/);
  const { resumed, compared } = await move(from, to);
  assert.equal(resumed, true);
  assert.deepEqual([compared['alerts']?.rows, compared['records']?.rows], [ALERTS, UNPROCESSED]);

  const store = await openSqliteStore({ path: join(to, 'store.db') });
  t.after(() => store.close());
  assert.deepEqual(await store.positions(), []);
  const [open, sending] = await store.deliveries(['d-open', 'd-sending']);
  assert.deepEqual([open?.status, sending?.status, sending?.groupId], ['pending', 'sending', 'g-gone']);
  const [lane] = (await store.lanes(['g-live'])).get('g-live') ?? [];
  assert.deepEqual(
    lane?.open.map(({ id }) => id),
    ['d-open'],
  );
  const { firing, resolved } = (await store.memberCounts(['g-live'])).get('g-live')!;
  assert.deepEqual([firing, resolved], [1, 1]);
});

test('progress counts up to everything there is, in both phases', async (t) => {
  const [from, to] = await twoFolders(t);
  await fillFolder(from);
  const last = new Map<string, readonly [done: number, total: number]>();
  await move(from, to, { onProgress: ({ phase, done, total }) => void last.set(phase, [done, total]) });
  for (const phase of ['copying', 'comparing']) {
    const [done, total] = last.get(phase)!;
    assert.equal(done, total, phase);
  }
});

test('a folder with an older or a newer schema, without a journal, or never used is no source', async (t) => {
  const [from, to] = await twoFolders(t);
  await assert.rejects(move(from, to), { code: 'nothing_to_move' });

  const path = join(from, 'store.db');
  const older = await openSqliteStore({ path, migrations: STORE_MIGRATIONS.slice(0, -1) });
  await older.close();
  await assert.rejects(move(from, to), { code: 'schema_too_old', message: /signalbox migrate --data/ });

  await (await openSqliteStore({ path })).close();
  await assert.rejects(move(from, to), { code: 'nothing_to_move' });
  const used = await openSqliteStore({ path });
  await used.adopt({ cluster: 'c', generation: 'g' });
  await used.close();
  await assert.rejects(move(from, to), { code: 'source_mismatch' });

  const later = { version: newest(STORE_MIGRATIONS) + 1, name: 'later', up: () => undefined };
  await (await openSqliteStore({ path, migrations: [...STORE_MIGRATIONS, later] })).close();
  await assert.rejects(move(from, to), { code: 'schema_too_new' });
});

test('a target that is not yet filled is no source', async (t) => {
  const [from, to] = await twoFolders(t);
  await fillFolder(from);
  const stop: MoveOptions['onProgress'] = () => {
    throw new Error('stopped by the test');
  };
  await assert.rejects(move(from, to, { onProgress: stop }), /stopped by the test/);
  await assert.rejects(move(to, `${to}-2`), { code: 'nothing_to_move', message: /not yet filled/ });
});

function move(from: string, to: string, more: Partial<MoveOptions> = {}) {
  return moveInstallation({
    from: { path: from },
    to: { path: to },
    use: 'still',
    retire: true,
    now,
    ...more,
  });
}

async function twoFolders(t: TestContext): Promise<readonly [from: string, to: string]> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-move-'));
  t.after(() => rm(folder, { recursive: true }));
  return [join(folder, 'from'), join(folder, 'to')];
}
