// The second composition root: builds what the thread that owns the state needs. The main thread owns the listener and the
// journal's writer, this one the store; each SQLite file has one writing thread (design §3).
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { applyCommand } from './delivery/command.ts';
import { createDeliveryMachine } from './delivery/machine.ts';
import { createDeliveryMetrics } from './delivery/metrics.ts';
import { createHost } from './host/create-host.ts';
import { loadConnectors } from './host/load-connectors.ts';
import type { Host } from './host/integration.ts';
import { openSqliteJournalReader } from './journal/sqlite/reader.ts';
import { createLog } from './lib/log.ts';
import { openLogStream } from './lib/log-stream.ts';
import { createMetricSet, type MetricSet } from './lib/metrics.ts';
import type { Settings } from './model/settings.ts';
import type { Position } from './model/position.ts';
import { createPulses } from './pipeline/pulses.ts';
import { createPipelineMetrics } from './pipeline/metrics.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { regroupAll } from './pipeline/regroup-step.ts';
import { unpackSettings } from './settings/transfer.ts';
import type { FromState, IntegrationStatus, StateData, StateStatus, ToState } from './state-protocol.ts';
import { checkPairing } from './store/pairing.ts';
import { runRetention } from './store/retention.ts';
import { openSqliteStore } from './store/sqlite/store.ts';
import { createMovedClock } from './lib/clock.ts';
import { errorText } from './lib/error-text.ts';
import { collectGarbage } from './lib/collect-garbage.ts';

const STATE_NICENESS = 5;

const port = parentPort;
if (!port) throw new Error('src/state-thread.ts runs as a worker of src/app.ts, not by itself');
const data = workerData as StateData;
const say = (message: FromState): void => port.postMessage(message);
const now = createMovedClock(data.clock);

let settings = unpackSettings(data.settings);
const log = createLog(settings.log.level, { thread: 'state' }, openLogStream(settings.log.format));
stepBack();
const metrics = createMetricSet('without-process');
const store = await openSqliteStore({ path: join(data.dataPath, 'store.db'), now });
const journal = await openSqliteJournalReader({
  path: join(data.dataPath, 'journal.db'),
  durable: data.durableEnds,
});
for (const gap of await checkPairing(store, journal)) {
  log.error(
    'signals are missing from the journal: they were trimmed before they were processed, and are lost',
    { ...gap },
  );
}

const connectors = await loadConnectors({ external: data.externalConnectors });
const makeHost = (from: Settings, set: MetricSet | undefined): Promise<Host> =>
  createHost({ settings: from, connectors, log, metrics: set, now, version: data.version });
let host = await makeHost(settings, metrics);

const context = {
  store,
  journal,
  settings: () => settings,
  host: () => host,
  now,
  random: Math.random,
  log,
  expectDelivery: (integration: string, dueAt: number) => machine.expect(integration, dueAt),
  pulses: createPulses(await store.heartbeats()),
  wake: () => pipeline.wake(),
};
const machine = createDeliveryMachine({ ...context, metrics: createDeliveryMetrics(metrics) });
const pipeline = createPipeline(
  { ...context, metrics: createPipelineMetrics(metrics), onCommit: () => say({ kind: 'changed' }) },
  machine,
);

await recordRevision();
await regroupAll(context);
await machine.recover();
let running = pipeline
  .run()
  .catch((error: unknown) =>
    say({ kind: 'fatal', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
say({ kind: 'ready' });
setTimeout(collectGarbage, 2_000).unref();

port.on('message', (message: ToState) => {
  if (message.kind === 'appended') return pipeline.wake();
  answer(message).then(
    (value) => say({ kind: 'answer', id: message.id, value }),
    (error: unknown) =>
      say({
        kind: 'refused',
        id: message.id,
        reason: error instanceof Error ? error.message : String(error),
      }),
  );
});

async function answer(message: Exclude<ToState, { kind: 'appended' }>): Promise<unknown> {
  switch (message.kind) {
    case 'command': {
      const result = await applyCommand(context, message.command);
      pipeline.wake();
      return result;
    }
    case 'status':
      return status();
    case 'metrics':
      return metrics.text();
    case 'retain':
      return retain();
    case 'reload':
      return reload(message.settings);
    case 'stop':
      return stop(message.graceMs);
  }
}

function status(): StateStatus {
  const integrations: Record<string, IntegrationStatus> = {};
  for (const [id, { health }] of host.integrations) integrations[id] = { ...health };
  return { ...pipeline.status(), inFlight: machine.inFlight, integrations };
}

/** Forgets what is old, and tells up to where the journal is needed no more. */
async function retain(): Promise<readonly Position[]> {
  await runRetention({ store, retention: settings.storage.retention, now });
  const positions = await store.positions();
  // What was just read may not be on the disk yet; the sync of any later commit covers it.
  await store.commit({});
  return positions;
}

/** The new host is built whole beside the old one; only then does anything change. */
async function reload(packed: unknown): Promise<void> {
  const next = unpackSettings(packed);
  const made = await makeHost(next, undefined);
  const left = host;
  await pipeline.between(async () => {
    settings = next;
    host = made;
    machine.reconfigure();
    await recordRevision();
    await regroupAll(context);
  });
  await left.close();
}

async function recordRevision(): Promise<void> {
  await store.commit({ revision: { id: settings.revision, at: now(), document: '{}' } });
}

/** Requirements section 42: work first, then connections, then buffers, then files. */
async function stop(graceMs: number): Promise<void> {
  pipeline.stop();
  await running;
  running = Promise.resolve();
  try {
    await machine.drain(AbortSignal.timeout(graceMs));
  } finally {
    await host.close();
    await journal.close();
    await store.close();
    setImmediate(() => port!.close());
  }
}

/**
 * What is not acknowledged yet goes before what lies safely in the journal. On Linux the priority is this thread's alone; a sandbox that
 * forbids the call costs some speed under load and nothing else.
 */
function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    setPriority(STATE_NICENESS);
  } catch (error) {
    log.debug('the priority of the thread could not be lowered', { reason: errorText(error) });
  }
}
