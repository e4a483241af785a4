import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleIncident, sampleReceipt } from './samples.ts';

/** What people and time do with alerts. */
export function lifecycleTests(createPlace: CreatePlace): void {
  test('firing alerts whose lifecycle goes on are due, earliest first, by the partition that owns them', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [
        sampleAlert('late', { dueAt: T0 + 20, endsAt: T0 + 500 }),
        sampleAlert('early', { dueAt: T0 + 10, partition: 2 }),
        sampleAlert('future', { dueAt: T0 + 99 }),
        sampleAlert('calm'),
        sampleAlert('over', { status: 'resolved', endsAt: T0, dueAt: T0 }),
      ],
    });
    const due = async (limit: number, partitions?: readonly number[]) =>
      (await store.dueAlerts(T0 + 20, limit, partitions)).map(({ fingerprint }) => fingerprint);
    assert.deepEqual(await due(10), ['early', 'late']);
    assert.deepEqual(await due(1), ['early']);
    assert.deepEqual(await due(10, [0]), ['late']);
    assert.deepEqual(await due(10, []), []);
    assert.equal(await store.nextDueAt(), T0 + 10);
    assert.equal(await store.nextDueAt({ scopes: [], partitions: [0] }), T0 + 20);
    await store.commit({ alerts: [sampleAlert('early', { partition: 2 })] });
    assert.deepEqual(await due(10), ['late']);
  });

  test('the lifecycle is part of the alert, and lists can be asked by its state and by who takes care', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const comments = [{ id: 'c1', at: T0, by: 'ada', text: 'Platte bestellt 火' }];
    const acknowledged = sampleAlert('mine', {
      lifecycle: { state: 'acknowledged', at: T0, by: 'ada', assignee: 'grace', comments },
    });
    await store.commit({ alerts: [acknowledged, sampleAlert('other')] });
    assert.deepEqual(await reader.alert('default', 'mine'), acknowledged);
    const found = async (query: object) =>
      (await reader.alerts({ limit: 10, ...query })).items.map(({ fingerprint }) => fingerprint);
    assert.deepEqual(await found({ state: 'acknowledged' }), ['mine']);
    assert.deepEqual(await found({ state: 'open' }), ['other']);
    assert.deepEqual(await found({ assignee: 'grace' }), ['mine']);
    assert.deepEqual(await found({ state: 'closed' }), []);
  });

  test('lists can be asked by level and by what nobody acknowledged in time', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const facts = { assessment: { level: 'SEV1', rank: 0, rule: 'r', definedAt: 'signalbox.yaml:1' } };
    const lifecycle = { state: 'open' as const, at: 0, comments: [], overdueSince: T0 };
    await store.commit({
      alerts: [
        sampleAlert('late', { facts, lifecycle }),
        sampleAlert('over', { facts, lifecycle, status: 'resolved', endsAt: T0 }),
        sampleAlert('calm'),
      ],
      incidents: [sampleIncident('i', { ...facts, overdueSince: T0 }), sampleIncident('other')],
    });
    const alerts = async (query: object) =>
      (await reader.alerts({ limit: 10, ...query })).items.map(({ fingerprint }) => fingerprint).toSorted();
    assert.deepEqual(await alerts({ level: 'SEV1' }), ['late', 'over']);
    assert.deepEqual(await alerts({ overdue: true }), ['late']);
    assert.deepEqual(await alerts({ overdue: false }), ['calm', 'over']);
    const incidents = async (query: object) =>
      (await reader.incidents({ limit: 10, ...query })).items.map(({ id }) => id);
    assert.deepEqual(await incidents({ level: 'SEV1' }), ['i']);
    assert.deepEqual(await incidents({ overdue: true }), ['i']);
    assert.deepEqual(await incidents({ overdue: false }), ['other']);
  });

  test('a command leaves what came of it with its receipt; what came first stays', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const refused = { ok: false, code: 'conflict', detail: 'The alert is closed.' } as const;
    await store.commit({
      receipts: [
        sampleReceipt('00000000000000000000000000000001', { outcome: { ok: true, changed: true } }),
        sampleReceipt('00000000000000000000000000000002', { outcome: refused }),
        sampleReceipt('00000000000000000000000000000003'),
      ],
    });
    const outcomeOf = async (id: string) => (await reader.receipt(id.padStart(32, '0')))?.outcome;
    assert.deepEqual(await outcomeOf('1'), { ok: true, changed: true });
    assert.deepEqual(await outcomeOf('2'), refused);
    assert.equal(await outcomeOf('3'), undefined);
    await store.commit({
      receipts: [sampleReceipt('00000000000000000000000000000002', { outcome: { ok: true, changed: true } })],
    });
    assert.deepEqual(await outcomeOf('2'), refused);
  });
}
