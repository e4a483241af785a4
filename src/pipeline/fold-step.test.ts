import assert from 'node:assert/strict';
import { NO_ENRICHMENTS } from '../enrichment/testing/no-enrichments.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { ALERT_EVENT, type AlertStatus } from '@signalbox/sdk';
import type { JournalRecord } from '../journal/port.ts';
import { createLog } from '../lib/log.ts';
import { createMetricSet } from '../lib/metrics.ts';
import type { RecordBody } from '../model/record.ts';
import type { Settings } from '../model/settings.ts';
import { ownEverything } from '../ownership/ownership.ts';
import { createTally } from '../rules/tally.ts';
import { createModelBook } from '../scoring/model-book.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { foldStep } from './fold-step.ts';
import { createPipelineMetrics } from './metrics.ts';
import { createPulses } from './pulses.ts';
import { createSilenceBook } from '../suppression/silence-book.ts';
import type { StepContext } from './step.ts';

const T0 = Date.parse('2026-03-01T10:00:00Z');
const route = { key: '{}', receiver: 'ops', matchers: [], continue: false, groupBy: [], routes: [] };
const settings = {
  revision: 'r',
  route,
  integrations: {},
  receivers: {},
  inhibitRules: [],
  maintenanceWindows: [],
  lifecycle: { ackStopsRepeats: true, staleAfterMs: 0, resolveStaleAfterMs: 0, escalate: [] },
  workflows: [],
} as unknown as Settings;

function say(signal: string, status: AlertStatus, partition = 0): Omit<JournalRecord, 'offset'> {
  const meta = { integration: 'prom', tenant: 'default', receivedAt: new Date(T0).toISOString() };
  const body: RecordBody = {
    v: 1,
    kind: 'events',
    meta: { ...meta, signal, hash: signal, requestId: 'q', parts: 1, part: 0 },
    events: [
      {
        specversion: '1.0',
        id: `${signal}.0`,
        source: '/integrations/prom',
        type: ALERT_EVENT,
        data: { status, labels: { alertname: `P${partition}` }, annotations: {} },
      },
    ],
  };
  return { partition, key: 'k', at: T0, value: JSON.stringify(body) };
}

async function openFold(t: TestContext, said: readonly Omit<JournalRecord, 'offset'>[], repeats: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-fold-'));
  const store = await openSqliteStore({ path: join(folder, 'store.db'), now: () => T0 });
  t.after(async () => {
    await store.close();
    rmSync(folder, { recursive: true });
  });
  const partitions = Math.max(...said.map(({ partition }) => partition)) + 1;
  const context: StepContext = {
    store,
    journal: {
      partitions,
      repeats,
      end: async () => 0,
      read: async (partition, offset, limit) =>
        said
          .filter((record) => record.partition === partition)
          .map((record, index) => ({ ...record, offset: index }))
          .slice(offset, offset + limit),
    },
    ownership: ownEverything(partitions),
    mayDecide: () => true,
    settings: () => settings,
    preparation: () => undefined,
    models: createModelBook(store),
    enrichments: () => NO_ENRICHMENTS,
    tally: createTally(),
    now: () => T0,
    pulses: createPulses([]),
    silences: createSilenceBook(store),
    onCommit: () => undefined,
    log: createLog('silent'),
    metrics: createPipelineMetrics(createMetricSet('without-process')),
  };
  return { store, context };
}

test('records of several partitions share a commit, and each position moves by its own', async (t) => {
  const { store, context } = await openFold(
    t,
    [say('a', 'firing', 0), say('b', 'firing', 2), say('c', 'resolved', 2)],
    false,
  );
  const { next } = await foldStep(context, new Map([0, 1, 2].map((partition) => [partition, 0])));
  assert.deepEqual(
    [...next],
    [
      [0, 1],
      [2, 2],
    ],
  );
  assert.deepEqual(await store.positions(), [
    { partition: 0, offset: 1 },
    { partition: 2, offset: 2 },
  ]);
});

test('[BR-WH-010] a batch that a broker kept twice is processed once, in one step or in two', async (t) => {
  const twice = [say('a', 'firing'), say('b', 'resolved'), say('a', 'firing'), say('b', 'resolved')];
  const { store, context } = await openFold(t, [...twice, ...twice], true);
  await foldStep(
    {
      ...context,
      journal: {
        ...context.journal,
        read: async (p, o) => (await context.journal.read(p, o, 4)).slice(0, 4),
      },
    },
    new Map([[0, 0]]),
  );
  const episodes = async () => {
    const [inbox] = [await store.inbox(100)];
    return inbox.map(({ status }) => status);
  };
  assert.deepEqual(await episodes(), ['firing', 'resolved']);
  await foldStep(context, new Map([[0, 4]]));
  assert.deepEqual(await episodes(), ['firing', 'resolved']);
  assert.deepEqual(await store.positions(), [{ partition: 0, offset: 8 }]);
});

test('[BR-WH-010] a re-driven signal is taken in once although its re-drive is recorded before its record is processed', async (t) => {
  const { store, context } = await openFold(t, [say('a', 'firing'), say('a', 'firing')], true);
  const held = { signal: 'a', integration: 'prom', receivedAt: T0, processedAt: T0, parts: 1, partsDone: 1 };
  await store.commit({ receipts: [{ ...held, status: 'quarantined', alerts: [] }] });
  await store.commit({ quarantineSettled: [{ id: 'a', status: 'redriven', at: T0 }] });
  const [receipt] = await store.receipts(['a']);
  assert.deepEqual([receipt?.status, receipt?.alerts], ['processed', []]);
  await foldStep(context, new Map([[0, 0]]));
  assert.equal((await store.inbox(100)).length, 1);
});
