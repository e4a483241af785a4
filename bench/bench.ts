// `npm run bench`: everything of docs/benchmarks.md in one go. Progress on standard error, the result on standard output.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeMachine, describeVersions } from './machine.ts';
import { countBelow, toJson, toMarkdown, toText, type Report, type Section } from './report.ts';
import { measureAcknowledged } from './rows/ack.ts';
import { measureBacklog } from './rows/backlog.ts';
import { measureCorrelation } from './rows/correlation.ts';
import { measureCrashes } from './rows/crash.ts';
import { measureEndToEnd } from './rows/end-to-end.ts';
import { measureFootprint } from './rows/footprint.ts';
import { measureGrowth } from './rows/growth.ts';
import { measureLatency } from './rows/latency.ts';
import { measureLookUps } from './rows/look-ups.ts';
import { measureSteady } from './rows/steady.ts';
import { measureSuppression } from './rows/suppression.ts';
import { measureUnderstanding } from './rows/understanding.ts';
import type { Measure, Setting } from './setting.ts';

const MEASUREMENTS: Readonly<Record<string, readonly [title: string, Measure]>> = {
  ack: ['Acknowledged (fsynced) signals per second, 64 connections, one alert each', measureAcknowledged],
  e2e: ['End to end: every alert its own group, one POST each', measureEndToEnd],
  latency: ['Acknowledgement, 1,000 connections, open loop at half the maximum rate', measureLatency],
  steady: ['At the peak of the requirements, 10,000 webhooks a minute', measureSteady],
  backlog: ['Backlog with the receiver down', measureBacklog],
  crash: ['kill -9 at random moments under load', measureCrashes],
  footprint: ['Footprint', measureFootprint],
  growth: ['Growth', measureGrowth],
  understanding: ['Understanding: end to end with every stage at work, and with none', measureUnderstanding],
  lookups: ['What one alert asks: classification, priority, routes, standards', measureLookUps],
  correlation: ['Correlation: what a new alert costs while many are open', measureCorrelation],
  suppression: ['Suppression: many silences and inhibition rules', measureSuppression],
};
const USAGE = `usage: npm run bench -- [--only ${Object.keys(MEASUREMENTS).join(',')}] [--quick] [--json] [--write] [--strict] [--seed N]

--only    the named measurements, separated by commas
--quick   one short round of each: shows that everything works; the figures say little
--json    the result as JSON
--write   puts the result into docs/benchmarks.md as well
--strict  ends with 1 when something is below what it must reach
--seed    for whatever is drawn at random; printed with the result
`;
const PAGE = join(import.meta.dirname, '..', 'docs', 'benchmarks.md');
const BLOCK = /(<!-- generated:bench -->\n)[\s\S]*?(<!-- \/generated -->)/;

const options = readOptions();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
const report = await run();
process.stdout.write(options.json ? toJson(report) : toText(report));
if (options.write) {
  writeFileSync(
    PAGE,
    readFileSync(PAGE, 'utf8').replace(
      BLOCK,
      (_, open: string, close: string) => `${open}${toMarkdown(report)}\n${close}`,
    ),
  );
}
process.exit(options.strict && countBelow(report) > 0 ? 1 : 0);

async function run(): Promise<Report> {
  const startedAt = new Date();
  const setting: Setting = {
    quick: options.quick,
    rounds: options.quick ? 1 : 3,
    seconds: options.quick ? 4 : 10,
    seed: options.seed,
    say,
    known: {},
  };
  const machine = describeMachine();
  const versions = describeVersions();
  const sections: Section[] = [];
  for (const id of options.only) {
    const [title, measure] = MEASUREMENTS[id]!;
    say(`${id}: ${title}`);
    sections.push({ id, title, rows: await attempt(() => measure(setting)) });
  }
  const seconds = (Date.now() - startedAt.getTime()) / 1000;
  const command = `npm run bench${process.argv.length > 2 ? ` -- ${process.argv.slice(2).join(' ')}` : ''}`;
  return {
    command,
    startedAt: startedAt.toISOString(),
    seconds,
    rounds: setting.rounds,
    machine,
    versions,
    sections,
  };
}

/** A measurement that breaks is a row of its own, and the others go on. */
async function attempt(measure: () => ReturnType<Measure>): ReturnType<Measure> {
  try {
    return await measure();
  } catch (error) {
    say(`failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    const reason = String(error).split('\n')[0]!.slice(0, 300);
    const must = { relation: '=', value: 0 } as const;
    return [{ what: 'the measurement broke off', value: 1, unit: 'count', must, notes: [reason] }];
  }
}

function readOptions(): {
  only: string[];
  quick: boolean;
  json: boolean;
  write: boolean;
  strict: boolean;
  seed: number;
} {
  try {
    const { values } = parseArgs({
      options: {
        only: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        write: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const only = values.only?.split(',') ?? Object.keys(MEASUREMENTS);
    const unknown = only.filter((id) => !(id in MEASUREMENTS));
    if (unknown.length > 0) throw new Error(`there is no measurement ${unknown.join(', ')}`);
    const seed = Number(values.seed);
    if (!Number.isSafeInteger(seed)) throw new Error('--seed takes a whole number');
    const { quick, json, write, strict } = values;
    return { only, quick, json, write, strict, seed };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(2);
  }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
