import { createFill, type Fill } from '../fill.ts';
import { everyAlertItsOwnGroup, startHub, type Hub } from '../hub.ts';
import { cpuMs } from '../processes.ts';
import { median, type Figure, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { startSink } from '../sink.ts';

/** Alerts per measurement, enough that waiting for the last one does not show. */
const MEASURED = 2_000;
const WARM_UPS = 3;
/** More than elsewhere, because each is short. */
const ROUNDS = 5;

/** What one alert costs: time from the first signal of many to the last delivery, and processor time of the hub, both per alert. */
interface Cost {
  readonly newMs: number;
  readonly newCpuMs: number;
  readonly repeatMs: number;
  readonly repeatCpuMs: number;
}

interface Size {
  readonly name: string;
  readonly routes: number;
  /** Alerts that are open while it is measured. */
  readonly open: number;
}

/** A hub of a certain size, and what an alert cost in each round. */
interface Candidate {
  readonly name: string;
  readonly fill: Fill;
  readonly rounds: Cost[];
  stop(): Promise<void>;
}

/** How the cost of an alert grows with the alerts that are open and with the routes that are configured. */
export async function measureGrowth(setting: Setting): Promise<readonly Row[]> {
  const opens = setting.quick ? [1_000, 10_000] : [1_000, 10_000, 100_000];
  const routes = setting.quick ? [10, 100] : [10, 100, 1_000];
  const byAlerts = await compare(
    opens.map((open) => ({ name: `${label(open)} open`, routes: 1, open })),
    setting,
  );
  const byRoutes = await compare(
    routes.map((count) => ({ name: `${label(count)} routes`, routes: count, open: 1_000 })),
    setting,
  );
  return [
    {
      what: `time per alert, ${label(opens.at(-1)!)} ÷ ${label(opens[0]!)} open alerts`,
      ...byAlerts,
      // A short run stops at 10,000: too little to say what the bound is about.
      ...(setting.quick ? {} : { must: { relation: '≤', value: 1.5 } }),
      notes: [
        'the worse of new alerts (to their delivery) and repeats (to their processing); processor time is that of the whole hub',
      ],
    },
    { what: `time per alert, ${label(routes.at(-1)!)} ÷ ${label(routes[0]!)} routes`, ...byRoutes },
  ];
}

/** The hubs stand side by side, filled, and take turns, so that what else happens on the machine meets all of them. */
async function compare(
  sizes: readonly Size[],
  { say }: Setting,
): Promise<Pick<Row, 'value' | 'unit' | 'figures'>> {
  const candidates: Candidate[] = [];
  try {
    for (const size of sizes) {
      candidates.push(await startCandidate(size));
      say(`growth: ${size.name}: filled`);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const { fill, rounds } of candidates) rounds.push(await measureCost(fill));
    }
  } finally {
    for (const candidate of candidates) await candidate.stop();
  }
  const of = (rounds: readonly Cost[], what: keyof Cost): number => median(rounds.map((cost) => cost[what]));
  const [first, last] = [candidates[0]!.rounds, candidates.at(-1)!.rounds];
  const ratio = (what: keyof Cost): number =>
    median(last.map((cost, round) => cost[what] / first[round]![what]));
  const figures = candidates.flatMap(({ name, rounds }): Figure[] => [
    { name: `${name}: new`, value: of(rounds, 'newMs'), unit: 'ms/alert' },
    { name: 'processor for new', value: of(rounds, 'newCpuMs'), unit: 'ms/alert' },
    { name: 'repeated', value: of(rounds, 'repeatMs'), unit: 'ms/alert' },
    { name: 'processor for repeated', value: of(rounds, 'repeatCpuMs'), unit: 'ms/alert' },
  ]);
  const value = Math.max(ratio('newMs'), ratio('repeatMs'));
  say(`growth: ${sizes.at(-1)!.name}: ${value.toFixed(2)} times as long as ${sizes[0]!.name}`);
  return { value, unit: 'ratio', figures };
}

async function startCandidate({ name, routes, open }: Size): Promise<Candidate> {
  const sink = await startSink('count');
  const hub = await startHub({ sinkUrl: sink.url, routes: routeTree(routes) });
  const stop = async (): Promise<void> => {
    await hub.stop('SIGKILL');
    hub.remove();
    await sink.stop();
  };
  try {
    const fill = createFill(hub, sink, routes);
    const candidate = { name, fill, rounds: [], stop };
    await fill.to(200);
    // A just-in-time compiler needs a while.
    for (let time = 0; time < WARM_UPS; time++) await measureCost(fill);
    await fill.to(open);
    return candidate;
  } catch (error) {
    await stop();
    throw error;
  }
}

async function measureCost({ hub, fresh, forget, repeat }: Fill): Promise<Cost> {
  const told = await measure(hub, () => fresh(MEASURED));
  await forget();
  const repeated = await measure(hub, () => repeat(MEASURED));
  return { newMs: told.ms, newCpuMs: told.cpu, repeatMs: repeated.ms, repeatCpuMs: repeated.cpu };
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

/** A flat tree, the shape that grows in real life: one route per team, found by its label. */
function routeTree(count: number): string {
  const routes = Array.from(
    { length: count },
    (_, team) => `    - { matchers: ['team="team-${team}"'], receiver: sink }\n`,
  );
  return `${everyAlertItsOwnGroup('1s')}  routes:\n${routes.join('')}`;
}

function label(count: number): string {
  return count.toLocaleString('en');
}
