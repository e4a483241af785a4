import { correlateStep } from '../../src/pipeline/correlate-step.ts';
import { mixedLabels } from '../mixed-labels.ts';
import { median, type Row } from '../row.ts';
import type { Setting } from '../setting.ts';
import { readSettings } from '../settings.ts';
import { openState, type State } from '../state.ts';

const OPEN = 100_000;
const QUICK_OPEN = 10_000;
/** Alerts per round. */
const MEASURED = 2_048;
/** How many are opened at once, and how far apart in time. */
const WAVE = 2_000;
const WAVE_APART_MS = 30_000;

/** How alerts may lie: what is compared with what. */
interface Shape {
  readonly name: string;
  readonly rule: object;
}

const SHAPES: readonly Shape[] = [
  {
    name: 'a scope for each of 200 namespaces',
    rule: { id: 'by-namespace', same: ['cluster', 'namespace'], window: '10m' },
  },
  {
    name: 'one scope of 200 incidents, by services and words',
    rule: { id: 'all', window: '10m', hops: 1, similarity: 0.5 },
  },
];
/** In pairs that depend on each other, so that there are half as many incidents: as many as an alert is compared with. */
const SERVICES = 400;

/** What the step that makes incidents costs one new alert while many are open: load, compare, commit. */
export async function measureCorrelation(setting: Setting): Promise<readonly Row[]> {
  const open = setting.quick ? QUICK_OPEN : OPEN;
  const rows: Row[] = [];
  for (const shape of SHAPES) rows.push(await measureShape(shape, open, setting));
  return rows;
}

async function measureShape({ name, rule }: Shape, open: number, { rounds, say }: Setting): Promise<Row> {
  const state = await openState(await readSettings(configuration(rule)));
  try {
    let fired = 0;
    const fire = async (count: number): Promise<void> => {
      await state.fire(Array.from({ length: count }, (_, index) => labelsOf(fired + index)));
      fired += count;
    };
    while (fired < open) {
      await fire(Math.min(WAVE, open - fired));
      await correlateAll(state);
      state.pass(WAVE_APART_MS);
    }
    say(`correlation, ${name}: ${open.toLocaleString('en')} open`);
    const perAlert: number[] = [];
    for (let round = 1; round <= rounds; round++) {
      await fire(MEASURED);
      perAlert.push((await correlateAll(state)) / MEASURED);
      state.pass(WAVE_APART_MS);
    }
    const value = median(perAlert);
    say(`correlation, ${name}: ${value.toFixed(3)} ms per alert`);
    return {
      what: `correlation, ${open.toLocaleString('en')} alerts open, ${name}, mean (BR-PERF-010)`,
      value: value * 1_000,
      unit: 'µs',
      must: { relation: '<', value: 1_000 },
      figures: [{ name: 'slowest round', value: Math.max(...perAlert) * 1_000, unit: 'µs' }],
      notes: ['the requirements ask for 10 s; with the commit of each batch of 512 to the disk'],
    };
  } finally {
    await state.close();
  }
}

/** @returns milliseconds */
async function correlateAll({ context }: State): Promise<number> {
  const startedAt = performance.now();
  while (await correlateStep(context, true));
  return performance.now() - startedAt;
}

function configuration(rule: object): string {
  const services = Object.fromEntries(
    Array.from({ length: SERVICES }, (_, index) => [
      `service-${index}`,
      { depends_on: [`service-${index ^ 1}`] },
    ]),
  );
  return [
    'routes: { receiver: sink, group_by: [alertname, namespace], group_wait: 1h }',
    `topology: ${JSON.stringify({ label: 'service', services })}`,
    `correlation: ${JSON.stringify({ rules: [rule] })}`,
    '',
  ].join('\n');
}

function labelsOf(number: number): Readonly<Record<string, string>> {
  const service = `service-${number % SERVICES}`;
  return { alertname: `Alert${number % 20}`, ...mixedLabels(number), service, instance: String(number) };
}
