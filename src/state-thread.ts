// The second composition root: builds what the thread that owns the state needs. The main thread owns the listener and the
// journal's writer, this one the store; each SQLite file has one writing thread (design §3).
// It is long because it names every part once, and does nothing else with them.
import { parentPort, workerData } from 'node:worker_threads';
import type { AnalysisQueue } from './analysis/analysis-queue.ts';
import { createAnalysisMetrics } from './analysis/metrics.ts';
import { offerAnew } from './analysis/offer-anew.ts';
import { openAnalyses } from './analysis/open-analyses.ts';
import { applyCommand } from './apply-command.ts';
import { createApprovalDesk } from './approvals/desk.ts';
import { createApprovalMetrics } from './approvals/metrics.ts';
import { createDeliveryMachine } from './delivery/machine.ts';
import { createDeliveryMetrics } from './delivery/metrics.ts';
import type { Sender, SenderEvents } from './delivery/sender.ts';
import { openJournalReader, openStore } from './drivers.ts';
import { createEnrichmentMetrics } from './enrichment/metrics.ts';
import { openEnrichments, type Enrichments } from './enrichment/open-enrichments.ts';
import { createHost } from './host/create-host.ts';
import { loadUsedConnectors } from './host/load-connectors.ts';
import type { Host } from './host/integration.ts';
import { createIds } from './lib/id.ts';
import { commandRecord } from './lifecycle/command-record.ts';
import { createLog } from './lib/log.ts';
import { openLogStream } from './lib/log-stream.ts';
import { createMetricSet, type MetricSet } from './lib/metrics.ts';
import type { NamespaceNews } from './model/namespace.ts';
import { OWN_INTEGRATION } from './model/own-integration.ts';
import { SCOPES } from './model/scope.ts';
import type { Settings } from './model/settings.ts';
import type { OwnershipChange } from './ownership/leased.ts';
import type { Position } from './model/position.ts';
import { createPulses } from './pipeline/pulses.ts';
import { watchLoad } from './pipeline/load-metrics.ts';
import { createPipelineMetrics } from './pipeline/metrics.ts';
import { filtersOf } from './pipeline/prepare-filters.ts';
import { compilePreparation } from './pipeline/prepare.ts';
import { createPipeline } from './pipeline/pipeline.ts';
import { OWN_PARTITION } from './pipeline/heartbeat.ts';
import { alignInhibitors } from './pipeline/align-inhibitors.ts';
import { regroupAll, ROUTING_KEY } from './pipeline/regroup-step.ts';
import { routingSignature } from './pipeline/regroup.ts';
import { createTally } from './rules/tally.ts';
import { watchRules } from './rules/watch-rules.ts';
import { keepTime } from './keep-time.ts';
import { shareWork } from './sharing.ts';
import { startSenderThread } from './sender-link.ts';
import { packSettings, unpackSettings } from './settings/transfer.ts';
import type { FromState, IntegrationStatus, StateData, StateStatus, ToState } from './state-protocol.ts';
import { checkPairing } from './store/pairing.ts';
import { runRetention } from './store/retention.ts';
import type { CommitNews } from './store/postgres/listen.ts';
import { createModelBook } from './scoring/model-book.ts';
import { createSilenceBook } from './suppression/silence-book.ts';
import { startTimer } from './lib/start-timer.ts';
import { createWorkflowMetrics } from './workflows/metrics.ts';
import { createRunWatch } from './workflows/watch-runs.ts';
import { stepBack } from './lib/step-back.ts';
import { createMovedClock } from './lib/clock.ts';
import { collectGarbage } from './lib/collect-garbage.ts';

const INTEGRATION = 'integration/';
const RESCAN_MS = 100;
const RETRY_MS = 1_000;
/** What other nodes leave for the steps of this one. */
const WAKING = ['wakes', 'correlationWakes', 'groups', 'namespaceNews'] as const;

const port = parentPort;
if (!port) throw new Error('src/state-thread.ts runs as a worker of src/app.ts, not by itself');
const data = workerData as StateData;
const say = (message: FromState): void => port.postMessage(message);
const now = createMovedClock(data.clock);

let settings = unpackSettings(data.settings);
let rescan: NodeJS.Timeout | undefined;
const log = createLog(settings.log.level, { thread: 'state' }, openLogStream(settings.log.format));
// What is not acknowledged yet goes before what lies safely in the journal.
stepBack(log);
const metrics = createMetricSet('without-process');
const store = await openStore(settings.storage, now);
const isShared = settings.storage.url !== undefined;
const stopTime = await keepTime({ clock: data.clock, store, isShared, log });
const journal = await openJournalReader(settings.storage, {
  durableEnds: data.durableEnds,
  onRecords: () => pipeline.wake(),
  now,
});
for (const gap of await checkPairing(store, journal)) {
  log.error(
    'signals are missing from the journal: they were trimmed before they were processed, and are lost',
    { ...gap },
  );
}

let connectors = await loadUsedConnectors(settings, data.externalConnectors);
const newId = createIds(now);
const makeHost = (from: Settings, set: MetricSet | undefined): Promise<Host> =>
  createHost({
    settings: from,
    connectors,
    log,
    metrics: set,
    now,
    version: data.version,
    record: recordNamespaces,
  });
let host = await makeHost(settings, metrics);
const models = createModelBook(store);
const enrichmentMetrics = createEnrichmentMetrics(metrics);
const makeEnrichments = (): Enrichments =>
  openEnrichments({
    settings,
    integrations: host.integrations,
    store,
    clock: { now, elapsed: () => performance.now(), timer: startTimer },
    log,
    metrics: enrichmentMetrics,
  });
let enrichments = makeEnrichments();
const analysisMetrics = createAnalysisMetrics(metrics);
let analyses = makeAnalyses();
let preparation = prepareFor(settings);

const sharing = shareWork({
  settings: () => settings,
  store,
  journal,
  integrations: () => [...new Set([...host.integrations.keys(), ...machine.waitingFor()])],
  sendingTo: () => machine.sendingTo(),
  now,
  log,
  metrics,
  onChange: followOwnership,
  onNews: followOthers,
});
/** Whether the groups in the store were made under the routes of this configuration. */
let isAligned = !sharing.isShared;

const context = {
  store,
  journal,
  ownership: sharing.ownership,
  mayDecide: () => isAligned,
  settings: () => settings,
  preparation: () => preparation,
  models,
  enrichments: () => enrichments,
  tally: createTally(),
  host: () => host,
  now,
  random: Math.random,
  log,
  expectDelivery: (integration: string, dueAt: number) => machine.expect(integration, dueAt),
  pulses: createPulses(await store.heartbeats()),
  silences: createSilenceBook(store),
  wake: () => pipeline.wake(),
};
const desk = createApprovalDesk({
  ...context,
  newId,
  metrics: createApprovalMetrics(metrics, { store, now }),
  redriveSignal: (signal, approval) => say({ kind: 'redrive', signal, approval }),
});
const workflowMetrics = createWorkflowMetrics(metrics);
const machine = createDeliveryMachine({
  ...context,
  workflowMetrics,
  metrics: createDeliveryMetrics(metrics),
  startSender,
});
const runWatch = createRunWatch({ ...context, metrics: workflowMetrics });
const pipeline = createPipeline(
  { ...context, metrics: createPipelineMetrics(metrics), onCommit: () => say({ kind: 'changed' }) },
  machine,
  desk,
  runWatch,
  (begun) => analyses.offer(begun),
  (partitions) => offerAnew(analyses, { store, partitions, now: now() }),
);

watchRules(metrics, context.tally);
watchLoad(metrics, {
  journal,
  ownership: sharing.ownership,
  nodes: sharing.nodes,
  pipeline: () => pipeline,
});
await recordRevision();
if (!sharing.isShared) {
  await regroupAll(context);
  await alignInhibitors(context);
  await machine.recover();
}
await sharing.start();
startTasks();
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
      const result = await applyCommand({ context, desk, pipeline, recordNamespaces }, message.command);
      pipeline.wake();
      return result;
    }
    case 'status':
      return status();
    case 'metrics':
      return metrics.text();
    case 'rules':
      return context.tally;
    case 'retain':
      return retain();
    case 'reload':
      return reload(message.settings);
    case 'stop':
      return stop(message.graceMs);
  }
}

function startSender(events: SenderEvents): Promise<Sender> {
  const { clock, version, externalConnectors } = data;
  return startSenderThread(
    {
      data: { clock, version, externalConnectors },
      settings: () => packSettings(settings),
      onDeath: (reason) => say({ kind: 'fatal', reason }),
    },
    events,
  );
}

function makeAnalyses(): AnalysisQueue {
  return openAnalyses({
    settings,
    integrations: host.integrations,
    onAnswer({ alert, command, idempotencyKey }) {
      const id = newId();
      const facts = { id, idempotencyKey, requestId: `analysis-${id}`, now: now() };
      say({ kind: 'append', records: [commandRecord(alert, command, facts, journal.partitions)] });
    },
    clock: { now, elapsed: () => performance.now(), timer: startTimer },
    log,
    metrics: analysisMetrics,
  });
}

async function recordNamespaces(news: readonly NamespaceNews[]): Promise<void> {
  await store.commit({ namespaceNews: news });
  pipeline.wake();
}

function status(): StateStatus {
  const integrations: Record<string, IntegrationStatus> = {};
  for (const [id, { health }] of host.integrations) integrations[id] = { ...health };
  const waitsFor = sharing.waitsFor();
  return {
    ...pipeline.status(),
    inFlight: machine.inFlight,
    integrations,
    ...(waitsFor === undefined ? {} : { waitsFor }),
  };
}

function prepareFor(from: Settings): ReturnType<typeof compilePreparation> {
  return compilePreparation(from, filtersOf(from, connectors.connectors), models.of);
}

/** A part of the work came or went. What a dead node left half-sent is settled before anything else is sent there. */
function followOwnership({ gained }: OwnershipChange): void {
  const integrations = gained
    .filter((name) => name.startsWith(INTEGRATION))
    .map((name) => name.slice(INTEGRATION.length));
  for (const integration of integrations) void inTurn(() => machine.recover(integration));
  void inTurn(align);
}

/** Between two rounds, and tried again until it is done. Resolves after the first try. */
function inTurn(work: () => Promise<void>): Promise<void> {
  return pipeline.between(work).catch((error: unknown) => {
    log.warn('a change of the shared work could not be followed yet', { reason: String(error) });
    setTimeout(() => void inTurn(work), RETRY_MS).unref();
  });
}

/**
 * Brings the groups in line with the routes, once this node has all of them to itself; until then, and while others go on with other
 * routes, it decides nothing. Only ever between two rounds, so that nobody walks over the groups twice at a time.
 */
async function align(): Promise<void> {
  if (!sharing.isShared) return;
  if (sharing.waitsFor() !== undefined) {
    // Others may regroup meanwhile.
    isAligned = false;
    return;
  }
  if (isAligned) return;
  const stored = await store.connectorState(OWN_INTEGRATION, ROUTING_KEY, now());
  const isSame = stored === undefined || stored === routingSignature(settings);
  if (!isSame && sharing.ownership.scopes()?.length !== SCOPES) return;
  await regroupAll(context);
  await alignInhibitors(context);
  isAligned = true;
  pipeline.wake();
}

/** Others committed something that this node may be waiting for. */
function followOthers(news: ReadonlySet<CommitNews>): void {
  if (news.has('deliveries')) rescanSoon();
  if (WAKING.some((part) => news.has(part))) pipeline.wake();
  if (news.has('changes')) say({ kind: 'changed' });
}

/** Many commits come at once, and one look finds what all of them left. */
function rescanSoon(): void {
  rescan ??= setTimeout(() => {
    rescan = undefined;
    void inTurn(() => machine.rescan());
  }, RESCAN_MS).unref();
}

/** Forgets what is old, and tells up to where the journal is needed no more. */
async function retain(): Promise<readonly Position[]> {
  // A duty of one node.
  if (!sharing.ownership.partitions().includes(OWN_PARTITION)) return [];
  await runRetention({ store, retention: settings.storage.retention, now });
  const positions = await store.positions();
  // What was just read may not be on the disk yet; the sync of any later commit covers it.
  await store.commit({});
  return positions;
}

/** The new host is built whole beside the old one; only then does anything change. */
async function reload(packed: unknown): Promise<void> {
  const next = unpackSettings(packed);
  connectors = await loadUsedConnectors(next, data.externalConnectors);
  const made = await makeHost(next, undefined);
  const prepared = prepareFor(next);
  const left = host;
  await pipeline.between(async () => {
    settings = next;
    host = made;
    enrichments = makeEnrichments();
    analyses.close();
    analyses = makeAnalyses();
    await offerAnew(analyses, { store, partitions: sharing.ownership.partitions(), now: now() });
    startTasks();
    preparation = prepared;
    await machine.reconfigure();
    await recordRevision();
    if (sharing.isShared) isAligned = false;
    else {
      await regroupAll(context);
      await alignInhibitors(context);
    }
  });
  if (sharing.isShared) await sharing.ownership.refresh();
  await inTurn(align);
  await left.close();
}

/** What watches other systems is there for enrichment, so it runs where alerts are decided on. */
function startTasks(): void {
  if (settings.server.roles.includes('process')) host.startTasks();
}

async function recordRevision(): Promise<void> {
  await store.commit({
    revision: { id: settings.revision, at: now(), document: '{}' },
    windows: { at: now(), all: settings.maintenanceWindows },
  });
}

/** Requirements section 42: work first, then connections, then buffers, then files. */
async function stop(graceMs: number): Promise<void> {
  pipeline.stop();
  analyses.close();
  runWatch.close();
  await running;
  running = Promise.resolve();
  try {
    await machine.drain(AbortSignal.timeout(graceMs));
    await sharing.stop();
  } finally {
    await host.close();
    await journal.close();
    stopTime();
    await store.close();
    setImmediate(() => port!.close());
  }
}
