import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAlert, sampleDecision, sampleDelivery, sampleGroup } from './samples.ts';

/** Alerts, groups, their members, and what is due when. */
export function groupTests(createPlace: CreatePlace): void {
  test('alerts come back as saved, by tenant and fingerprint', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const full = sampleAlert('a', {
      endsAt: T0 + 9,
      generatorURL: 'http://prom/',
      details: { values: { B: 1.5 } },
    });
    await store.commit({ alerts: [full, sampleAlert('a', { tenant: 'other' })] });
    await store.commit({ alerts: [{ ...full, occurrences: 2 }] });
    const keys = ['a', 'missing'].map((fingerprint) => ({ tenant: 'default', fingerprint }));
    assert.deepEqual(await store.alerts(keys), [{ ...full, occurrences: 2 }]);
  });

  test('firing alerts whose end has passed expire, earliest first', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [
        sampleAlert('late', { endsAt: T0 + 20 }),
        sampleAlert('early', { endsAt: T0 + 10 }),
        sampleAlert('future', { endsAt: T0 + 99 }),
        sampleAlert('open'),
        sampleAlert('over', { status: 'resolved', endsAt: T0 }),
      ],
    });
    const expired = async (limit: number) =>
      (await store.expiredAlerts(T0 + 20, limit)).map(({ fingerprint }) => fingerprint);
    assert.deepEqual(await expired(10), ['early', 'late']);
    assert.deepEqual(await expired(1), ['early']);
  });

  test('groups are found by id and by what is due, earliest first', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const told = [
      { integration: 'pager', at: T0, firing: ['a'], firingCount: 1, resolved: [], sinceGeneration: 1 },
    ];
    const groups = [
      sampleGroup('x', { flushAt: T0 + 20, told }),
      sampleGroup('y', { flushAt: T0 + 10 }),
      sampleGroup('z', { flushAt: T0 + 21 }),
    ];
    await store.commit({ groups });
    assert.deepEqual(await store.groups(['x', 'missing']), [groups[0]]);
    assert.deepEqual(await store.dueGroups(T0 + 20, 10), [groups[1], groups[0]]);
    await store.commit({ groups: [{ ...groups[1]!, flushAt: T0 + 50 }], groupsGone: ['x'] });
    assert.deepEqual(await store.dueGroups(T0 + 20, 10), []);
    assert.deepEqual(await store.groups(['x']), []);
  });

  test("a group's alerts: firing first, then by start, at most so many", async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const alerts = [
      sampleAlert('r', { status: 'resolved', startsAt: T0 - 50, endsAt: T0 }),
      sampleAlert('f2', { startsAt: T0 + 2 }),
      sampleAlert('f1', {
        startsAt: T0 + 1,
        decisions: ['g', 'left'].map((outcome) => sampleDecision({ stage: 'route', outcome })),
      }),
      sampleAlert('f1', { tenant: 'other' }),
    ];
    const members = ['r', 'f2', 'f1', 'f1', 'forgotten'].map((fingerprint) => ({
      groupId: 'g',
      fingerprint,
    }));
    await store.commit({ alerts, groups: [sampleGroup('g'), sampleGroup('empty')], members });
    const ids = async (limit: number) =>
      [...(await store.members(['g', 'empty'], limit))].map(([id, found]) => [
        id,
        found.map((one) => one.fingerprint),
      ]);
    assert.deepEqual(await ids(10), [
      ['g', ['f1', 'f2', 'r']],
      ['empty', []],
    ]);
    assert.deepEqual((await ids(2))[0], ['g', ['f1', 'f2']]);
    assert.deepEqual(
      await store.memberCounts(['g', 'empty']),
      new Map([
        ['g', { firing: 2, resolved: 1 }],
        ['empty', { firing: 0, resolved: 0 }],
      ]),
    );
    assert.deepEqual(
      (await reader.groupsOf('default', 'f1')).map(({ id }) => id),
      ['g'],
    );
    assert.deepEqual(await reader.groupsOf('other', 'f1'), []);
    await store.commit({ membersGone: [{ groupId: 'g', fingerprint: 'r' }] });
    assert.deepEqual((await ids(10))[0], ['g', ['f1', 'f2']]);
  });

  test('a group that is gone leaves no members to one of the same id', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [sampleAlert('a')],
      groups: [sampleGroup('g')],
      members: [{ groupId: 'g', fingerprint: 'a' }],
    });
    await store.commit({ groupsGone: ['g'] });
    await store.commit({ groups: [sampleGroup('g')] });
    assert.deepEqual(await store.members(['g'], 10), new Map([['g', []]]));
  });

  test('the next due time is the earliest of flush and expiry; deliveries have their own', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ deliveries: [sampleDelivery('d', { dueAt: T0 })] });
    assert.equal(await store.nextDueAt(), Infinity);
    await store.commit({
      alerts: [sampleAlert('a', { endsAt: T0 + 30 }), sampleAlert('b', { status: 'resolved', endsAt: T0 })],
    });
    assert.equal(await store.nextDueAt(), T0 + 30);
    await store.commit({ groups: [sampleGroup('g', { flushAt: T0 + 20 })] });
    assert.equal(await store.nextDueAt(), T0 + 20);
  });

  test('a walk over all groups sees each once, by id', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ groups: ['c', 'a', 'e', 'b', 'd'].map((id) => sampleGroup(id)) });
    const seen: string[] = [];
    for (;;) {
      const page = await store.groupsAfter(seen.at(-1) ?? '', 2);
      if (page.length === 0) break;
      seen.push(...page.map(({ id }) => id));
    }
    assert.deepEqual(seen, ['a', 'b', 'c', 'd', 'e']);
  });
}
