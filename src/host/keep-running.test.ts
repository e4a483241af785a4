import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepRunning } from './keep-running.ts';

/** A task under a held clock: waits are answered by hand. */
function start(run: (attempt: number, signal: AbortSignal) => Promise<void>) {
  const abort = new AbortController();
  const said: string[] = [];
  const waits: { readonly ms: number; readonly over: () => void }[] = [];
  let attempt = 0;
  const task = keepRunning(() => run(++attempt, abort.signal), {
    signal: abort.signal,
    random: () => 1,
    wait: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) reject(new Error('aborted'));
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        waits.push({ ms, over: resolve });
      }),
    onWell: () => void said.push('well'),
    onDown: (error, waitMs) => void said.push(`${(error as Error).message}, again after ${waitMs}`),
  });
  /** Ends the newest wait of this length. */
  const pass = async (ms: number) => {
    waits.findLast((wait) => wait.ms === ms)!.over();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { task, abort, said, pass, turn: () => new Promise((resolve) => setImmediate(resolve)) };
}

const untilAborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));

test('a task that fails is down and started again, later each time, and well again after it has run for a while', async () => {
  const { task, said, pass, turn, abort } = start((attempt, signal) =>
    attempt <= 3 ? Promise.reject(new Error(`failure ${attempt}`)) : untilAborted(signal),
  );
  await turn();
  await pass(1_000);
  await pass(2_000);
  assert.equal(task.isDown, true);
  await pass(4_000);
  assert.equal(task.isDown, true, 'it has only just begun');
  await pass(10_000);
  assert.equal(task.isDown, false);
  assert.deepEqual(said, [
    'failure 1, again after 1000',
    'failure 2, again after 2000',
    'failure 3, again after 4000',
    'well',
  ]);
  abort.abort();
  await task.ended;
});

test('a task that returns before its time has failed', async () => {
  const { task, said, turn, abort } = start(() => Promise.resolve());
  await turn();
  assert.deepEqual(said, ['the task ended before its time, again after 1000']);
  abort.abort();
  await task.ended;
});

test('the signal ends it without a word, also between two tries', async () => {
  const running = start((_attempt, signal) => untilAborted(signal));
  const waiting = start(() => Promise.reject(new Error('failure')));
  for (const { abort, task, turn } of [running, waiting]) {
    await turn();
    abort.abort();
    await task.ended;
  }
  assert.deepEqual(running.said, []);
  assert.equal(waiting.said.length, 1);
});

test('a task that does not listen to its signal holds up a stop for a second only', async () => {
  const { abort, task, turn, pass } = start(() => new Promise(() => {}));
  await turn();
  abort.abort();
  await turn();
  await pass(1_000);
  await task.ended;
});
