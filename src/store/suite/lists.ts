import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Matcher } from '../../model/matcher.ts';
import type { Page, StoreReader } from '../reader.ts';
import { openBoth, type CreatePlace } from './place.ts';
import {
  T0,
  sampleAlert,
  sampleChange,
  sampleDelivery,
  sampleGroup,
  sampleNotification,
  sampleQuarantine,
} from './samples.ts';

async function readAll<Item>(
  list: (cursor: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const found: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await list(cursor);
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

const more = (cursor: string | undefined) => (cursor === undefined ? {} : { cursor });
const numbered = (count: number) => Array.from({ length: count }, (_, index) => index);

/** People's lists: keyset pages, filters, the feed of changes, counts. */
export function listTests(createPlace: CreatePlace): void {
  test('alerts are listed by their newest change, and rows that come meanwhile shift no page', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const status = (index: number) => (index % 3 === 0 ? 'resolved' : 'firing');
    const alerts = numbered(10).map((index) =>
      sampleAlert(`a${index}`, { status: status(index), changedAt: T0 + index }),
    );
    await store.commit({ alerts });
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await reader.alerts({ limit: 3, ...more(cursor) });
      assert.ok(page.items.length <= 3);
      seen.push(...page.items.map(({ fingerprint }) => fingerprint));
      cursor = page.next;
      await store.commit({ alerts: [sampleAlert(`new${seen.length}`, { changedAt: T0 + 100 })] });
    } while (cursor !== undefined);
    assert.deepEqual(
      seen,
      numbered(10).map((index) => `a${9 - index}`),
    );
  });

  test('alerts that changed in the same millisecond are all listed, each once', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      alerts: numbered(7).map((index) => sampleAlert(`a${index}`, index % 2 ? { status: 'resolved' } : {})),
    });
    const found = await readAll((cursor) => reader.alerts({ limit: 2, ...more(cursor) }));
    assert.deepEqual(
      found.map(({ fingerprint }) => fingerprint).toSorted(),
      numbered(7).map((index) => `a${index}`),
    );
  });

  test('alerts are filtered by tenant, status, severity, integration and labels', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    await store.commit({
      alerts: [
        sampleAlert('plain'),
        sampleAlert('tenant', { tenant: 'other' }),
        sampleAlert('status', { status: 'resolved' }),
        sampleAlert('severity', { severity: 'info' }),
        sampleAlert('integration', { integration: 'grafana' }),
      ],
    });
    const found = async (query: Partial<Parameters<StoreReader['alerts']>[0]>) =>
      (await readAll((cursor) => reader.alerts({ limit: 2, ...query, ...more(cursor) }))).map(
        (one) => one.fingerprint,
      );
    const matcher: Matcher = {
      name: 'instance',
      op: '=',
      value: 'severity',
      test: (value) => value === 'severity',
    };
    assert.deepEqual(await found({ tenant: 'other' }), ['tenant']);
    assert.deepEqual(await found({ status: 'resolved' }), ['status']);
    assert.deepEqual(await found({ severity: 'info' }), ['severity']);
    assert.deepEqual(await found({ integration: 'grafana' }), ['integration']);
    assert.deepEqual(await found({ matchers: [matcher] }), ['severity']);
    assert.deepEqual(
      await found({ status: 'firing', tenant: 'default', severity: 'critical', integration: 'prom' }),
      ['plain'],
    );
  });

  test('a filter that finds little stops after a bounded scan and says where to go on', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const alerts = numbered(5_000).map((index) =>
      sampleAlert(`a${index}`, { changedAt: T0 + index, severity: index === 0 ? 'info' : 'critical' }),
    );
    await store.commit({ alerts });
    let pages = 0;
    const found = await readAll((cursor) => {
      pages++;
      return reader.alerts({ limit: 10, severity: 'info', ...more(cursor) });
    });
    assert.deepEqual(
      found.map(({ fingerprint }) => fingerprint),
      ['a0'],
    );
    assert.ok(pages > 1, 'the scan was not bounded');
  });

  test('a cursor that no page gave is refused by its code', async (t) => {
    const { reader } = await openBoth(t, createPlace);
    for (const cursor of ['', 'nonsense', 'WzFd', Buffer.from('["a","b"]').toString('base64url')]) {
      await assert.rejects(reader.alerts({ limit: 1, cursor }), { code: 'bad_cursor' });
    }
  });

  test('groups, notifications and deliveries are listed newest first', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const receiver = (index: number) => (index % 2 === 0 ? 'on-call' : 'desk');
    for (const index of numbered(5)) {
      await store.commit({
        groups: [sampleGroup(`g${index}`, { receiver: receiver(index) })],
        notifications: [
          sampleNotification(`n${index}`, { receiver: receiver(index), groupId: `g${index % 2}` }),
        ],
        deliveries: [sampleDelivery(`d${index}`, { notificationId: `n${index}`, groupId: `g${index % 2}` })],
      });
    }
    const ids = (items: readonly { id: string }[]) => items.map(({ id }) => id);
    assert.deepEqual(ids(await readAll((cursor) => reader.groups({ limit: 2, ...more(cursor) }))), [
      'g4',
      'g3',
      'g2',
      'g1',
      'g0',
    ]);
    assert.deepEqual(ids((await reader.groups({ limit: 9, receiver: 'desk' })).items), ['g3', 'g1']);
    assert.deepEqual(ids(await readAll((cursor) => reader.notifications({ limit: 2, ...more(cursor) }))), [
      'n4',
      'n3',
      'n2',
      'n1',
      'n0',
    ]);
    assert.deepEqual(ids((await reader.notifications({ limit: 9, groupId: 'g1' })).items), ['n3', 'n1']);
    assert.deepEqual(ids((await reader.notifications({ limit: 9, receiver: 'desk' })).items), ['n3', 'n1']);
  });

  test('[BR-ERR-009] dead letters are found among many deliveries; every filter works', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const sent = numbered(3_000).map((index) => sampleDelivery(`d${index}`, { status: 'delivered' }));
    await store.commit({
      notifications: [sampleNotification('n', { groupId: 'g', generation: 7 })],
      deliveries: [
        sampleDelivery('dead', { status: 'dead' }),
        sampleDelivery('other', {
          integration: 'mail',
          receiver: 'desk',
          priority: 'info',
          groupId: 'g',
          generation: 7,
          notificationId: 'n',
        }),
        ...sent,
      ],
    });
    const found = async (query: Partial<Parameters<StoreReader['deliveries']>[0]>) =>
      (await readAll((cursor) => reader.deliveries({ limit: 50, ...query, ...more(cursor) }))).map(
        ({ id }) => id,
      );
    assert.deepEqual(
      (await reader.deliveries({ limit: 50, status: ['dead'] })).items.map(({ id }) => id),
      ['dead'],
    );
    assert.deepEqual(await found({ status: ['dead', 'pending'] }), ['other', 'dead']);
    assert.deepEqual(await found({ integration: 'mail' }), ['other']);
    assert.deepEqual(await found({ receiver: 'desk' }), ['other']);
    assert.deepEqual(await found({ priority: 'info' }), ['other']);
    assert.deepEqual(await found({ notificationId: 'n' }), ['other']);
    assert.deepEqual(await found({ groupId: 'g' }), ['other']);
    assert.equal((await found({ status: ['delivered'] })).length, 3_000);
  });

  test('quarantined signals are listed without their requests', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const rows = numbered(4).map((index) =>
      sampleQuarantine(`q${index}`, {
        receivedAt: T0 + index,
        integration: index === 3 ? 'grafana' : 'prom',
      }),
    );
    await store.commit({ quarantine: rows, quarantineSettled: [{ id: 'q0', status: 'discarded', at: T0 }] });
    const { request: _, ...head } = rows[2]!;
    const held = await readAll((cursor) => reader.quarantine({ limit: 2, status: 'held', ...more(cursor) }));
    assert.deepEqual(
      held.map(({ id }) => id),
      ['q3', 'q2', 'q1'],
    );
    assert.deepEqual(held[1], head);
    assert.deepEqual(
      (await reader.quarantine({ limit: 9, integration: 'grafana' })).items.map(({ id }) => id),
      ['q3'],
    );
    assert.equal((await reader.quarantine({ limit: 9 })).items.length, 4);
    assert.deepEqual(await reader.quarantined('q2'), rows[2]);
  });

  test('the feed of changes ascends and tells what it still has', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    assert.deepEqual(await reader.changes(0, 10), { rows: [], oldest: 1, newest: 0 });
    await store.commit({
      changes: numbered(4).map((index) => sampleChange(`a${index}`, { at: T0 + index })),
    });
    const first = await reader.changes(0, 3);
    assert.deepEqual(
      first.rows.map(({ seq, id }) => [seq, id]),
      [
        [1, 'a0'],
        [2, 'a1'],
        [3, 'a2'],
      ],
    );
    assert.deepEqual((await reader.changes(3, 10)).rows, [
      { seq: 4, ...sampleChange('a3', { at: T0 + 3 }), data: {} },
    ]);
    await store.expire('changes', T0 + 2, 100);
    const { oldest, newest } = await reader.changes(0, 1);
    assert.deepEqual({ oldest, newest }, { oldest: 3, newest: 4 });
    await store.expire('changes', T0 + 99, 100);
    await store.commit({ changes: [sampleChange('b')] });
    assert.equal((await reader.changes(0, 10)).rows[0]!.seq, 5);
  });

  test('counts tell what is open and what needs a person', async (t) => {
    const { store, reader } = await openBoth(t, createPlace);
    const none = { pending: 0, sending: 0, dead: 0, unknown: 0, discarded: 0 };
    assert.deepEqual(await reader.counts(), {
      alertsFiring: 0,
      alertsResolved: 0,
      groups: 0,
      deliveries: none,
      quarantined: 0,
    });
    await store.commit({
      alerts: [sampleAlert('a'), sampleAlert('b'), sampleAlert('c', { status: 'resolved' })],
      groups: [sampleGroup('g')],
      deliveries: [
        sampleDelivery('1', { createdAt: T0 + 1 }),
        sampleDelivery('2', { createdAt: T0 + 2 }),
        sampleDelivery('3', { status: 'sending', leaseUntil: T0 }),
        sampleDelivery('4', { status: 'dead' }),
        sampleDelivery('5', { status: 'unknown' }),
        sampleDelivery('6', { status: 'delivered' }),
      ],
      quarantine: [sampleQuarantine('q'), sampleQuarantine('r', { status: 'discarded' })],
    });
    assert.deepEqual(await reader.counts(), {
      alertsFiring: 2,
      alertsResolved: 1,
      groups: 1,
      deliveries: { ...none, pending: 2, sending: 1, dead: 1, unknown: 1 },
      quarantined: 1,
      oldestPendingAt: T0 + 1,
    });
  });
}
