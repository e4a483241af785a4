import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBoth, type CreatePlace } from './place.ts';
import {
  T0,
  sampleAlert,
  sampleChange,
  sampleDecision,
  sampleGroup,
  sampleDelivery,
  sampleQuarantine,
  sampleReceipt,
  sampleWake,
} from './samples.ts';

/** Atomicity, positions, identity and what is not worth a file of its own. */
export function commitTests(name: string, createPlace: CreatePlace): void {
  test('a new store belongs to no journal; it takes the first and refuses others', async (t) => {
    const { store, place } = await openBoth(t, createPlace);
    assert.deepEqual(await store.identity(), { cluster: '', generation: '' });
    await store.adopt({ cluster: 'c', generation: '1' });
    await store.adopt({ cluster: 'c', generation: '1' });
    assert.deepEqual(await store.identity(), { cluster: 'c', generation: '1' });
    await assert.rejects(store.adopt({ cluster: 'c', generation: '2' }), { code: 'store_mismatch' });
    await assert.rejects(store.adopt({ cluster: 'd', generation: '1' }), { code: 'store_mismatch' });
    const again = await place.open();
    assert.deepEqual(await again.identity(), { cluster: 'c', generation: '1' });
    await again.close();
  });

  test('positions are compared and set', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    assert.deepEqual(await store.positions(), []);
    await store.commit({ positions: [{ partition: 1, from: 0, to: 5 }] });
    await store.commit({ positions: [{ partition: 1, from: 5, to: 9 }] });
    assert.deepEqual(await store.positions(), [{ partition: 1, offset: 9 }]);
    assert.deepEqual(await reader.positions(), [{ partition: 1, offset: 9 }]);
  });

  test("[HNP-014] a zombie's commit fails whole", async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ positions: [{ partition: 0, from: 0, to: 5 }] });
    for (const from of [0, 4, 6]) {
      await assert.rejects(
        store.commit({
          positions: [
            { partition: 1, from: 0, to: 1 },
            { partition: 0, from, to: 9 },
          ],
          alerts: [sampleAlert('a')],
          changes: [sampleChange('a')],
        }),
        { code: 'stale_position' },
      );
    }
    assert.deepEqual(await store.positions(), [{ partition: 0, offset: 5 }]);
    assert.equal(await reader.alert('default', 'a'), undefined);
    assert.deepEqual((await reader.changes(0, 10)).rows, []);
  });

  test('[HNP-014] when one row of a commit is refused nothing of it stays', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const broken = { ...sampleChange('a'), status: null as unknown as string };
    await assert.rejects(
      store.commit({
        positions: [{ partition: 0, from: 0, to: 1 }],
        alerts: [sampleAlert('a')],
        receipts: [sampleReceipt('s')],
        wakes: [sampleWake('g', 'a')],
        deliveries: [sampleDelivery('d')],
        changes: [sampleChange('a'), broken],
      }),
    );
    assert.deepEqual(await store.positions(), []);
    assert.deepEqual(await store.alerts([{ tenant: 'default', fingerprint: 'a' }]), []);
    assert.equal(await reader.receipt('s'), undefined);
    assert.deepEqual(await store.inbox(10), []);
    assert.deepEqual(await store.deliveries(['d']), []);
    assert.deepEqual((await reader.changes(0, 10)).rows, []);
  });

  test('[BR-REL-004] a medium that refuses changes nothing, and the same commit works when it is back', async (t) => {
    const { store, reader, place } = await openBoth(t, createPlace);
    if (!place.breakMedium) return t.skip(`${name} has no way to break its medium`);
    const batch = { positions: [{ partition: 0, from: 0, to: 1 }], alerts: [sampleAlert('a')] };
    const repair = place.breakMedium();
    await assert.rejects(store.commit(batch), { code: 'store_unavailable' });
    assert.equal(await reader.alert('default', 'a'), undefined);
    repair();
    assert.deepEqual(await store.commit(batch), { lost: [] });
    assert.deepEqual(await reader.alert('default', 'a'), sampleAlert('a'));
  });

  test('a closed store refuses', async (t) => {
    const { place } = await openBoth(t, createPlace);
    const store = await place.open();
    await store.close();
    await assert.rejects(store.commit({}), { code: 'store_unavailable' });
  });

  test('[BR-WH-008] a claim holds until it expires', async (t) => {
    let now = T0;
    const { store } = await openBoth(t, createPlace, { now: () => now });
    await store.commit({ claims: [{ key: 'prom/1', signal: 's1', expiresAt: T0 + 100 }] });
    const keys = ['prom/1', 'prom/2'];
    assert.deepEqual(await store.claims(keys, T0 + 99), new Map([['prom/1', { signal: 's1' }]]));
    assert.deepEqual(await store.claims(keys, T0 + 100), new Map());
    now = T0 + 200;
    await store.commit({ claims: [{ key: 'prom/1', signal: 's2', expiresAt: T0 + 300 }] });
    assert.deepEqual(await store.claims(keys, now), new Map([['prom/1', { signal: 's2' }]]));
  });

  test('of what one commit says twice the last word holds', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [sampleAlert('a', { occurrences: 1 }), sampleAlert('b'), sampleAlert('a', { occurrences: 2 })],
      groups: [sampleGroup('g', { generation: 1 }), sampleGroup('g', { generation: 2 })],
      claims: ['s1', 's2'].map((signal) => ({ key: 'k', signal, expiresAt: T0 * 2 })),
      positions: [
        { partition: 0, from: 0, to: 5 },
        { partition: 0, from: 5, to: 9 },
      ],
    });
    const [a] = await store.alerts([{ tenant: 'default', fingerprint: 'a' }]);
    assert.equal(a!.occurrences, 2);
    assert.equal((await store.groups(['g']))[0]!.generation, 2);
    assert.deepEqual(await store.claims(['k'], T0), new Map([['k', { signal: 's2' }]]));
    assert.deepEqual(await store.positions(), [{ partition: 0, offset: 9 }]);
  });

  test('the receipt of a signal in several records adds up', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ receipts: [sampleReceipt('s', { parts: 3, alerts: ['b', 'a'] })] });
    assert.deepEqual(await reader.receipt('s'), sampleReceipt('s', { parts: 3, alerts: ['b', 'a'] }));
    await store.commit({
      receipts: [
        sampleReceipt('s', { parts: 3, alerts: ['b', 'c'], processedAt: T0 + 9 }),
        sampleReceipt('s', { parts: 3, alerts: [], duplicateOf: 's0' }),
      ],
    });
    assert.deepEqual(await store.receipts(['s', 'unknown']), [await reader.receipt('s')]);
    const sum = await reader.receipt('s');
    assert.deepEqual(
      { ...sum, alerts: sum!.alerts.toSorted() },
      sampleReceipt('s', {
        parts: 3,
        partsDone: 3,
        alerts: ['a', 'b', 'c'],
        processedAt: T0 + 9,
        duplicateOf: 's0',
      }),
    );
  });

  test('one quarantined record makes the signal quarantined until it is re-driven', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      receipts: [sampleReceipt('s', { parts: 2, status: 'quarantined' })],
      quarantine: [sampleQuarantine('s')],
    });
    await store.commit({ receipts: [sampleReceipt('s', { parts: 2 })] });
    assert.equal((await reader.receipt('s'))!.status, 'quarantined');
    await store.commit({ quarantineSettled: [{ id: 's', status: 'redriven', at: T0 }] });
    assert.equal((await reader.receipt('s'))!.status, 'processed');
    assert.equal((await store.quarantined('s'))!.status, 'redriven');
    await store.commit({ quarantineSettled: [{ id: 's', status: 'discarded', at: T0 }] });
    assert.equal((await store.quarantined('s'))!.status, 'redriven');
  });

  test('[BR-AP-020] the decisions about an alert and about its groups come together, newest first', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const fired = sampleDecision();
    const routed = sampleDecision({ stage: 'route', rule: '{}', outcome: 'g', at: T0 + 1 });
    const told = sampleDecision({ stage: 'flush', rule: 'pager', outcome: 'first', at: T0 + 2, count: 3 });
    await store.commit({
      alerts: [sampleAlert('a', { decisions: [fired, routed] })],
      groups: [
        sampleGroup('g', { decisions: [told] }),
        sampleGroup('other', { decisions: [sampleDecision()] }),
      ],
      members: [{ groupId: 'g', fingerprint: 'a' }],
    });
    assert.deepEqual(await reader.decisions('default', 'a', 10), [told, routed, fired]);
    assert.deepEqual(await reader.decisions('default', 'a', 1), [told]);
    assert.deepEqual(await reader.decisions('default', 'g', 10), [told]);
    assert.deepEqual(await reader.decisions('elsewhere', 'a', 10), []);
  });

  test('the inbox gives the oldest rows first, never a number twice', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ wakes: [sampleWake('g', 'a'), sampleWake('g', 'b')] });
    const [first, second] = await store.inbox(10);
    assert.deepEqual(first, { id: first!.id, ...sampleWake('g', 'a') });
    assert.deepEqual(await store.inbox(1), [first]);
    await store.commit({ inboxDone: [first.id, second!.id], wakes: [sampleWake('g', 'c')] });
    const [third] = await store.inbox(10);
    assert.equal(third!.fingerprint, 'c');
    await store.commit({ inboxDone: [third!.id] });
    await store.commit({ wakes: [sampleWake('g', 'd')] });
    assert.ok((await store.inbox(10))[0]!.id > third!.id);
  });

  test('connector state, heartbeats and revisions keep the newest word', async (t) => {
    const { store, reader } = await openBoth(t, createPlace, { now: () => T0 });
    const state = (value: string, expiresAt: number) => [
      { integration: 'chat', key: 'thread', value, expiresAt },
    ];
    await store.commit({
      connectorState: state('1', T0 + 50),
      heartbeats: [{ integration: 'prom', lastSeenAt: 1, silent: false }],
    });
    await store.commit({
      connectorState: state('2', T0 + 100),
      heartbeats: [{ integration: 'prom', lastSeenAt: 2, silent: true }],
    });
    assert.equal(await store.connectorState('chat', 'thread', T0 + 99), '2');
    assert.equal(await store.connectorState('chat', 'thread', T0 + 100), undefined);
    await store.commit({ connectorState: state('3', Infinity) });
    assert.equal(await store.connectorState('chat', 'thread', T0 * 2), '3');
    assert.equal(await reader.connectorState('chat', 'thread', T0 * 2), '3');
    assert.deepEqual(await store.heartbeats(), [{ integration: 'prom', lastSeenAt: 2, silent: true }]);
    assert.deepEqual(await reader.heartbeats(), await store.heartbeats());
    await store.commit({
      beats: [
        { integration: 'prom', lastSeenAt: 1 },
        { integration: 'other', lastSeenAt: 5 },
      ],
    });
    await store.commit({ beats: [{ integration: 'other', lastSeenAt: 4 }] });
    assert.deepEqual(await store.heartbeats(), [
      { integration: 'other', lastSeenAt: 5, silent: false },
      { integration: 'prom', lastSeenAt: 2, silent: true },
    ]);
    for (const [index, id] of ['a', 'b', 'a'].entries()) {
      await store.commit({ revision: { id, at: T0 + index, document: '{}' } });
    }
    assert.deepEqual(await reader.revisions(10), [
      { id: 'a', at: T0 + 2 },
      { id: 'b', at: T0 + 1 },
    ]);
  });
}
