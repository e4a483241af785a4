import { everyAlertItsOwnGroup, startHub, TOKEN, type Hub } from '../hub.ts';
import { awaitProcessed } from '../hub-api.ts';
import { cpuMs } from '../processes.ts';
import { median, type Figure, type Row } from '../row.ts';
import { deal, sendLanes } from '../sender.ts';
import type { Setting } from '../setting.ts';
import { awaitDeliveries, startSink, type Sink } from '../sink.ts';
import type { Statement } from '../statement.ts';

const CONNECTIONS = 64;
const PRELOAD_PER_SIGNAL = 500;
const PRELOAD_MS = 900_000;
const MEASURED = 2_000;
const TIMES = 3;

/** What one alert costs: time from the first signal of many to the last delivery, and processor time of the hub, both per alert. */
interface Cost {
  readonly newMs: number;
  readonly newCpuMs: number;
  readonly repeatMs: number;
  readonly repeatCpuMs: number;
}

/** How the cost of an alert grows with the alerts that are open and with the routes that are configured. */
export async function measureGrowth(setting: Setting): Promise<readonly Row[]> {
  const sizes = setting.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000];
  const byAlerts = await withOpenAlerts(sizes, setting);
  const routes = setting.quick ? [10, 100] : [10, 100, 1_000];
  const byRoutes: Cost[] = [];
  for (const count of routes) byRoutes.push(await withRoutes(count, setting));
  const worst = (costs: readonly Cost[]): number => {
    const [first, last] = [costs[0]!, costs.at(-1)!];
    return Math.max(last.newMs / first.newMs, last.repeatMs / first.repeatMs);
  };
  return [
    {
      what: `time per alert, ${label(sizes.at(-1)!)} ÷ ${label(sizes[0]!)} open alerts`,
      value: worst(byAlerts),
      unit: 'ratio',
      // A short run stops at 10,000: too little to say what the bound is about.
      ...(setting.quick ? {} : { must: { relation: '≤', value: 1.5 } }),
      figures: byAlerts.flatMap((cost, index) => figures(`${label(sizes[index]!)} open`, cost)),
      notes: [
        'the worse of new alerts (to their delivery) and repeats (to their processing); processor time is that of the whole hub',
      ],
    },
    {
      what: `time per alert, ${label(routes.at(-1)!)} ÷ ${label(routes[0]!)} routes`,
      value: worst(byRoutes),
      unit: 'ratio',
      figures: byRoutes.flatMap((cost, index) => figures(`${label(routes[index]!)} routes`, cost)),
    },
  ];
}

/** One hub that fills up; what it has kept grows as well, as it would in service. */
async function withOpenAlerts(sizes: readonly number[], setting: Setting): Promise<Cost[]> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url });
  try {
    const fill = createFill(hub, sink);
    await fill.warmUp();
    const costs: Cost[] = [];
    for (const size of sizes) {
      await fill.to(size);
      costs.push(await measureCost(fill));
      setting.say(`growth: ${label(size)} open alerts: ${describe(costs.at(-1)!)}`);
    }
    return costs;
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

async function withRoutes(count: number, setting: Setting): Promise<Cost> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url, routes: routeTree(count) });
  try {
    const fill = createFill(hub, sink, count);
    await fill.warmUp();
    await fill.to(1_000);
    const cost = await measureCost(fill);
    setting.say(`growth: ${label(count)} routes: ${describe(cost)}`);
    return cost;
  } finally {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  }
}

/** A flat tree, the shape that grows in real life: one route per team, found by its label. */
function routeTree(count: number): string {
  const routes = Array.from(
    { length: count },
    (_, team) => `    - { matchers: ['team="team-${team}"'], receiver: sink }\n`,
  );
  return `${everyAlertItsOwnGroup()}  routes:\n${routes.join('')}`;
}

interface Fill {
  readonly hub: Hub;
  warmUp(): Promise<void>;
  /** Opens alerts until there are so many; returns when all are delivered. */
  to(size: number): Promise<void>;
  /** New alerts, one per signal, to the delivery of the last. */
  fresh(count: number): Promise<void>;
  /** Alerts that fire already, one per signal, to the processing of the last. */
  repeat(count: number): Promise<void>;
}

function createFill(hub: Hub, sink: Sink, teams = 1): Fill {
  let open = 0;
  let repeats = 0;
  const target = { port: hub.port, token: TOKEN };
  const statement = (index: number, version: number): Statement => ({
    key: `growth-${index}`,
    version,
    status: 'firing',
    startsAt: STARTS_AT,
    labels: { team: `team-${index % teams}` },
  });
  async function openNew(count: number, perSignal: number): Promise<void> {
    const signals: Statement[][] = [];
    for (let from = open; from < open + count; from += perSignal) {
      const size = Math.min(perSignal, open + count - from);
      signals.push(Array.from({ length: size }, (_, offset) => statement(from + offset, 1)));
    }
    open += count;
    await sendLanes(target, deal(signals, Math.min(CONNECTIONS, signals.length)));
    const { count: delivered } = await awaitDeliveries(sink, {
      expected: open,
      quietMs: 60_000,
      limitMs: PRELOAD_MS,
    });
    if (delivered < open) throw new Error(`${open - delivered} of ${open} alerts were not delivered`);
  }
  const fill: Fill = {
    hub,
    async warmUp() {
      await fill.fresh(500);
      await fill.repeat(500);
    },
    to: (size) => (size > open ? openNew(size - open, PRELOAD_PER_SIGNAL) : Promise.resolve()),
    fresh: (count) => openNew(count, 1),
    async repeat(count) {
      repeats++;
      // Spread over all open alerts, so that the newest, which are in every cache, are not favoured.
      const step = Math.max(1, Math.floor(open / count));
      const signals = Array.from({ length: count }, (_, index) => [
        statement((index * step) % open, 1 + repeats),
      ]);
      let last = '';
      await sendLanes(target, deal(signals, CONNECTIONS));
      await sendLanes(target, [[[statement(0, 1_000 + repeats)]]], (receipt) => (last = receipt));
      await awaitProcessed(hub.url, last);
    },
  };
  return fill;
}

const STARTS_AT = '2026-01-15T10:00:00.000Z';

async function measureCost({ hub, fresh, repeat }: Fill): Promise<Cost> {
  const fresher = [];
  const repeated = [];
  for (let time = 0; time < TIMES; time++) {
    fresher.push(await measure(hub, () => fresh(MEASURED)));
    repeated.push(await measure(hub, () => repeat(MEASURED)));
  }
  return {
    newMs: median(fresher.map(({ ms }) => ms)),
    newCpuMs: median(fresher.map(({ cpu }) => cpu)),
    repeatMs: median(repeated.map(({ ms }) => ms)),
    repeatCpuMs: median(repeated.map(({ cpu }) => cpu)),
  };
}

async function measure(
  hub: Hub,
  run: () => Promise<void>,
): Promise<{ readonly ms: number; readonly cpu: number }> {
  const cpuBefore = cpuMs(hub.pid);
  const startedAt = performance.now();
  await run();
  return { ms: (performance.now() - startedAt) / MEASURED, cpu: (cpuMs(hub.pid) - cpuBefore) / MEASURED };
}

function figures(name: string, { newMs, newCpuMs, repeatMs, repeatCpuMs }: Cost): Figure[] {
  return [
    { name: `${name}: new`, value: newMs, unit: 'ms/alert' },
    { name: 'processor', value: newCpuMs, unit: 'ms/alert' },
    { name: 'repeated', value: repeatMs, unit: 'ms/alert' },
    { name: 'processor', value: repeatCpuMs, unit: 'ms/alert' },
  ];
}

function describe({ newMs, repeatMs }: Cost): string {
  return `${newMs.toFixed(2)} ms per new alert, ${repeatMs.toFixed(2)} ms per repeat`;
}

function label(count: number): string {
  return count.toLocaleString('en');
}
