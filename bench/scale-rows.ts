import { availableParallelism } from 'node:os';
import { format } from './report.ts';
import { median, type Figure, type Row } from './row.ts';
import { PARTIES, type ScaleRun } from './scale-run.ts';

/** Below this share of idle cores another node gets no core of its own, and only processor time can tell how nodes would scale. */
const CORES_LEFT = 0.25;

/** What the runs say: each number of nodes by itself, then the two ratios, then what ended first. */
export function describeScale(runs: readonly ScaleRun[]): readonly Row[] {
  const counts = [...new Set(runs.map(({ nodes }) => nodes))];
  const of = (nodes: number): readonly ScaleRun[] => runs.filter((run) => run.nodes === nodes);
  const rows = counts.map((nodes) => describeRuns(nodes, of(nodes)));
  if (counts.includes(0) && counts.includes(1)) rows.push(compareWithEmbedded(of(1), of(0)));
  for (const nodes of counts) {
    if (nodes > 0 && counts.includes(2 * nodes)) rows.push(compareDoubled(of(2 * nodes), of(nodes)));
  }
  return rows;
}

function describeRuns(nodes: number, runs: readonly ScaleRun[]): Row {
  const figure = (name: string, unit: Figure['unit'], value: (run: ScaleRun) => number): Figure => ({
    name,
    unit,
    value: middle(runs, value),
  });
  const servers = (of: (servers: NonNullable<ScaleRun['servers']>) => number) => (run: ScaleRun) =>
    run.servers ? of(run.servers) : 0;
  return {
    what: `${nameOf(nodes)}: delivered`,
    value: middle(runs, ({ deliveredPerSecond }) => deliveredPerSecond),
    unit: '/s',
    figures: [
      figure('acknowledged', '/s', ({ acknowledgedPerSecond }) => acknowledgedPerSecond),
      figure('p99 of the slowest source', 'ms', ({ p99Ms }) => p99Ms),
      figure('errors', 'count', ({ errors }) => errors),
      figure('not delivered', 'count', ({ missing }) => missing),
      ...(nodes === 0
        ? []
        : [
            figure(
              'WAL bytes per alert',
              'count',
              servers(({ walPerAlert }) => walPerAlert),
            ),
            figure(
              'commits per 1,000 alerts',
              'count',
              servers(({ commitsPerAlert }) => commitsPerAlert * 1000),
            ),
            figure(
              'bytes written per alert by PostgreSQL',
              'count',
              servers((one) => one.postgresWrittenPerAlert),
            ),
            figure(
              'by Kafka',
              'count',
              servers((one) => one.kafkaWrittenPerAlert),
            ),
          ]),
    ],
    notes: [
      `processor time per alert: ${PARTIES.map((party) => `${party} ${microseconds(middle(runs, (run) => run.cpuPerAlert[party]))}`).join(', ')}`,
      `cores during the load: ${PARTIES.map((party) => `${party} ${middle(runs, (run) => run.coresUsed[party]).toFixed(2)}`).join(', ')}; nodes at rest ${middle(runs, (run) => run.coresAtRest).toFixed(2)}`,
      limitOf(runs),
    ],
  };
}

function compareWithEmbedded(one: readonly ScaleRun[], embedded: readonly ScaleRun[]): Row {
  const nodesCpu = (run: ScaleRun): number => run.cpuPerAlert.nodes;
  const allCpu = (run: ScaleRun): number =>
    run.cpuPerAlert.nodes + run.cpuPerAlert.PostgreSQL + run.cpuPerAlert.Kafka;
  const ratio = (of: (run: ScaleRun) => number): number =>
    median(one.map((run, round) => of(run) / of(embedded[round]!)));
  return {
    what: 'one node ÷ embedded, delivered',
    value: ratio(({ deliveredPerSecond }) => deliveredPerSecond),
    unit: 'ratio',
    must: { relation: '≥', value: 0.6 },
    figures: [
      { name: 'acknowledged', value: ratio((run) => run.acknowledgedPerSecond), unit: 'ratio' },
      { name: 'by processor time of the node alone', value: 1 / ratio(nodesCpu), unit: 'ratio' },
      { name: 'of the node, PostgreSQL and Kafka', value: 1 / ratio(allCpu), unit: 'ratio' },
    ],
    notes: [
      'all of them share the cores of this machine; a node whose servers have their own is nearer to the second figure',
    ],
  };
}

/** Where cores are left, what was delivered says it; where not, what each alert costs the nodes, which is what more cores would pay for. */
function compareDoubled(doubled: readonly ScaleRun[], single: readonly ScaleRun[]): Row {
  const cost = (run: ScaleRun): number => run.cpuPerAlert.nodes;
  const byThroughput = median(
    doubled.map((run, round) => run.deliveredPerSecond / single[round]!.deliveredPerSecond),
  );
  const byCost = 2 / median(doubled.map((run, round) => cost(run) / cost(single[round]!)));
  const hasCores = middle(single, ({ idle }) => idle) >= CORES_LEFT;
  const nodes = single[0]!.nodes;
  return {
    what: `${nameOf(2 * nodes)} ÷ ${nameOf(nodes)}, ${hasCores ? 'delivered' : 'by processor time per alert'}`,
    value: hasCores ? byThroughput : byCost,
    unit: 'ratio',
    must: { relation: '≥', value: 1.6 },
    figures: [
      { name: 'delivered', value: byThroughput, unit: 'ratio' },
      { name: 'by processor time of the nodes', value: byCost, unit: 'ratio' },
      {
        name: 'idle cores with the smaller number',
        value: middle(single, ({ idle }) => idle) * 100,
        unit: '%',
      },
    ],
    ...(hasCores
      ? {}
      : { notes: ['the cores of this machine were taken already: twice the nodes share the same ones'] }),
  };
}

/** In one sentence: which resource was used up. */
function limitOf(runs: readonly ScaleRun[]): string {
  const cores = availableParallelism();
  const idle = middle(runs, (run) => run.idle);
  const busiest = middle(runs, (run) => run.busiestNode);
  const shown = `${format(idle * 100, '%')} of ${cores} cores idle over the run, busiest node ${busiest.toFixed(2)} cores`;
  if (idle < CORES_LEFT) return `limit: the machine's processors (${shown})`;
  return `limit: waiting, not processors (${shown}): disk, locks or round trips`;
}

function nameOf(nodes: number): string {
  if (nodes === 0) return 'embedded';
  return nodes === 1 ? '1 node' : `${nodes} nodes`;
}

function middle(runs: readonly ScaleRun[], of: (run: ScaleRun) => number): number {
  return median(runs.map(of));
}

function microseconds(ms: number): string {
  return `${Math.round(ms * 1000)} µs`;
}
