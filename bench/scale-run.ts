import { availableParallelism } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { TOKEN } from './hub.ts';
import { closedLoop } from './load.ts';
import { idleMs, ownCpuMs, treeCpuMs, writtenBytes } from './scale-processes.ts';
import { CELLS, startNodes } from './scale-nodes.ts';
import type { Servers, Shared } from './scale-servers.ts';
import { awaitDeliveries, startSink, type Sink } from './sink.ts';

const CONNECTIONS_PER_CELL = 4;
/** For each node: the more of them share these cores, the longer each waits until its hot paths are compiled. */
const WARM_UP_SECONDS = 8;
/** How long to look at nodes that have nothing to do. */
const REST_MS = 3_000;
/** The alerts of the warm-up, and those of each source, have other numbers. */
const CELL_NUMBERS = 100_000_000;
const WARM_UP_NUMBERS = CELL_NUMBERS / 2;
const QUIET_MS = 15_000;
const DRAIN_MS = 180_000;

/** Who used the processors; `load` is the generators and the benchmark itself. */
export const PARTIES = ['nodes', 'PostgreSQL', 'Kafka', 'receiver', 'load'] as const;
export type Party = (typeof PARTIES)[number];

/** What one number of nodes did with one load. */
export interface ScaleRun {
  /** 0: embedded, one process with its own files. */
  readonly nodes: number;
  readonly acknowledgedPerSecond: number;
  readonly p99Ms: number;
  readonly errors: number;
  readonly deliveredPerSecond: number;
  readonly missing: number;
  /** Processor time per delivered alert, over the whole run, in milliseconds. */
  readonly cpuPerAlert: Readonly<Record<Party, number>>;
  /** Cores that each had while the load went on. */
  readonly coresUsed: Readonly<Record<Party, number>>;
  /** Cores that all nodes together take with nothing to do: leases, groups, looks for work. */
  readonly coresAtRest: number;
  /** Of the busiest node, while the load went on. */
  readonly busiestNode: number;
  /** Share of all cores that had nothing to do over the whole run. */
  readonly idle: number;
  /** Absent in embedded mode. */
  readonly servers?: {
    readonly walPerAlert: number;
    readonly commitsPerAlert: number;
    readonly postgresWrittenPerAlert: number;
    readonly kafkaWrittenPerAlert: number;
  };
}

interface Sample {
  readonly at: number;
  readonly cpu: Readonly<Record<Party, number>>;
  readonly perNode: readonly number[];
  readonly idle: number;
  readonly written: { readonly postgres: number; readonly kafka: number };
  readonly totals: { readonly walBytes: number; readonly commits: number } | undefined;
}

/** Some seconds of load on all nodes at once, then the rest of the backlog. */
export async function runScale(count: number, servers: Servers, seconds: number): Promise<ScaleRun> {
  const sink = await startSink('count');
  const shared = count === 0 ? undefined : await servers.newInstallation();
  const nodes = await startNodes(Math.max(1, count), sink.url, shared);
  try {
    const warm = await load(nodes.hookOf, WARM_UP_SECONDS * Math.max(1, count), WARM_UP_NUMBERS);
    const before = await deliverAll(sink, warm.accepted);
    const resting = nodesCpu(nodes.pids);
    await pause(REST_MS);
    const coresAtRest = (nodesCpu(nodes.pids) - resting) / REST_MS;
    const look = () => takeSample({ servers, shared, sink, pids: nodes.pids });
    const started = await look();
    const loaded = await load(nodes.hookOf, seconds, 0);
    const stopped = await look();
    const last = await deliverAll(sink, before.count + loaded.accepted);
    const ended = await look();
    const delivered = last.count - before.count;
    return {
      nodes: count,
      acknowledgedPerSecond: loaded.perSecond,
      p99Ms: loaded.p99Ms,
      errors: loaded.errors,
      deliveredPerSecond: delivered / ((last.at - started.at) / 1000),
      // What a generator breaks off at its end may have been taken in, and is delivered beyond what it counted.
      missing: Math.max(0, before.count + loaded.accepted - last.count),
      cpuPerAlert: byParty((party) => (ended.cpu[party] - started.cpu[party]) / delivered),
      coresUsed: byParty((party) => (stopped.cpu[party] - started.cpu[party]) / (stopped.at - started.at)),
      coresAtRest,
      busiestNode: Math.max(
        ...started.perNode.map((cpu, index) => (stopped.perNode[index]! - cpu) / (stopped.at - started.at)),
      ),
      idle: (ended.idle - started.idle) / (ended.at - started.at) / availableParallelism(),
      ...(ended.totals && started.totals
        ? {
            servers: {
              walPerAlert: (ended.totals.walBytes - started.totals.walBytes) / delivered,
              commitsPerAlert: (ended.totals.commits - started.totals.commits) / delivered,
              postgresWrittenPerAlert: (ended.written.postgres - started.written.postgres) / delivered,
              kafkaWrittenPerAlert: (ended.written.kafka - started.written.kafka) / delivered,
            },
          }
        : {}),
    };
  } finally {
    await nodes.stop();
    await shared?.close();
    await sink.stop();
  }
}

/** One generator per source, all at once. */
async function load(
  hookOf: (cell: number) => string,
  seconds: number,
  first: number,
): Promise<{ accepted: number; perSecond: number; errors: number; p99Ms: number }> {
  const results = await Promise.all(
    Array.from({ length: CELLS }, (_, cell) =>
      closedLoop({
        url: hookOf(cell),
        kind: 'webhook',
        token: TOKEN,
        connections: CONNECTIONS_PER_CELL,
        seconds,
        first: first + cell * CELL_NUMBERS,
      }),
    ),
  );
  const sum = (of: (result: (typeof results)[number]) => number): number =>
    results.reduce((total, result) => total + of(result), 0);
  const errors = sum((result) => result.errors);
  return {
    accepted: sum(({ requests }) => requests) - errors,
    perSecond: sum(({ perSecond }) => perSecond),
    errors,
    p99Ms: Math.max(...results.map(({ p99Ms }) => p99Ms)),
  };
}

function deliverAll(sink: Sink, expected: number): Promise<{ readonly count: number; readonly at: number }> {
  return awaitDeliveries(sink, { expected, quietMs: QUIET_MS, limitMs: DRAIN_MS });
}

async function takeSample(from: {
  readonly servers: Servers;
  readonly shared: Shared | undefined;
  readonly sink: Sink;
  readonly pids: readonly number[];
}): Promise<Sample> {
  const { servers, shared, sink, pids } = from;
  const totals = await shared?.totals();
  const perNode = pids.map(treeCpuMs);
  const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  return {
    at: performance.now(),
    cpu: {
      nodes: total(perNode),
      PostgreSQL: treeCpuMs(servers.postgresPid),
      Kafka: total(servers.kafkaPids.map(treeCpuMs)),
      receiver: treeCpuMs(sink.pid),
      load: ownCpuMs(),
    },
    perNode,
    idle: idleMs(),
    written: {
      postgres: writtenBytes(servers.postgresPid),
      kafka: total(servers.kafkaPids.map(writtenBytes)),
    },
    totals,
  };
}

function nodesCpu(pids: readonly number[]): number {
  return pids.map(treeCpuMs).reduce((sum, value) => sum + value, 0);
}

function byParty(of: (party: Party) => number): Record<Party, number> {
  return Object.fromEntries(PARTIES.map((party) => [party, of(party)])) as Record<Party, number>;
}
