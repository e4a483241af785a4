// `npm run bench:scale`: several nodes on one PostgreSQL, their journal in Kafka or there as well. Progress on standard error, the result on standard output.
import { parseArgs } from 'node:util';
import { describeMachine, describeVersions } from './machine.ts';
import { countBelow, toJson, toText, type Report } from './report.ts';
import { describeScale } from './scale-rows.ts';
import { runScale, type ScaleRun } from './scale-run.ts';
import { startServers, type JournalKind } from './scale-servers.ts';

const USAGE = `usage: npm run bench:scale -- [--nodes 0,1,2,4] [--journal kafka|postgres] [--rounds N] [--seconds N] [--quick] [--json] [--strict]

--nodes    numbers of nodes, separated by commas; 0 is embedded mode
--journal  where several nodes keep the journal; default kafka
--rounds   rounds of which the median counts; default 3
--seconds  seconds of load per round; default 10
--quick    one round of 4 seconds: shows that everything works; the figures say little
--json     the result as JSON
--strict   ends with 1 when something is below what it must reach
`;
const JOURNALS: Readonly<Record<JournalKind, string>> = {
  kafka: 'the journal in one Kafka',
  postgres: 'the journal there as well',
};
const EXIT_USAGE = 2;
const MAX_NODES = 16;

const options = readOptions();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)
  process.once(signal, () => process.exit(code));
const report = await measure();
process.stdout.write(options.json ? toJson(report) : toText(report));
process.exit(options.strict && countBelow(report) > 0 ? 1 : 0);

/** The numbers of nodes take turns inside a round, so that a slow minute of the machine meets all of them. */
async function measure(): Promise<Report> {
  const startedAt = new Date();
  const machine = describeMachine();
  const runs: ScaleRun[] = [];
  const servers = await startServers(options.journal);
  if ('missing' in servers) {
    process.stderr.write(`${servers.missing}\n`);
    process.exit(1);
  }
  for (let round = 1; round <= options.rounds; round++) {
    for (const nodes of options.nodes) {
      const run = await runScale(nodes, servers, options.seconds);
      runs.push(run);
      say(
        `${nodes === 0 ? 'embedded' : `${nodes} nodes`} ${round}/${options.rounds}: acknowledged ${Math.round(run.acknowledgedPerSecond)}/s, delivered ${Math.round(run.deliveredPerSecond)}/s`,
      );
    }
  }
  await servers.stop();
  const given = process.argv.slice(2).join(' ');
  return {
    command: given === '' ? 'npm run bench:scale' : `npm run bench:scale -- ${given}`,
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
    rounds: options.rounds,
    machine,
    versions: describeVersions(),
    sections: [
      {
        id: 'scale',
        title: `Nodes that share one PostgreSQL, ${JOURNALS[options.journal]}, every alert its own group, one POST each`,
        rows: describeScale(runs),
      },
    ],
  };
}

interface Options {
  readonly nodes: readonly number[];
  readonly journal: JournalKind;
  readonly rounds: number;
  readonly seconds: number;
  readonly json: boolean;
  readonly strict: boolean;
}

function readOptions(): Options {
  try {
    const { values } = parseArgs({
      options: {
        nodes: { type: 'string', default: '0,1,2,4' },
        journal: { type: 'string', default: 'kafka' },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        quick: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        strict: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const { quick, json, strict, journal } = values;
    if (journal !== 'kafka' && journal !== 'postgres')
      throw new Error(`--journal takes kafka or postgres, not "${journal}"`);
    return {
      nodes: [...new Set(values.nodes.split(',').map((text) => readCount('nodes', text, 0, MAX_NODES)))],
      journal,
      rounds: readCount('rounds', values.rounds ?? (quick ? '1' : '3'), 1, 100),
      seconds: readCount('seconds', values.seconds ?? (quick ? '4' : '10'), 1, 600),
      json,
      strict,
    };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    process.exit(EXIT_USAGE);
  }
}

function readCount(name: string, text: string, least: number, most: number): number {
  const count = /^\d{1,4}$/.test(text) ? Number(text) : -1;
  if (count >= least && count <= most) return count;
  throw new Error(`--${name} takes whole numbers from ${least} to ${most}, not "${text}"`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
