import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Delivery } from '../../model/delivery.ts';
import { StaleDelivery, type Room, type Store } from '../port.ts';
import { openBoth, type CreatePlace } from './place.ts';
import { T0, sampleAttempt, sampleDelivery, sampleGroup, sampleNotification } from './samples.ts';

const ids = (deliveries: readonly Delivery[]) => deliveries.map(({ id }) => id);

async function claimableIds(store: Store, integration: string, limit: number): Promise<readonly string[]> {
  return ids((await store.claimable([{ integration, limit }], T0)).get(integration) ?? []);
}

/** The outbox: claiming, moving, lanes. */
export function deliveryTests(createPlace: CreatePlace): void {
  test('deliveries, notifications and attempts come back as saved', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const full = sampleDelivery('d', {
      status: 'dead',
      leaseUntil: T0 + 1,
      settledAt: T0 + 2,
      fault: { code: 'SB_AUTH', message: 'refused' },
      summary: '401',
    });
    const notification = sampleNotification('n-d');
    await store.commit({
      notifications: [notification],
      deliveries: [full, sampleDelivery('e')],
      attempts: [sampleAttempt('d', 2), sampleAttempt('d', 1), { ...sampleAttempt('d', 2), detail: 'again' }],
    });
    assert.deepEqual(await store.deliveries(['e', 'missing', 'd']), [sampleDelivery('e'), full]);
    assert.deepEqual(await reader.delivery('d'), full);
    assert.deepEqual(await store.notifications(['n-d', 'missing']), [notification]);
    assert.deepEqual(await reader.notification('n-d'), notification);
    assert.deepEqual(await reader.attempts('d'), [
      sampleAttempt('d', 1),
      { ...sampleAttempt('d', 2), detail: 'again' },
    ]);
  });

  test('a notification never changes after it was created', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({ notifications: [sampleNotification('n')] });
    await store.commit({ notifications: [sampleNotification('n', { status: 'resolved' })] });
    assert.equal((await reader.notification('n'))!.status, 'firing');
  });

  test('what arrived about an alert is found by its groups, newest first', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const about = (id: string, fingerprint: string, more: Partial<Delivery> = {}) => ({
      notification: sampleNotification(`n-${id}`, {
        groupId: 'g',
        generation: more.generation ?? 1,
        alerts: [
          { status: 'firing', fingerprint, labels: {}, annotations: {}, startsAt: '2026-01-01T00:00:00Z' },
        ],
      }),
      delivery: sampleDelivery(id, { groupId: 'g', status: 'delivered', ...more }),
    });
    const rows = [
      about('first', 'a'),
      about('other', 'b', { generation: 2 }),
      about('pending', 'a', { generation: 3, status: 'pending' }),
      about('second', 'a', { generation: 4 }),
    ];
    const elsewhere = sampleDelivery('elsewhere', { status: 'delivered' });
    await store.commit({
      groups: [sampleGroup('g')],
      notifications: [...rows.map(({ notification }) => notification), sampleNotification('n-elsewhere')],
      deliveries: [...rows.map(({ delivery }) => delivery), elsewhere],
    });
    assert.deepEqual(ids(await store.deliveriesAbout('a', ['g', 'g-elsewhere', 'g-none'], 10)), [
      'second',
      'first',
    ]);
    assert.deepEqual(ids(await store.deliveriesAbout('a', ['g'], 1)), ['second']);
    assert.deepEqual(await store.deliveriesAbout('a', [], 10), []);
  });

  test('claimable gives what is due: highest priority first, then earliest, of one integration', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      deliveries: [
        sampleDelivery('info', { priority: 'info', dueAt: T0 - 99 }),
        sampleDelivery('late', { priority: 'critical', dueAt: T0 }),
        sampleDelivery('early', { priority: 'critical', dueAt: T0 - 5 }),
        sampleDelivery('warning'),
        sampleDelivery('future', { priority: 'critical', dueAt: T0 + 1 }),
        sampleDelivery('elsewhere', { integration: 'mail' }),
        sampleDelivery('sent', { status: 'delivered' }),
      ],
    });
    assert.deepEqual(await claimableIds(store, 'pager', 10), ['early', 'late', 'warning', 'info']);
    assert.deepEqual(await claimableIds(store, 'pager', 3), ['early', 'late', 'warning']);
    assert.deepEqual([...(await store.nextDueAfter(['pager', 'mail'], T0))], [['pager', T0 + 1]]);
    assert.deepEqual([...(await store.nextDueAfter(['pager'], T0 + 1))], []);
  });

  test('many integrations are asked for at once, and each gives no more than it has room for', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      deliveries: [
        sampleDelivery('pager-2'),
        sampleDelivery('pager-1', { priority: 'critical' }),
        sampleDelivery('mail-1', { integration: 'mail', dueAt: T0 - 1 }),
        sampleDelivery('mail-2', { integration: 'mail' }),
        sampleDelivery('chat-1', { integration: 'chat' }),
        sampleDelivery('later', { integration: 'late', dueAt: T0 + 5 }),
      ],
    });
    const room = (integration: string, limit: number): Room => ({ integration, limit });
    const rooms = [room('pager', 1), room('mail', 2), room('late', 9), room('nobody', 9)];
    const found = await store.claimable(rooms, T0);
    const listed = [...found].map(([integration, deliveries]) => [integration, ids(deliveries)]);
    assert.deepEqual(Object.fromEntries(listed), { pager: ['pager-1'], mail: ['mail-1', 'mail-2'] });
    assert.deepEqual([...(await store.claimable([], T0))], []);
    const next = await store.nextDueAfter(['pager', 'late', 'nobody'], T0);
    assert.deepEqual([...next], [['late', T0 + 5]]);
  });

  test('of a lane only the oldest generation goes, and none while one is being sent', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const lane = (id: string, generation: number, more: Partial<Delivery> = {}) =>
      sampleDelivery(id, { groupId: 'g', generation, ...more });
    await store.commit({
      deliveries: [
        lane('3', 3, { dueAt: T0 - 9, priority: 'critical' }),
        lane('2', 2),
        lane('mail-4', 4, { integration: 'mail' }),
      ],
    });
    assert.deepEqual(await claimableIds(store, 'pager', 10), ['2']);
    assert.deepEqual(await claimableIds(store, 'mail', 10), ['mail-4']);
    await store.commit({ moves: [{ id: '2', from: 'pending', to: 'sending', leaseUntil: T0 + 30 }] });
    assert.deepEqual(await claimableIds(store, 'pager', 10), []);
    await store.commit({ moves: [{ id: '2', from: 'sending', to: 'delivered', settledAt: T0 }] });
    assert.deepEqual(await claimableIds(store, 'pager', 10), ['3']);
  });

  test('[BR-REL-012] whatever order they come in, the generations of a lane are claimed one by one and ascending', async (t) => {
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 8 }),
        fc.array(fc.constantFrom('critical', 'warning', 'info'), { minLength: 8, maxLength: 8 }),
        async (generations, priorities) => {
          const place = await createPlace();
          const store = await place.open();
          const deliveries = generations.map((generation, index) =>
            sampleDelivery(`d${generation}`, { groupId: 'g', generation, priority: priorities[index]! }),
          );
          await store.commit({ deliveries });
          const sent: number[] = [];
          for (;;) {
            const claimed =
              (await store.claimable([{ integration: 'pager', limit: 10 }], T0)).get('pager') ?? [];
            if (claimed.length === 0) break;
            assert.equal(claimed.length, 1);
            sent.push(claimed[0]!.generation);
            await store.commit({
              moves: [{ id: claimed[0]!.id, from: 'pending', to: 'sending', leaseUntil: T0 }],
            });
            await store.commit({
              moves: [{ id: claimed[0]!.id, from: 'sending', to: 'delivered', settledAt: T0 }],
            });
          }
          await store.close();
          await place.remove();
          assert.deepEqual(
            sent,
            generations.toSorted((left, right) => left - right),
          );
        },
      ),
      { numRuns: 15 },
    );
    t.diagnostic('15 lanes');
  });

  test('[BR-REL-013] a move whose start no longer holds is not applied and is named; the others are', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ deliveries: [sampleDelivery('a'), sampleDelivery('b')] });
    const claim = (id: string) =>
      ({ id, from: 'pending', to: 'sending', leaseUntil: T0 + 30, attempts: 1 }) as const;
    assert.deepEqual(await store.commit({ moves: [claim('a')] }), { lost: [] });
    assert.deepEqual(await store.commit({ moves: [claim('a'), claim('b'), claim('missing')] }), {
      lost: ['a', 'missing'],
    });
    assert.equal((await store.deliveries(['b']))[0]!.status, 'sending');
  });

  test('[BR-REL-013] a required move whose start no longer holds takes everything back that was decided with it', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({ deliveries: [sampleDelivery('a'), sampleDelivery('b', { status: 'sending' })] });
    const end = (id: string) => ({ id, from: 'pending', to: 'superseded', required: true }) as const;
    const commit = store.commit({ deliveries: [sampleDelivery('c')], moves: [end('a'), end('b')] });
    await assert.rejects(commit, StaleDelivery);
    const left = await store.deliveries(['a', 'b', 'c']);
    assert.deepEqual(
      left.map(({ id, status }) => [id, status]),
      [
        ['a', 'pending'],
        ['b', 'sending'],
      ],
    );
    assert.deepEqual(await store.commit({ moves: [end('a')] }), { lost: [] });
  });

  test('a move changes what it gives; lease and time of settling follow the status', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const read = async () => (await store.deliveries(['d']))[0]!;
    await store.commit({ deliveries: [sampleDelivery('d')] });
    await store.commit({
      moves: [{ id: 'd', from: 'pending', to: 'sending', leaseUntil: T0 + 30.6, attempts: 1 }],
    });
    assert.deepEqual(
      await read(),
      sampleDelivery('d', { status: 'sending', leaseUntil: T0 + 31, attempts: 1 }),
    );
    const fault = { code: 'SB_UNAVAILABLE', message: '503' } as const;
    await store.commit({ moves: [{ id: 'd', from: 'sending', to: 'pending', dueAt: T0 + 60.2, fault }] });
    const retried = sampleDelivery('d', { attempts: 1, dueAt: T0 + 60, fault });
    assert.deepEqual(await read(), retried);
    await store.commit({
      moves: [{ id: 'd', from: 'pending', to: 'dead', settledAt: T0 + 70, summary: 'gave up' }],
    });
    assert.deepEqual(await read(), { ...retried, status: 'dead', settledAt: T0 + 70, summary: 'gave up' });
    await store.commit({
      moves: [{ id: 'd', from: 'dead', to: 'pending', attempts: 0, deadlineAt: T0 + 99 }],
    });
    assert.deepEqual(await read(), { ...retried, attempts: 0, deadlineAt: T0 + 99, summary: 'gave up' });
  });

  test('several moves of one delivery in one commit are taken one after the other', async (t) => {
    const { store } = await openBoth(t, createPlace);
    await store.commit({
      deliveries: [sampleDelivery('d')],
      moves: [
        { id: 'd', from: 'pending', to: 'sending', leaseUntil: T0 + 30, attempts: 1 },
        { id: 'd', from: 'sending', to: 'delivered', settledAt: T0 + 5, summary: 'ok' },
      ],
    });
    const sent = sampleDelivery('d', { status: 'delivered', attempts: 1, settledAt: T0 + 5, summary: 'ok' });
    assert.deepEqual(await store.deliveries(['d']), [sent]);
    assert.deepEqual(await store.commit({ moves: [{ id: 'd', from: 'sending', to: 'pending' }] }), {
      lost: ['d'],
    });
  });

  test('what was being sent when its lease ran out is abandoned', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const sending = (id: string, leaseUntil: number) => sampleDelivery(id, { status: 'sending', leaseUntil });
    await store.commit({
      deliveries: [sending('b', T0 + 2), sending('a', T0 + 1), sending('c', T0 + 9), sampleDelivery('d')],
    });
    assert.deepEqual(ids(await store.abandoned(T0 + 2, 10)), ['a', 'b']);
    assert.deepEqual(ids(await store.abandoned(T0 + 2, 1)), ['a']);
  });

  test('lanes tell what is open and the newest generation that arrived or may have', async (t) => {
    const { store } = await openBoth(t, createPlace);
    const lane = (id: string, generation: number, status: Delivery['status'], integration = 'pager') =>
      sampleDelivery(id, { groupId: 'g', generation, status, integration });
    await store.commit({
      deliveries: [
        lane('1', 1, 'delivered'),
        lane('2', 2, 'unknown'),
        lane('3', 3, 'dead'),
        lane('4', 4, 'sending'),
        lane('5', 5, 'pending'),
        lane('m', 1, 'pending', 'mail'),
      ],
    });
    const lanes = await store.lanes(['g', 'other']);
    assert.deepEqual(lanes.get('other'), []);
    assert.deepEqual(
      lanes.get('g')!.toSorted((left, right) => left.integration.localeCompare(right.integration)),
      [
        {
          integration: 'mail',
          open: [{ id: 'm', generation: 1, status: 'pending' }],
          deliveredGeneration: 0,
        },
        {
          integration: 'pager',
          open: [
            { id: '4', generation: 4, status: 'sending' },
            { id: '5', generation: 5, status: 'pending' },
          ],
          deliveredGeneration: 2,
        },
      ],
    );
    const [fourth, fifth, mail] = await store.deliveries(['4', '5', 'm']);
    assert.equal(await store.superseded(fourth!), true);
    assert.equal(await store.superseded(fifth!), false);
    assert.equal(await store.superseded(mail!), false);
  });

  for (const status of ['pending', 'superseded', 'dead'] as const) {
    test(`what was left half-sent and is ${status} by now may have arrived; what failed has not`, async (t) => {
      const { store } = await openBoth(t, createPlace);
      const lane = (id: string, generation: number) =>
        sampleDelivery(id, { groupId: 'g', generation, status, attempts: 1 });
      await store.commit({
        deliveries: [lane('1', 1), lane('2', 2)],
        attempts: [
          { ...sampleAttempt('1', 1), outcome: 'unknown' },
          { ...sampleAttempt('2', 1), outcome: 'failed' },
        ],
      });
      const [found] = (await store.lanes(['g'])).get('g')!;
      assert.equal(found!.deliveredGeneration, 1);
    });
  }

  test('waiting integrations are those with something pending, and when', async (t) => {
    const { store } = await openBoth(t, createPlace);
    assert.deepEqual(await store.waitingIntegrations(), []);
    await store.commit({
      deliveries: [
        sampleDelivery('a', { dueAt: T0 + 5 }),
        sampleDelivery('b', { dueAt: T0 + 3, priority: 'info' }),
        sampleDelivery('c', { integration: 'mail', dueAt: T0 + 9 }),
        sampleDelivery('d', { integration: 'chat', status: 'delivered' }),
      ],
    });
    assert.deepEqual(await store.waitingIntegrations(), [
      { integration: 'mail', dueAt: T0 + 9, count: 1 },
      { integration: 'pager', dueAt: T0 + 3, count: 2 },
    ]);
  });
}
