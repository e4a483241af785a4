// Runs the tests: `npm test`, `npm test -- src/intake`. It changes nothing on the machine; a test that
// needs a server which is not installed is skipped by name, and `npm run setup:servers` installs those.
import { globSync } from 'node:fs';
import { relative } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createCollector, writeRun, type TestEvent, type TestResult } from './test-results.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Generous, because a slow machine is not a failure; a hang is. */
const TEST_TIMEOUT_MS = 120_000;
const FILE_TIMEOUT_MS = 400_000;
const CONCURRENCY = 2;
const PRINTED_CHARACTERS = 4000;
/** Several nodes on clusters of real servers: minutes each, and run by `npm run test:interop`. */
const APART = ['test/modes/', 'test/interop/kafka-brokers', 'test/interop/failover'];

const wanted = process.argv.slice(2);
const files = findFiles(wanted);
const startedAt = new Date();
const collector = createCollector(root);
const waiting = [...files];
/** What failing files printed. */
const printed = new Map<string, string>();

await Promise.all(Array.from({ length: CONCURRENCY }, runNext));

const results = collector.results();
writeRun({
  startedAt: startedAt.toISOString(),
  node: process.version,
  partial: wanted.length > 0,
  tests: results,
});
report(results);

/** Takes file after file; each in a process of its own that is ended when it outlives its time. */
async function runNext(): Promise<void> {
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) await runFile(file);
}

async function runFile(file: string): Promise<void> {
  let said = '';
  let failed = false;
  const stream = run({
    files: [file],
    cwd: root,
    execArgv: [`--test-timeout=${TEST_TIMEOUT_MS}`],
    signal: AbortSignal.timeout(FILE_TIMEOUT_MS),
  });
  // Suites and skips may be called for by a file of support (`withServers`); their tests count where they were run.
  stream.on('test:pass', (event) => collector.add('pass', { ...(event as TestEvent), file }));
  stream.on('test:fail', (event) => {
    failed = true;
    collector.add('fail', { ...event, file });
  });
  for (const kind of ['test:stdout', 'test:stderr'] as const) {
    stream.on(kind, ({ message }) => (said += message));
  }
  stream.on('test:summary', ({ file: summed, duration_ms, counts }) => {
    if (summed !== undefined) return;
    const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
    const mark = failed ? '✖' : '✔';
    print(`${mark} ${relative(root, file)}  ${counts.tests} tests${skipped}, ${seconds(duration_ms)}`);
  });
  stream.resume();
  await new Promise((done) => stream.on('end', done));
  if (failed && said.trim() !== '') printed.set(file, said.trim());
}

/** All test files but those, or those under the paths asked for. */
function findFiles(filters: readonly string[]): string[] {
  const all = ['src', 'sdk', 'connectors', 'scripts', 'bench', 'test'].flatMap((folder) =>
    globSync(`${folder}/**/*.test.ts`, { cwd: root, exclude: (name) => name.includes('node_modules') }),
  );
  const prefixes = filters.map((filter) => filter.replace(/^\.\//, ''));
  const chosen = all
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) =>
      prefixes.length === 0
        ? !APART.some((apart) => file.startsWith(apart))
        : prefixes.some((prefix) => file.startsWith(prefix)),
    );
  return chosen.sort().map((file) => `${root}${file}`);
}

function report(tests: readonly TestResult[]): void {
  const failed = tests.filter(({ status }) => status === 'failed');
  const skipped = tests.filter(({ status }) => status === 'skipped');
  const passed = tests.length - failed.length - skipped.length;
  if (failed.length > 0) print('\nFailed');
  for (const test of failed) print(`✖ ${describe(test)}\n${indent(test.reason ?? '')}`);
  for (const [file, said] of printed) {
    print(`\nPrinted by ${relative(root, file)}\n${indent(said.slice(-PRINTED_CHARACTERS))}`);
  }
  if (skipped.length > 0) print('\nSkipped');
  for (const test of skipped) print(`﹣ ${describe(test)}\n${indent(test.reason ?? '')}`);
  if (tests.length === 0) print('\nNo test ran: no test file matches what was asked for.');
  print(`\n${seconds(Date.now() - startedAt.getTime())} on Node.js ${process.version}`);
  print(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
}

function describe(test: TestResult): string {
  return `${test.file} › ${test.path.join(' › ')}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ');
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
