import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { openScratchStore } from '../drivers.ts';
import type { Commit, Store } from '../store/port.ts';
import {
  sampleAlert,
  sampleGroup,
  sampleNotification,
  sampleReceipt,
  sampleWake,
  T0,
} from '../store/suite/samples.ts';
import { createSoleStore } from './sole-store.ts';

const LIMIT = 2;

/** What the steps of a rehearsal ask in every turn. */
async function answers(store: Store, now: number): Promise<unknown> {
  const [inbox, expired, aged, groups, next] = await Promise.all([
    store.inbox(LIMIT),
    store.expiredAlerts(now, LIMIT),
    store.dueAlerts(now, LIMIT),
    store.dueGroups(now, LIMIT),
    store.nextDueAt(),
  ]);
  return { inbox, expired, aged, groups, next };
}

const change: fc.Arbitrary<Commit> = fc.oneof(
  fc.record({ name: fc.constantFrom('a', 'b', 'c'), at: fc.nat(20), fires: fc.boolean() }).map(
    ({ name, at, fires }): Commit => ({
      alerts: [
        sampleAlert(name, { status: fires ? 'firing' : 'resolved', endsAt: T0 + at, dueAt: T0 + 2 * at }),
      ],
    }),
  ),
  fc.record({ id: fc.constantFrom('g/1', 'g/2'), at: fc.nat(20) }).map(
    ({ id, at }): Commit => ({
      groups: [sampleGroup(id, { flushAt: T0 + at })],
      wakes: [sampleWake(id, 'a')],
    }),
  ),
  fc.constant<Commit>({ groupsGone: ['g/1'] }),
  fc.nat(6).map((id): Commit => ({ inboxDone: [id] })),
);

test('a sole store answers what the store under it would, without asking it each time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(change, fc.nat(25)), { maxLength: 20 }), async (steps) => {
      const plain = await openScratchStore(() => T0);
      const under = await openScratchStore(() => T0);
      const sole = createSoleStore(under);
      try {
        for (const [batch, ahead] of steps) {
          await plain.commit(batch);
          await sole.commit(batch);
          assert.deepEqual(await answers(sole, T0 + ahead), await answers(plain, T0 + ahead));
        }
      } finally {
        await plain.close();
        await under.close();
      }
    }),
    { numRuns: 20 },
  );
});

test('it keeps nothing that nobody in a rehearsal reads', async () => {
  const store = await openScratchStore(() => T0);
  try {
    const batch: Commit = {
      notifications: [sampleNotification('n1')],
      receipts: [sampleReceipt('s1'), sampleReceipt('s2', { outcome: { ok: true, changed: true } })],
    };
    const kept = async () => (await store.receipts(['s1', 's2'])).map(({ signal }) => signal);
    await createSoleStore(store).commit(batch);
    assert.deepEqual([await store.notifications(['n1']), await kept()], [[], ['s2']]);
    await createSoleStore(store, { repeats: true }).commit(batch);
    assert.deepEqual(await kept(), ['s1', 's2']);
  } finally {
    await store.close();
  }
});
