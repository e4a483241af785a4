import assert from 'node:assert/strict';
import { NO_ENRICHMENTS } from '../enrichment/testing/no-enrichments.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALERT_EVENT } from '@signalbox/sdk';
import { ownEverything } from '../ownership/ownership.ts';
import type { JournalRecord } from '../journal/port.ts';
import { createLog } from '../lib/log.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { RecordBody } from '../model/record.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import { StaleDelivery, type Store } from '../store/port.ts';
import { sampleAlert, sampleGroup } from '../store/suite/samples.ts';
import { openSqliteStoreReader } from '../store/sqlite/reader.ts';
import { createTally } from '../rules/tally.ts';
import { createModelBook } from '../scoring/model-book.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { expireStep } from './expire-step.ts';
import { flushStep } from './flush-step.ts';
import { foldStep } from './fold-step.ts';
import { gatherStep } from './gather-step.ts';
import { createPipelineMetrics } from './metrics.ts';
import { createPulses } from './pulses.ts';
import { createSilenceBook } from '../suppression/silence-book.ts';
import { createRound } from './round.ts';
import type { StepContext } from './step.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const SECOND = 1_000;

const route: RouteSettings = {
  key: '{}',
  receiver: 'ops',
  matchers: [],
  continue: false,
  groupBy: ['service'],
  groupWaitMs: 5 * SECOND,
  groupIntervalMs: 20 * SECOND,
  repeatIntervalMs: 200 * SECOND,
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  routes: [],
};
const settings = {
  revision: 'r',
  route,
  timeIntervals: {},
  inhibitRules: [],
  maintenanceWindows: [],
  silences: { expiryNoticeMs: 0, confirmAbove: 100 },
  lifecycle: { ackStopsRepeats: true, staleAfterMs: 0, resolveStaleAfterMs: 0, escalate: [] },
  workflows: [],
  receivers: { ops: [{ integration: 'pager', sendResolved: true }] },
  integrations: {
    prom: { id: 'prom', endpoint: { dedupeWindowMs: 10 * SECOND, resolveAfterMs: 60 * SECOND } },
    pager: { id: 'pager', delivery: { deadlineMs: 3_600 * SECOND, fallback: [] } },
  },
  server: { externalURL: 'http://hub' },
} as unknown as Settings;

interface Said {
  readonly service: number;
  readonly instance: number;
  readonly fires: boolean;
  readonly afterS: number;
}

function recordOf(said: Said, offset: number, at: number): JournalRecord {
  const labels = { alertname: 'A', service: `s${said.service}`, instance: `i${said.instance}` };
  const receivedAt = new Date(at).toISOString();
  const meta = { integration: 'prom', tenant: 'default', receivedAt, requestId: 'q', parts: 1, part: 0 };
  const body: RecordBody = {
    v: 1,
    kind: 'events',
    meta: { ...meta, signal: `signal-${offset}`, hash: `${said.service}/${said.instance}/${said.fires}` },
    events: [
      {
        specversion: '1.0',
        id: `${offset}.0`,
        source: '/integrations/prom',
        type: ALERT_EVENT,
        data: { status: said.fires ? 'firing' : 'resolved', labels, annotations: {} },
      },
    ],
  };
  return { partition: 0, offset, key: 'k', at, value: JSON.stringify(body) };
}

function createContext(store: Store, records: readonly JournalRecord[], now: () => number): StepContext {
  return {
    store,
    journal: {
      partitions: 1,
      end: async () => records.length,
      read: async (_partition, offset, limit) => records.slice(offset, offset + limit),
    },
    ownership: ownEverything(1),
    mayDecide: () => true,
    settings: () => settings,
    preparation: () => undefined,
    models: createModelBook(store),
    enrichments: () => NO_ENRICHMENTS,
    tally: createTally(),
    now,
    pulses: createPulses([]),
    silences: createSilenceBook(store),
    onCommit: () => undefined,
    log: createLog('silent'),
    metrics: createPipelineMetrics(createMetricSet('without-process')),
  };
}

/** The steps of one turn; resolves with the next position. */
async function runSteps(step: StepContext, position: number): Promise<number> {
  const folded = await foldStep(step, new Map([[0, position]]));
  await expireStep(step);
  await gatherStep(step);
  await flushStep(step, false);
  return folded.next.get(0) ?? position;
}

/** Runs everything that was said through the steps, with one commit per step or one per round, and returns what is in the store. */
async function play(all: readonly Said[], together: boolean): Promise<unknown> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-round-'));
  const path = join(folder, 'store.db');
  let now = T0;
  const store = await openSqliteStore({ path, now: () => now });
  const records: JournalRecord[] = [];
  const context = createContext(store, records, () => now);
  try {
    let position = 0;
    for (const said of all) {
      now += said.afterS * SECOND;
      records.push(recordOf(said, records.length, now));
      if (together) {
        const round = createRound(store);
        position = await runSteps({ ...context, store: round.store }, position);
        await round.commit();
      } else {
        position = await runSteps(context, position);
      }
    }
    const reader = await openSqliteStoreReader({ path });
    const [alerts, groups, notifications, deliveries] = await Promise.all([
      reader.alerts({ limit: 100 }),
      reader.groups({ limit: 100 }),
      reader.notifications({ limit: 100 }),
      reader.deliveries({ limit: 100 }),
    ]);
    const members = await store.members(
      groups.items.map(({ id }) => id),
      100,
    );
    const positions = await store.positions();
    const inbox = await store.inbox(10);
    await reader.close();
    // What is due at the same moment is told in any order.
    const told = [...notifications.items, ...deliveries.items].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return { alerts, groups, told, members: [...members], positions, inbox };
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const said = fc.record({
  service: fc.integer({ min: 0, max: 1 }),
  instance: fc.integer({ min: 0, max: 2 }),
  fires: fc.boolean(),
  afterS: fc.integer({ min: 0, max: 30 }),
});

test('a round with one commit leaves exactly what the same steps leave one by one', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(said, { minLength: 1, maxLength: 25 }), async (all) => {
      assert.deepEqual(await play(all, true), await play(all, false));
    }),
    { numRuns: 25 },
  );
});

test('a round that is thrown away leaves the store as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-round-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  try {
    const round = createRound(store);
    await round.store.commit({ positions: [{ partition: 0, from: 0, to: 5 }] });
    await round.store.commit({ positions: [{ partition: 0, from: 5, to: 9 }] });
    assert.deepEqual(await store.positions(), []);
    await round.commit();
    assert.deepEqual(await store.positions(), [{ partition: 0, offset: 9 }]);
  } finally {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

test('[BR-REL-013] what another node begins to send while its end is decided on gets its end told', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-round-'));
  let now = T0;
  const path = join(folder, 'store.db');
  const store = await openSqliteStore({ path, now: () => now });
  const reader = await openSqliteStoreReader({ path });
  t.after(async () => {
    await reader.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const records: JournalRecord[] = [];
  const context = createContext(store, records, () => now);
  const say = (fires: boolean) =>
    records.push(recordOf({ service: 0, instance: 0, fires, afterS: 0 }, records.length, now));
  const open = async () => (await reader.deliveries({ limit: 10 })).items;
  say(true);
  let position = await runSteps(context, 0);
  now += 10 * SECOND;
  position = await runSteps(context, position);
  const [first] = await open();
  assert.equal(first!.status, 'pending');

  now += 10 * SECOND;
  say(false);
  position = await runSteps(context, position);
  now += 20 * SECOND;
  const round = createRound(store);
  await runSteps({ ...context, store: round.store }, position);
  await store.commit({ moves: [{ id: first!.id, from: 'pending', to: 'sending', leaseUntil: now + 1 }] });
  await assert.rejects(round.commit(), StaleDelivery);

  const again = createRound(store);
  await runSteps({ ...context, store: again.store }, position);
  await again.commit();
  const statuses = (await open()).map(({ status, generation }) => [generation, status]);
  assert.deepEqual(Object.fromEntries(statuses), { 1: 'sending', 2: 'pending' });
});

test('the members of many groups cost as many questions as those of one', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-round-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db') });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const asked: string[] = [];
  const counting: Store = {
    ...store,
    alerts: (...args) => (asked.push('alerts'), store.alerts(...args)),
    members: (...args) => (asked.push('members'), store.members(...args)),
  };
  const names = ['a', 'b', 'c'];
  // What other nodes folded, and groups that have it as a member only since this round.
  await store.commit({
    alerts: [...names, 'old'].map((name) => sampleAlert(name)),
    groups: [sampleGroup('a')],
    members: [{ groupId: 'a', fingerprint: 'old' }],
  });
  const round = createRound(counting);
  await round.store.groups(names);
  await round.store.commit({
    groups: names.map((name) => sampleGroup(name)),
    members: names.map((name) => ({ groupId: name, fingerprint: name })),
  });
  const found = await round.store.members(names, 10);
  const fingerprints = [...found].map(([id, members]) => [id, members.map(({ fingerprint }) => fingerprint)]);
  assert.deepEqual(fingerprints, [
    ['a', ['a', 'old']],
    ['b', ['b']],
    ['c', ['c']],
  ]);
  assert.deepEqual(asked, ['members', 'alerts']);
});
