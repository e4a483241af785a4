import { NO_ENRICHMENTS } from '../src/enrichment/testing/no-enrichments.ts';
import { join } from 'node:path';
import { ALERT_EVENT } from '@signalbox/sdk';
import type { JournalRecord } from '../src/journal/port.ts';
import { createLog } from '../src/lib/log.ts';
import { createMetricSet } from '../src/lib/metrics.ts';
import type { RecordBody } from '../src/model/record.ts';
import type { Labels } from '../src/model/matcher.ts';
import type { Settings } from '../src/model/settings.ts';
import { ownEverything } from '../src/ownership/ownership.ts';
import { foldStep } from '../src/pipeline/fold-step.ts';
import { gatherStep } from '../src/pipeline/gather-step.ts';
import { createPipelineMetrics } from '../src/pipeline/metrics.ts';
import { createPulses } from '../src/pipeline/pulses.ts';
import type { StepContext } from '../src/pipeline/step.ts';
import { createTally } from '../src/rules/tally.ts';
import { createModelBook } from '../src/scoring/model-book.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { createSilenceBook } from '../src/suppression/silence-book.ts';
import { makeFolder, removeFolder } from './processes.ts';

/** Where the clock stands; it moves by what the measurement says. */
const STARTS_AT = Date.parse('2026-01-15T10:00:00.000Z');

/** The state of a hub without the hub: the store as it ships, and the steps of the flow, called one by one so that each can be timed. */
export interface State {
  readonly context: StepContext;
  /** Takes firing alerts into the store and into groups, as fold and gather do. */
  fire(alerts: readonly Labels[]): Promise<void>;
  /** Lets time pass. */
  pass(ms: number): void;
  close(): Promise<void>;
}

export async function openState(settings: Settings): Promise<State> {
  const folder = makeFolder('state');
  let clock = STARTS_AT;
  const now = (): number => clock;
  const store = await openSqliteStore({ path: join(folder, 'store.db'), now });
  let journal: JournalRecord[] = [];
  let first = 0;
  const context: StepContext = {
    store,
    journal: {
      partitions: 1,
      repeats: false,
      end: async () => first + journal.length,
      read: async (_partition, offset, limit) => journal.slice(offset - first, offset - first + limit),
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
  return {
    context,
    async fire(alerts) {
      first += journal.length;
      journal = alerts.map((labels, index) => recordOf(labels, first + index, clock));
      let positions: ReadonlyMap<number, number> = new Map([[0, first]]);
      while (positions.get(0)! < first + journal.length)
        positions = (await foldStep(context, positions)).next;
      while (await gatherStep(context));
    },
    pass: (ms) => void (clock += ms),
    async close() {
      await store.close();
      removeFolder(folder);
    },
  };
}

function recordOf(labels: Labels, offset: number, at: number): JournalRecord {
  const startsAt = new Date(at).toISOString();
  const body: RecordBody = {
    v: 1,
    kind: 'events',
    meta: {
      signal: `signal-${offset}`,
      integration: 'prom',
      tenant: 'default',
      receivedAt: startsAt,
      hash: `hash-${offset}`,
      requestId: 'bench',
      parts: 1,
      part: 0,
    },
    events: [
      {
        specversion: '1.0',
        id: `signal-${offset}.0`,
        source: '/integrations/prom',
        type: ALERT_EVENT,
        data: {
          status: 'firing',
          labels,
          annotations: { summary: `p99 latency of ${labels.service ?? 'all'} is above its objective` },
          startsAt,
        },
      },
    ],
  };
  return { partition: 0, offset, key: String(offset), at, value: JSON.stringify(body) };
}
