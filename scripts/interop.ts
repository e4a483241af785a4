// Runs the whole-system stories on servers, with the journal in PostgreSQL and in Kafka, and the tests with other real servers:
// `npm run test:interop`, or some of them with paths behind `--` (on Kafka, unless `--journal postgres` stands before them). It starts what
// this machine has, says what it lacks, and leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readOptions } from './read-options.ts';
import { sharedEnvironment, startSharedServers, type JournalKind } from '../test/modes/servers.ts';

const TESTS = fileURLToPath(new URL('test.ts', import.meta.url));
const NAMES: Readonly<Record<JournalKind, string>> = { kafka: 'Kafka', postgres: 'PostgreSQL' };
/** What runs on the shared servers. */
const STORIES = ['test/stories', 'test/faults'];
/** What starts servers of its own. */
const OWN_SERVERS = ['test/modes', 'test/interop'];

const USAGE = `usage: npm run test:interop -- [--journal kafka|postgres] [PATH …]

--journal  where the journal is; default PostgreSQL, then Kafka, and Kafka alone for the tests at PATH
`;

const { values, positionals: wanted } = readOptions(USAGE, {
  allowPositionals: true,
  options: { journal: { type: 'string' } },
});
if (values.journal !== undefined && !isJournal(values.journal)) {
  process.stderr.write(`--journal takes kafka or postgres, not "${values.journal}"\n`);
  process.exit(2);
}
/** The last one's results are what `npm run trace` sees, and with Kafka there is more of them. */
const journals: readonly JournalKind[] = values.journal
  ? [values.journal]
  : wanted.length > 0
    ? ['kafka']
    : ['postgres', 'kafka'];
let isInterrupted = false;
for (const journal of journals) {
  if (!isInterrupted) process.exitCode = Math.max(Number(process.exitCode ?? 0), await runOn(journal));
}

/** What was asked for, or everything, with the journal in one place; what starts servers of its own runs once. */
async function runOn(journal: JournalKind): Promise<number> {
  const others = journal === journals.at(-1) ? OWN_SERVERS : [];
  const servers = await startSharedServers(journal);
  if ('missing' in servers) {
    print(`The stories can not run with the journal in ${NAMES[journal]} here: ${servers.missing}`);
    const files = wanted.length > 0 ? wanted : others;
    return files.length === 0 ? 0 : runTests(files, {});
  }
  print(`The stories run on PostgreSQL, with the journal in ${NAMES[journal]}.`);
  try {
    const files = wanted.length > 0 ? wanted : [...STORIES, ...others];
    return await runTests(files, sharedEnvironment(servers));
  } finally {
    await servers.stop();
  }
}

function isJournal(text: string): text is JournalKind {
  return text in NAMES;
}

async function runTests(files: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [TESTS, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // A terminal tells the tests itself; everybody else tells only this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      isInterrupted = true;
      child.kill(signal);
    });
  }
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
