import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { createClockOffset, createMovedClock, moveClock, readClock, setClock, turnClock } from './clock.ts';

const HOUR_MS = 3_600_000;

test('a clock that is turned back stands still, and never goes back', () => {
  const clock = createClockOffset();
  const now = createMovedClock(clock);
  const before = now();
  turnClock(clock, -HOUR_MS);
  assert.equal(now(), before);
  turnClock(clock, 2 * HOUR_MS);
  assert.ok(now() >= before + HOUR_MS);
});

test('what the system clock is set to afterwards does not matter', (t) => {
  const now = createMovedClock(createClockOffset());
  const before = now();
  t.mock.method(Date, 'now', () => before + HOUR_MS);
  assert.ok(now() < before + HOUR_MS);
});

test('only a start may set it back', () => {
  const clock = createClockOffset();
  const before = readClock(clock);
  setClock(clock, before - HOUR_MS);
  assert.ok(readClock(clock) < before);
});

test('tests move it for everybody, and steering does not see that', () => {
  const clock = createClockOffset();
  const before = readClock(clock);
  moveClock(clock, HOUR_MS);
  assert.ok(createMovedClock(clock)() >= before + HOUR_MS);
  assert.ok(readClock(clock) < before + HOUR_MS);
});

test('two threads have the same time', async () => {
  const clock = createClockOffset();
  const code = `
    const { parentPort, workerData } = require('node:worker_threads');
    import(workerData.module).then(({ readClock }) => parentPort.postMessage(readClock(workerData.clock)));`;
  const module = new URL('./clock.ts', import.meta.url).href;
  const before = readClock(clock);
  const worker = new Worker(code, { eval: true, workerData: { clock, module } });
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  worker.once('message', resolve).once('error', reject);
  const there = await promise;
  await worker.terminate();
  assert.ok(before <= there && there <= readClock(clock), `${before} ≤ ${there}`);
});
