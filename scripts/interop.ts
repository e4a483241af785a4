// Runs the whole-system stories on PostgreSQL and Kafka, and the tests with other real servers: `npm run test:interop`, or some of them
// with paths behind `--`. It starts what this machine has, says what it lacks, and leaves nothing behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { sharedEnvironment, startSharedServers } from '../test/modes/servers.ts';

const TESTS = fileURLToPath(new URL('test.ts', import.meta.url));
/** What runs on the two servers. */
const STORIES = ['test/stories', 'test/faults'];
/** What starts servers of its own. */
const OWN_SERVERS = ['test/modes', 'test/interop'];

const wanted = process.argv.slice(2);
const servers = await startSharedServers('kafka');
if ('missing' in servers) {
  print(`The stories can not run on PostgreSQL and Kafka here: ${servers.missing}`);
  process.exitCode = await runTests(wanted.length > 0 ? wanted : OWN_SERVERS, {});
} else {
  print('The stories run on PostgreSQL and Kafka.');
  try {
    const files = wanted.length > 0 ? wanted : [...STORIES, ...OWN_SERVERS];
    process.exitCode = await runTests(files, sharedEnvironment(servers));
  } finally {
    await servers.stop();
  }
}

async function runTests(files: readonly string[], env: Readonly<Record<string, string>>): Promise<number> {
  const child = spawn(process.execPath, [TESTS, ...files], {
    stdio: 'inherit',
    env: { ...process.env, ...env },
  });
  // A terminal tells the tests itself; everybody else tells only this process.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  return code ?? 1;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
