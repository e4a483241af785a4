// Breaks things under load, one at a time, and compares what everybody knows afterwards: `npm run chaos -- [--seconds 15]
// [--only kill-node,stop-node] [--seed 1] [--json]`. Ends with 1 when something that must hold did not.
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { readOptions } from '../../scripts/read-options.ts';
import { startCluster, type Cluster } from './cluster.ts';
import { FAULTS } from './faults/catalog.ts';
import { rollingUpgrade, upgradeFrom } from './faults/rolling-upgrade.ts';
import type { Fault } from './fault.ts';
import { breachesOf, formatReports, type Skipped } from './report.ts';
import { runFault, type FaultReport } from './run-fault.ts';

/** From here on each fault has servers of its own. */
const LONG_SECONDS = 60;

const USAGE = `usage: npm run chaos -- [--seconds 15] [--only NAME,NAME] [--seed 1] [--json] [--from FOLDER] [--skip-without-servers]

--seconds  of load for each fault; default 15, 600 for the long form
--only     some of the faults: ${FAULTS.map(({ name }) => name).join(', ')}
--seed     repeats what was drawn at random in another run; default 1
--json     the result as JSON
--from     rolling-upgrade from another version of the program, which lies in this folder; README.md says how to get one
--skip-without-servers  ends with 0, and says why, where PostgreSQL or Kafka is missing; default: with 2
`;

const { values } = readOptions(USAGE, {
  options: {
    seconds: { type: 'string', default: '15' },
    only: { type: 'string' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    from: { type: 'string' },
    'skip-without-servers': { type: 'boolean', default: false },
  },
});
const seconds = Number(values.seconds);
const seed = Number(values.seed);
if (!(seconds > 0) || !Number.isSafeInteger(seed)) fail('--seconds and --seed are numbers');
const from = values.from === undefined ? undefined : resolve(values.from);
if (from !== undefined && !existsSync(join(from, 'bin', 'signalbox.js')))
  fail(`--from: there is no bin/signalbox.js in ${from}`);
const faults = choose(values.only).map((fault) => {
  if (from === undefined) return fault;
  return fault === rollingUpgrade ? upgradeFrom(from) : fail('--from goes with --only rolling-upgrade');
});
const startedAt = performance.now();
const say = (line: string): void =>
  console.error(`${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s  ${line}`);

const reports: (FaultReport | Skipped)[] = [];
// A run that is stopped says what it has found, and ends what it started on its way out.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => {
    if (reports.length > 0) print();
    process.exit(130);
  });

let cluster: Cluster | undefined;
for (const fault of faults) {
  cluster ??= await start();
  const { name, title } = fault;
  const skipped = fault.whyNot?.(cluster);
  if (skipped !== undefined) {
    reports.push({ name, title, skipped });
    continue;
  }
  say(`${name}: ${title}`);
  const report = await runFault(cluster, fault, { seconds, seed: seed + reports.length, say });
  reports.push(report);
  const broken = breachesOf(report);
  say(
    `${name}: ${broken.length === 0 ? 'ok' : `${broken.length} breaches, the nodes' logs are in ${cluster.folder}`}`,
  );
  for (const line of broken.slice(0, 10)) say(`  ${line}`);
  // What one fault left behind must not be counted against the next, nor fill its disk.
  if (fault.spoils || broken.length > 0 || seconds >= LONG_SECONDS) {
    await cluster.stop({ keepLogs: broken.length > 0 });
    cluster = undefined;
  }
}
await cluster?.stop();
print();
process.exit(reports.some((report) => !('skipped' in report) && breachesOf(report).length > 0) ? 1 : 0);

function print(): void {
  console.log(values.json ? JSON.stringify(reports, undefined, 2) : formatReports(reports));
}

async function start(): Promise<Cluster> {
  const started = await startCluster(say, {
    seconds: seconds < LONG_SECONDS ? faults.length * seconds : seconds,
    ...(from === undefined ? {} : { program: from }),
  });
  if (!('missing' in started)) return started;
  if (!values['skip-without-servers']) fail(started.missing);
  console.log(`Nothing is broken on this machine: ${started.missing}`);
  process.exit(0);
}

function choose(only: string | undefined): readonly Fault[] {
  if (only === undefined) return FAULTS;
  return only.split(',').map((name) => {
    const found = FAULTS.find((fault) => fault.name === name);
    return (
      found ?? fail(`there is no fault ${name}; known are ${FAULTS.map((fault) => fault.name).join(', ')}`)
    );
  });
}

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}
