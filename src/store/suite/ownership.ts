import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scopeOf } from '../../model/scope.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleDelivery, sampleGroup, sampleWake } from './samples.ts';

const TTL_MS = 60_000;
/** Two ids that belong to different scopes. */
const [HERE, THERE] = ['g', 'h'] as const;

/** Leases, fences, and the part of the state that an owner of some scopes and partitions sees. */
export function ownershipTests(createPlace: CreatePlace): void {
  test('a lease belongs to one owner until it is released, and its token rises with every change', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const first = await store.takeLeases('node-a', ['scope/1', 'scope/2'], TTL_MS);
    assert.deepEqual(
      new Set(first.map(({ name, owner }) => `${name} ${owner}`)),
      new Set(['scope/1 node-a', 'scope/2 node-a']),
    );
    assert.deepEqual(await store.takeLeases('node-b', ['scope/1'], TTL_MS), []);
    assert.deepEqual(await store.takeLeases('node-a', ['scope/1'], TTL_MS), [
      first.find(({ name }) => name === 'scope/1'),
    ]);
    await store.releaseLeases('node-b', ['scope/1']);
    assert.deepEqual(await store.takeLeases('node-b', ['scope/1'], TTL_MS), []);
    await store.releaseLeases('node-a', ['scope/1']);
    const [second] = await store.takeLeases('node-b', ['scope/1'], TTL_MS);
    assert.equal(second!.owner, 'node-b');
    assert.ok(second!.token > first[0]!.token);
    assert.deepEqual(
      (await store.leases('scope/')).map(({ name, owner }) => [name, owner]),
      [
        ['scope/1', 'node-b'],
        ['scope/2', 'node-a'],
      ],
    );
    assert.deepEqual(await store.leases('partition/'), []);
  });

  test('the clock that leases run by goes on', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const before = await store.clock();
    assert.ok(before > 0 && (await store.clock()) >= before);
  });

  test('a lease that has run out is free for the next', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const [first] = await store.takeLeases('node-a', ['scope/1'], 0);
    assert.deepEqual(await store.leases('scope/'), []);
    const [second] = await store.takeLeases('node-b', ['scope/1'], TTL_MS);
    assert.deepEqual(second, { name: 'scope/1', owner: 'node-b', token: first!.token + 1 });
  });

  test('[BR-REL-002] a commit under a lease that has passed on changes nothing', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const [old] = await store.takeLeases('node-a', ['scope/1'], TTL_MS);
    await store.commit({ fences: [old!], alerts: [sampleAlert('a')] });
    await store.releaseLeases('node-a', ['scope/1']);
    const late = {
      fences: [old!],
      alerts: [sampleAlert('b')],
      positions: [{ partition: 0, from: 0, to: 1 }],
    };
    await assert.rejects(store.commit(late), { code: 'stale_lease' });
    const [now] = await store.takeLeases('node-b', ['scope/1'], TTL_MS);
    await assert.rejects(store.commit(late), { code: 'stale_lease' });
    const keys = ['a', 'b'].map((fingerprint) => ({ tenant: 'default', fingerprint }));
    assert.deepEqual(
      (await store.alerts(keys)).map(({ fingerprint }) => fingerprint),
      ['a'],
    );
    assert.deepEqual(await store.positions(), []);
    await store.commit({ ...late, fences: [now!] });
    assert.deepEqual(await store.positions(), [{ partition: 0, offset: 1 }]);
  });

  test('an owner sees the inbox rows, groups and expired alerts of its own part', async (t) => {
    const { store } = await openBoth(t, createPlace);
    assert.notEqual(scopeOf(HERE), scopeOf(THERE));
    const scopes = [scopeOf(HERE)];
    await store.commit({
      wakes: [sampleWake(THERE, 'a'), sampleWake(HERE, 'b')],
      groups: [sampleGroup(THERE, { flushAt: T0 + 5 }), sampleGroup(HERE, { flushAt: T0 + 9 })],
      alerts: [
        sampleAlert('a', { partition: 1, endsAt: T0 + 3 }),
        sampleAlert('b', { partition: 2, endsAt: T0 + 7 }),
      ],
    });
    assert.deepEqual(
      (await store.inbox(10, scopes)).map(({ groupId }) => groupId),
      [HERE],
    );
    assert.deepEqual(await store.inbox(10, []), []);
    assert.equal((await store.inbox(10)).length, 2);
    assert.deepEqual(
      (await store.dueGroups(T0 + 9, 10, scopes)).map(({ id }) => id),
      [HERE],
    );
    assert.deepEqual(
      (await store.expiredAlerts(T0 + 9, 10, [2])).map(({ fingerprint }) => fingerprint),
      ['b'],
    );
    assert.equal(await store.nextDueAt({ scopes, partitions: [] }), T0 + 9);
    assert.equal(await store.nextDueAt({ scopes: [], partitions: [2] }), T0 + 7);
    assert.equal(await store.nextDueAt({ scopes: [], partitions: [] }), Infinity);
  });

  test('deliveries that a dead owner was sending are found by integration', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const deliveries = ['pager', 'chat'].map((integration) =>
      sampleDelivery(integration, { integration, status: 'sending', leaseUntil: T0 }),
    );
    await store.commit({ groups: [sampleGroup(HERE)], deliveries });
    assert.deepEqual(
      (await store.abandoned(T0, 10, 'chat')).map(({ id }) => id),
      ['chat'],
    );
  });
}
