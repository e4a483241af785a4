import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { ApprovalSettings } from '../model/approval-settings.ts';
import type { Settings } from '../model/settings.ts';
import { StoreUnavailable, type Store } from '../store/port.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { sampleApproval, sampleDelivery, sampleNotification, T0 } from '../store/suite/samples.ts';
import { createApprovalDesk, type ApprovalDesk } from './desk.ts';

const GATED: ApprovalSettings = {
  deadlineMs: 1_000,
  onExpiry: 'reject',
  fourEyes: true,
  redrive: ['pager'],
  intervene: [],
  roles: {},
  gates: [],
  telling: {},
};
const letter = { kind: 'delivery', id: 'd1', tenant: 'default', integration: 'pager' } as const;

async function openDead(t: TestContext): Promise<Store> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-desk-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db'), now: () => T0 });
  t.after(async () => {
    await store.close();
    await rm(folder, { recursive: true });
  });
  await store.commit({
    notifications: [sampleNotification('n-d1')],
    deliveries: [sampleDelivery('d1', { status: 'dead', settledAt: T0 })],
  });
  return store;
}

function openDesk(store: Store, clock = { now: T0 }): ApprovalDesk & { readonly asked: string[] } {
  const asked: string[] = [];
  let ids = 0;
  const desk = createApprovalDesk({
    store,
    settings: () => ({ revision: 'r', integrations: {}, approvals: GATED }) as unknown as Settings,
    now: () => clock.now,
    newId: () => `${++ids}`,
    metrics: { written() {} },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    expectDelivery: (integration) => void asked.push(integration),
    redriveSignal: (signal) => void asked.push(signal),
  });
  return { ...desk, asked };
}

const approve = { kind: 'answer_approval', id: 'a_1', answer: 'approve', by: 'grace' } as const;

test('two who ask the same at a time share one question', async (t) => {
  const store = await openDead(t);
  const desk = openDesk(store);
  const results = await Promise.all([desk.askToRedrive(letter, 'ada'), desk.askToRedrive(letter, 'linus')]);
  assert.deepEqual(
    results.map((result) => result && !result.ok && result.approval),
    ['a_1', 'a_1'],
  );
});

test('[BR-ERR-010] what was approved before a crash is done at the next start, and once', async (t) => {
  const store = await openDead(t);
  const down: Store = {
    ...store,
    async deliveries() {
      throw new StoreUnavailable('the disk went away after the approval was committed');
    },
  };
  await openDesk(store).askToRedrive(letter, 'ada');
  assert.deepEqual(await openDesk(down).apply(approve), { ok: true, id: 'a_1' });
  assert.equal((await store.approval('a_1'))?.execution?.state, 'waiting');
  assert.equal((await store.deliveries(['d1']))[0]?.status, 'dead');

  const clock = { now: T0 };
  const next = openDesk(store, clock);
  assert.equal(await next.tick(), true);
  assert.deepEqual(next.asked, ['pager']);
  assert.equal((await store.deliveries(['d1']))[0]?.status, 'pending');
  assert.equal((await store.approval('a_1'))?.execution?.state, 'done');
  clock.now += 60_000;
  assert.equal(await next.tick(), false);
});

test('[BR-ERR-010] of two nodes that carry the same approval out one does, and nothing is sent twice', async (t) => {
  const store = await openDead(t);
  await store.commit({
    approvals: [
      sampleApproval('a_1', { state: 'approved', execution: { state: 'waiting', at: T0 }, dueAt: T0 }),
    ],
  });
  const [left, right] = [openDesk(store), openDesk(store)];
  await Promise.all([left.tick(), right.tick()]);
  assert.deepEqual([...left.asked, ...right.asked], ['pager']);
  assert.equal((await store.approval('a_1'))?.version, 2);
});

test('of two answers at the same moment one stands, and the other is told', async (t) => {
  const store = await openDead(t);
  const [left, right] = [openDesk(store), openDesk(store)];
  await left.askToRedrive(letter, 'ada');
  const results = await Promise.all([
    left.apply(approve),
    right.apply({ ...approve, answer: 'reject', by: 'linus' }),
  ]);
  assert.equal(results.filter(({ ok }) => ok).length, 1);
});

test('a delivery that went on without the approval makes its action fail, and says why', async (t) => {
  const store = await openDead(t);
  const desk = openDesk(store);
  await desk.askToRedrive(letter, 'ada');
  await store.commit({ moves: [{ id: 'd1', from: 'dead', to: 'pending', dueAt: T0 }] });
  await desk.apply(approve);
  const { execution } = (await store.approval('a_1'))!;
  assert.equal(execution?.state, 'failed');
  assert.match(execution?.detail ?? '', /d1 is pending/);
});

test('an action that another thread does is begun anew when nobody says what came of it', async (t) => {
  const store = await openDead(t);
  const row = { id: 's1', tenant: 'default', integration: 'pager', receivedAt: T0, status: 'held' } as const;
  const request = { method: 'POST', path: '/', contentType: '', headers: {}, body: '' };
  await store.commit({ quarantine: [{ ...row, problem: { code: 'malformed', detail: 'x' }, request }] });
  const clock = { now: T0 };
  const desk = openDesk(store, clock);
  const needed = await desk.apply({ kind: 'ask_redrive', signal: 's1', by: 'ada' });
  assert.equal(needed.ok, false);
  await desk.apply(approve);
  assert.deepEqual(desk.asked, ['s1']);
  clock.now += 60_001;
  await desk.tick();
  assert.deepEqual(desk.asked, ['s1', 's1']);
  await store.commit({ quarantineSettled: [{ id: 's1', status: 'redriven', at: T0 }] });
  clock.now += 60_001;
  await desk.tick();
  assert.equal((await store.approval('a_1'))?.execution?.state, 'done');
});
