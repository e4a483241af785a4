import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from './program.ts';
import { faultOf, never } from './testing/http-calls.ts';

const command = process.execPath;

test('a program gets its arguments as they are, no shell between, and its output and exit code come back', async () => {
  const script = 'console.log(process.argv[1]); console.error("so"); process.exitCode = 3';
  const result = await runProgram({ command, args: ['-e', script, '$(id); `id` "'], signal: never });
  assert.deepEqual(result, { exitCode: 3, stdout: '$(id); `id` "\n', stderr: 'so\n' });
});

test('a program sees no variable of the hub but those that are named', async (t) => {
  process.env['SIGNALBOX_TEST_SECRET'] = 's3cret';
  process.env['SIGNALBOX_TEST_NAMED'] = 'named';
  t.after(() => {
    delete process.env['SIGNALBOX_TEST_SECRET'];
    delete process.env['SIGNALBOX_TEST_NAMED'];
  });
  const { stdout } = await runProgram({
    command,
    args: ['-e', 'console.log(JSON.stringify(process.env))'],
    env: { OWN: '1' },
    passEnv: ['SIGNALBOX_TEST_NAMED'],
    signal: never,
  });
  const env = JSON.parse(stdout) as Record<string, string>;
  assert.deepEqual([env['OWN'], env['SIGNALBOX_TEST_NAMED']], ['1', 'named']);
  assert.doesNotMatch(stdout, /s3cret/);
});

test('a program that is not there is SB_CONFIG', async () => {
  const fault = await faultOf(runProgram({ command: './no-such-program', signal: never }));
  assert.equal(fault.code, 'SB_CONFIG');
  assert.match(fault.message, /ENOENT/);
});

test('a program that does not end, prints without end or is no longer wanted is killed and is SB_UNAVAILABLE', async () => {
  const hang = ['-e', 'setInterval(() => {}, 1000)'];
  const slow = await faultOf(runProgram({ command, args: hang, timeoutMs: 50, signal: never }));
  assert.match(slow.message, /did not end within/);
  const print = ['-e', 'console.log("x".repeat(5000)); setInterval(() => {}, 1000)'];
  const loud = await faultOf(runProgram({ command, args: print, outputBytes: 1_000, signal: never }));
  assert.match(loud.message, /printed more/);
  const abort = new AbortController();
  const running = runProgram({ command, args: hang, signal: abort.signal });
  abort.abort();
  const cancelled = await faultOf(running);
  assert.match(cancelled.message, /cancelled/);
  for (const fault of [slow, loud, cancelled]) assert.equal(fault.code, 'SB_UNAVAILABLE');
});
