import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { SCOPES } from '../model/scope.ts';
import type { Store } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { createLeasedOwnership, type LeasedOptions } from './leased.ts';

const TTL_MS = 9_000;

async function openShared(t: TestContext) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-ownership-'));
  const clock = { now: 1_000_000 };
  const store = await openSqliteStore({ path: join(folder, 'store.db'), now: () => clock.now });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  return { store, clock };
}

/** A node whose timers never fire: each turn is a call of `refresh`. */
function addNode(store: Store, clock: { now: number }, node: string, more: Partial<LeasedOptions> = {}) {
  const changes: string[] = [];
  const ownership = createLeasedOwnership({
    store,
    node,
    roles: ['process', 'deliver'],
    assigned: () => [],
    agreement: { look: async () => ({ mayProcess: true, names: [] }) },
    integrations: () => ['pager'],
    monotonic: () => clock.now,
    onChange: ({ gained, lost }) =>
      changes.push(...gained.map((name) => `+${name}`), ...lost.map((name) => `-${name}`)),
    onTrouble: (error) => assert.fail(String(error)),
    ttlMs: TTL_MS,
    ...more,
  });
  return { ownership, changes };
}

test('a node alone owns every scope, its partitions and all integrations', async (t) => {
  const { store, clock } = await openShared(t);
  const { ownership } = addNode(store, clock, 'a', { assigned: () => [3, 1] });
  await ownership.refresh();
  assert.equal(ownership.scopes()!.length, SCOPES);
  assert.deepEqual(ownership.partitions(), [1, 3]);
  assert.equal(ownership.delivers('pager'), true);
  assert.equal(ownership.delivers('other'), false);
  assert.equal(ownership.heldUntil('other'), 0);
});

test('[BR-SCALE-002] a second node gets its share as soon as the first one has given it up, and nothing is owned twice', async (t) => {
  const { store, clock } = await openShared(t);
  const a = addNode(store, clock, 'a').ownership;
  const b = addNode(store, clock, 'b').ownership;
  await a.refresh();
  await b.refresh();
  assert.deepEqual(b.scopes(), []);
  await a.refresh();
  await b.refresh();
  const [left, right] = [a.scopes()!, b.scopes()!];
  assert.equal(left.length + right.length, SCOPES);
  assert.equal(new Set([...left, ...right]).size, SCOPES);
  assert.ok(left.length > SCOPES / 4 && right.length > SCOPES / 4);
  assert.notEqual(a.delivers('pager'), b.delivers('pager'));
});

test('[BR-REL-002] the share of a node that died passes on when its leases have run out', async (t) => {
  const { store, clock } = await openShared(t);
  const a = addNode(store, clock, 'a', { assigned: () => [0] }).ownership;
  await a.refresh();
  const b = addNode(store, clock, 'b', { assigned: () => [0] }).ownership;
  await b.refresh();
  assert.deepEqual(b.partitions(), []);
  clock.now += TTL_MS;
  await b.refresh();
  assert.deepEqual(b.partitions(), [0]);
  assert.equal(b.scopes()!.length, SCOPES);
});

test('a node that was stopped past its leases owns nothing before it does anything, and its commits are refused', async (t) => {
  const { store, clock } = await openShared(t);
  const { ownership: zombie, changes } = addNode(store, clock, 'a', { assigned: () => [0] });
  await zombie.refresh();
  const fences = zombie.fences({ partitions: [0], scopes: [7], integrations: ['pager'] });
  await store.commit({ fences });
  const before = zombie.version();
  assert.ok(zombie.heldUntil('pager') > clock.now);
  clock.now += TTL_MS;
  assert.ok(zombie.heldUntil('pager') < clock.now);
  assert.deepEqual(zombie.partitions(), []);
  assert.deepEqual(zombie.scopes(), []);
  assert.equal(zombie.delivers('pager'), false);
  assert.notEqual(zombie.version(), before);
  assert.ok(changes.includes('-partition/0'));
  await assert.rejects(store.commit({ fences }), { code: 'stale_lease' });
  const heir = addNode(store, clock, 'b', { assigned: () => [0] }).ownership;
  await heir.refresh();
  await assert.rejects(store.commit({ fences }), { code: 'stale_lease' });
  await store.commit({ fences: heir.fences({ partitions: [0], scopes: [7], integrations: ['pager'] }) });
});

test('a node that may not process owns no part of the state, and sends all the same', async (t) => {
  const { store, clock } = await openShared(t);
  const { ownership } = addNode(store, clock, 'a', {
    assigned: () => [0],
    agreement: { look: async () => ({ mayProcess: false, names: ['routes/new/a'] }) },
  });
  await ownership.refresh();
  assert.deepEqual([ownership.partitions(), ownership.scopes()], [[], []]);
  assert.equal(ownership.delivers('pager'), true);
  assert.deepEqual(
    (await store.leases('')).map(({ name }) => name),
    ['integration/pager', 'node/deliver/a', 'routes/new/a'],
  );
});

test('a node that stops gives everything up at once', async (t) => {
  const { store, clock } = await openShared(t);
  const a = addNode(store, clock, 'a').ownership;
  await a.refresh();
  await a.stop();
  assert.deepEqual(await store.leases(''), []);
  const b = addNode(store, clock, 'b').ownership;
  await b.refresh();
  assert.equal(b.scopes()!.length, SCOPES);
});

test('while the store can not be asked, what is held is held until it runs out', async (t) => {
  const { store, clock } = await openShared(t);
  let broken = false;
  const troubles: unknown[] = [];
  const flaky: Store = {
    ...store,
    takeLeases: (...args) => (broken ? Promise.reject(new Error('away')) : store.takeLeases(...args)),
  };
  const { ownership } = addNode(flaky, clock, 'a', { onTrouble: (error) => troubles.push(error) });
  await ownership.refresh();
  broken = true;
  clock.now += TTL_MS / 2;
  await ownership.refresh();
  assert.equal(troubles.length, 1);
  assert.equal(ownership.scopes()!.length, SCOPES);
  clock.now += TTL_MS / 2;
  assert.deepEqual(ownership.scopes(), []);
});

test('[BR-REL-005] a node that has stopped takes nothing again, whatever news still reach it: the next one need not wait', async (t) => {
  const { store, clock } = await openShared(t);
  const a = addNode(store, clock, 'a', { assigned: () => [0] }).ownership;
  await a.refresh();
  await a.stop();
  await a.refresh();
  assert.deepEqual(await store.leases(''), []);
  const b = addNode(store, clock, 'b', { assigned: () => [0] }).ownership;
  await b.refresh();
  assert.equal(b.scopes()!.length, SCOPES);
});

test('[BR-SCALE-002] an integration changes hands only when nothing is being sent there: nobody takes it for abandoned and sends it again', async (t) => {
  const { store, clock } = await openShared(t);
  const names = ['one', 'two', 'three', 'four'];
  let sending = new Set(names);
  const more = { integrations: () => names };
  const a = addNode(store, clock, 'a', { ...more, sendingTo: () => sending }).ownership;
  const b = addNode(store, clock, 'b', more).ownership;
  await a.refresh();
  await b.refresh();
  await a.refresh();
  await b.refresh();
  const leaving = names.filter((name) => !a.delivers(name));
  assert.ok(leaving.length > 0, 'some of them are the share of the second node');
  assert.deepEqual(names.filter(b.delivers), [], 'what is being sent keeps its owner');
  sending = new Set();
  await a.refresh();
  await b.refresh();
  assert.deepEqual(names.filter(b.delivers), leaving);
});
