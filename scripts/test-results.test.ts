import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, test } from 'node:test';
import { createCollector, type TestEvent, type TestResult } from './test-results.ts';

/** Runs a test file of this source in a process of its own and gathers what happened. */
async function collect(
  t: { after(fn: () => Promise<void>): void },
  source: string,
): Promise<readonly TestResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-results-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'a.test.ts');
  await writeFile(file, source);
  const collector = createCollector(folder);
  // Inside a test run, node:test would take the new run for a nested one and run nothing.
  const context = process.env['NODE_TEST_CONTEXT'];
  delete process.env['NODE_TEST_CONTEXT'];
  const stream = run({ files: [file] });
  stream.on('test:pass', (event) => collector.add('pass', event as TestEvent));
  stream.on('test:fail', (event) => collector.add('fail', event as TestEvent));
  stream.resume();
  await new Promise((done) => stream.on('end', done));
  if (context !== undefined) process.env['NODE_TEST_CONTEXT'] = context;
  return collector.results();
}

const brief = (results: readonly TestResult[]) =>
  results.map(({ path, status }) => `${status} ${path.join(' › ')}`);

test('tests carry the titles of the suites around them, and suites are no tests', async (t) => {
  const results = await collect(
    t,
    `import { describe, test } from 'node:test';
     test('alone', () => {});
     describe('outer', () => { describe('inner', () => { test('deep', () => {}); }); test('flat', () => {}); });
     test('parent', async (t) => { await t.test('child', () => {}); });`,
  );
  assert.deepEqual(brief(results), [
    'passed alone',
    'passed outer › inner › deep',
    'passed outer › flat',
    'passed parent › child',
    'passed parent',
  ]);
  assert.ok(results.every(({ file }) => file === 'a.test.ts'));
});

test('a failure says why, and the suite around it does not count twice', async (t) => {
  const results = await collect(
    t,
    `import { describe, test } from 'node:test';
     describe('suite', () => { test('good', () => {}); test('bad', () => { throw new Error('boom'); }); });`,
  );
  assert.deepEqual(brief(results), ['passed suite › good', 'failed suite › bad']);
  assert.match(results[1]?.reason ?? '', /boom/);
});

test('a skip needs a reason, and a todo is not taken for a test', async (t) => {
  const results = await collect(
    t,
    `import { test } from 'node:test';
     test('said', (t) => t.skip('prometheus is not installed'));
     test('unsaid', { skip: true }, () => {});
     test('later', { todo: true }, () => {});`,
  );
  assert.deepEqual(brief(results), ['skipped said', 'failed unsaid', 'failed later']);
  assert.equal(results[0]?.reason, 'prometheus is not installed');
});

test('a file that holds no test, or does not load, has failed', async (t) => {
  assert.deepEqual(brief(await collect(t, 'export {};')), ['failed a.test.ts']);
  assert.deepEqual(brief(await collect(t, "throw new Error('load');")), ['failed a.test.ts']);
});
