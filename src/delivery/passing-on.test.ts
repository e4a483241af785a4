import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { Fault, type Receipt } from '@signalbox/sdk';
import type { Host } from '../host/integration.ts';
import { createLog } from '../lib/log.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { Settings } from '../model/settings.ts';
import { createLeasedOwnership } from '../ownership/leased.ts';
import { CommitUnknown, StoreUnavailable, type Store } from '../store/port.ts';
import { openSqliteStoreReader } from '../store/sqlite/reader.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { T0, sampleDelivery, sampleGroup, sampleNotification } from '../store/suite/samples.ts';
import { createSilenceBook } from '../suppression/silence-book.ts';
import { createDeliveryMachine } from './machine.ts';
import { createWorkflowMetrics } from '../workflows/metrics.ts';
import { createDeliveryMetrics } from './metrics.ts';

const TTL_MS = 9_000;
const delivery = {
  timeoutMs: 60_000,
  retry: { initialMs: 1_000, maxMs: 60_000, factor: 2 },
  deadlineMs: 3_600_000,
  breaker: { failures: 9, cooldownMs: 30_000 },
  fallback: [],
  fallbackAfterMs: 120_000,
  onUnknown: 'resend',
} as const;
const settingsWith = (concurrency: number) => {
  const own = { ...delivery, concurrency };
  const integrations = {
    pager: { id: 'pager', delivery: { ...own, fallback: ['sms'] } },
    sms: { id: 'sms', delivery: own },
  };
  const server = { deliveryThread: 'auto' };
  return { server, integrations, maintenanceWindows: [], inhibitRules: [] } as unknown as Settings;
};
const REJECTED = new Fault('SB_REJECTED', 'not like this');

/** A store with deliveries for `pager`, each of a group of its own, and nodes that share it. Time passes only when a test says so. */
async function openShared(t: TestContext, ids: readonly string[] = ['d']) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-passing-on-'));
  const path = join(folder, 'store.db');
  const clock = { now: T0 };
  const store = await openSqliteStore({ path, now: () => clock.now });
  const reader = await openSqliteStoreReader({ path });
  t.after(async () => {
    await reader.close();
    await store.close();
    rmSync(folder, { recursive: true });
  });
  await store.commit({
    groups: ids.map((id) => sampleGroup(`g-${id}`)),
    notifications: ids.map((id) => sampleNotification(`n-${id}`)),
    deliveries: ids.map((id) =>
      sampleDelivery(id, {
        notificationId: `n-${id}`,
        groupId: `g-${id}`,
        createdAt: T0,
        dueAt: T0,
        deadlineAt: T0 + delivery.deadlineMs,
      }),
    ),
  });
  const statusOf = async () => (await store.deliveries(['d']))[0]!.status;
  const attempts = async () =>
    (await reader.attempts('d')).map(({ number, outcome }) => `${number} ${outcome}`);
  const waiting = async () =>
    (await store.waitingIntegrations()).map(({ integration, count }) => [integration, count]);
  return { store, clock, statusOf, attempts, waiting };
}

/** Each send waits until the test ends it. */
function addNode(node: string, { store, clock }: { store: Store; clock: { now: number } }, slots = 4) {
  const settings = settingsWith(slots);
  const sends: PromiseWithResolvers<Receipt>[] = [];
  const ownership = createLeasedOwnership({
    store,
    node,
    roles: ['deliver'],
    assigned: () => [],
    agreement: { look: async () => ({ mayProcess: false, names: [] }) },
    integrations: () => ['pager', 'sms'],
    monotonic: () => clock.now,
    onChange: () => undefined,
    onTrouble: (error) => assert.fail(String(error)),
    ttlMs: TTL_MS,
  });
  const deliver = (): Promise<Receipt> => {
    const send = Promise.withResolvers<Receipt>();
    sends.push(send);
    return send.promise;
  };
  const integration = { connector: { notifier: {} }, settings: { delivery }, deliver };
  const host = {
    integrations: new Map([
      ['pager', integration],
      ['sms', integration],
    ]),
  } as unknown as Host;
  const machine = createDeliveryMachine({
    store,
    silences: createSilenceBook(store),
    ownership,
    settings: () => settings,
    host: () => host,
    now: () => clock.now,
    random: () => 0,
    log: createLog('silent'),
    metrics: createDeliveryMetrics(createMetricSet('without-process')),
    workflowMetrics: createWorkflowMetrics(createMetricSet('without-process')),
    wake: () => undefined,
  });
  return {
    ownership,
    machine,
    sends,
    /** Its lease comes, and what a former owner left is settled. */
    async takeOver() {
      await ownership.refresh();
      await machine.recover('pager');
    },
    async end(send: number, how: Receipt | Error) {
      if (how instanceof Error) sends[send]!.reject(how);
      else sends[send]!.resolve(how);
      await new Promise((resolve) => setImmediate(resolve));
      clock.now += 100;
    },
  };
}

test('[BR-REL-002] a result that comes after another node has taken over is dropped, with its attempt and its fallback', async (t) => {
  const shared = await openShared(t);
  const [zombie, heir] = [addNode('a', shared), addNode('b', shared)];
  await zombie.takeOver();
  await zombie.machine.tick();
  assert.equal(zombie.sends.length, 1);

  shared.clock.now += TTL_MS;
  await heir.takeOver();
  await heir.machine.tick();
  await zombie.end(0, REJECTED);
  await assert.rejects(zombie.machine.tick(), { code: 'stale_lease' });
  await zombie.ownership.refresh();
  await zombie.machine.tick();
  assert.deepEqual(await shared.attempts(), ['1 unknown']);

  await heir.end(0, { summary: 'ok' });
  await heir.machine.tick();
  assert.equal(await shared.statusOf(), 'delivered');
  assert.deepEqual(await shared.attempts(), ['1 unknown', '2 delivered']);
  assert.deepEqual(await shared.waiting(), []);
});

test('[BR-REL-002] what waited for a slot when the lease passed on is left to the next owner', async (t) => {
  const shared = await openShared(t, ['d', 'e', 'f']);
  const [zombie, heir] = [addNode('a', shared, 1), addNode('b', shared, 3)];
  await zombie.takeOver();
  await zombie.machine.tick();
  assert.equal(zombie.sends.length, 1);
  assert.equal((await shared.store.abandoned(Infinity, 9)).length, 3);

  shared.clock.now += TTL_MS;
  await heir.takeOver();
  await heir.machine.tick();
  assert.equal(heir.sends.length, 3);
  await zombie.end(0, { summary: 'late' });
  await assert.rejects(zombie.machine.tick(), { code: 'stale_lease' });
  await zombie.ownership.refresh();
  await zombie.machine.tick();
  assert.equal(zombie.sends.length, 1);
  assert.equal((await shared.store.abandoned(Infinity, 9)).length, 3);
});

test('[BR-REL-002] a result of a lease that passed on and came back is dropped as well, and the delivery is sent again', async (t) => {
  const shared = await openShared(t);
  const [node, other] = [addNode('a', shared), addNode('b', shared)];
  await node.takeOver();
  await node.machine.tick();
  shared.clock.now += TTL_MS;
  await other.takeOver();
  await other.machine.tick();
  // The other one dies in the middle of it.
  shared.clock.now += TTL_MS;
  await node.takeOver();
  assert.deepEqual(await shared.attempts(), ['1 unknown', '2 unknown']);
  await node.machine.tick();
  await node.end(0, REJECTED);
  await node.machine.tick();
  assert.equal(await shared.statusOf(), 'sending');
  await node.end(1, { summary: 'ok' });
  await node.machine.tick();
  assert.deepEqual(await shared.attempts(), ['1 unknown', '2 unknown', '3 delivered']);
  assert.deepEqual(await shared.waiting(), []);
});

test('[BR-REL-004] a result is not lost when the store can not be asked what else there is to do', async (t) => {
  const shared = await openShared(t);
  let isAway = false;
  const store: Store = {
    ...shared.store,
    async claimable(...query) {
      if (isAway) throw new StoreUnavailable('away');
      return shared.store.claimable(...query);
    },
  };
  const node = addNode('a', { ...shared, store });
  await node.takeOver();
  await node.machine.tick();
  await node.end(0, { summary: 'ok' });
  node.machine.expect('pager', shared.clock.now);
  isAway = true;
  await assert.rejects(node.machine.tick(), StoreUnavailable);
  isAway = false;
  await node.machine.tick();
  assert.equal(await shared.statusOf(), 'delivered');
});

/** The next commit happens, or not, and nobody can tell. */
function makeUnsure(store: Store): Store & { breakNext(happens: boolean): void } {
  let next: boolean | undefined;
  return {
    ...store,
    breakNext: (happens) => (next = happens),
    async commit(batch) {
      const happens = next;
      next = undefined;
      if (happens !== false) {
        const result = await store.commit(batch);
        if (happens === undefined) return result;
      }
      throw new CommitUnknown('the connection broke');
    },
  };
}

for (const happens of [true, false]) {
  const what = happens ? 'has happened' : 'has not happened';

  test(`[BR-REL-004] a mark of which nobody can tell that it ${what} is taken back, and the delivery is sent once`, async (t) => {
    const shared = await openShared(t);
    const store = makeUnsure(shared.store);
    const node = addNode('a', { ...shared, store });
    await node.takeOver();
    store.breakNext(happens);
    await assert.rejects(node.machine.tick(), CommitUnknown);
    assert.equal(await shared.statusOf(), happens ? 'sending' : 'pending');
    for (let turn = 0; turn < 3; turn++) await node.machine.tick();
    assert.equal(node.sends.length, 1);
    await node.end(0, { summary: 'ok' });
    await node.machine.tick();
    assert.equal(await shared.statusOf(), 'delivered');
    assert.deepEqual(await shared.attempts(), ['1 delivered']);
  });

  test(`[BR-REL-004] a result of which nobody can tell that its commit ${what} is settled once, and has one fallback`, async (t) => {
    const shared = await openShared(t);
    const store = makeUnsure(shared.store);
    const node = addNode('a', { ...shared, store });
    await node.takeOver();
    await node.machine.tick();
    await node.end(0, REJECTED);
    store.breakNext(happens);
    await assert.rejects(node.machine.tick(), CommitUnknown);
    shared.clock.now += 100;
    for (let turn = 0; turn < 3; turn++) await node.machine.tick();
    assert.equal(await shared.statusOf(), 'dead');
    assert.deepEqual(await shared.attempts(), ['1 failed']);
    assert.equal(node.sends.length, 2);
    await node.end(1, { summary: 'ok' });
    await node.machine.tick();
    assert.deepEqual(await shared.waiting(), []);
  });
}
