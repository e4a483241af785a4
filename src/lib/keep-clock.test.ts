import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { createClockOffset, readClock } from './clock.ts';
import { keepClock } from './keep-clock.ts';

const HOUR_MS = 3_600_000;

/** Time passes only when the test says so, save for the monotonic clock, which nobody can move. */
async function keep(t: TestContext, read: () => number) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const clock = createClockOffset();
  const told: unknown[] = [];
  const stop = await keepClock({
    clock,
    read: async () => ({ earliest: read(), latest: read() }),
    everyMs: 1_000,
    patienceMs: 0,
    onLeap: (errorMs) => told.push(Math.round(errorMs / HOUR_MS)),
    onTrouble: (error) => told.push(String(error)),
  });
  const look = async (): Promise<void> => {
    t.mock.timers.tick(1_000);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { clock, told, stop, look };
}

test('a clock that is wrong at the start is set right, also back', async (t) => {
  const { clock, stop } = await keep(t, () => 5_000_000);
  stop();
  assert.ok(readClock(clock) < 5_000_000 + HOUR_MS);
});

test('leaps are followed ahead and not back, and told once', async (t) => {
  const real = createClockOffset();
  let offset = 0;
  const { clock, told, stop, look } = await keep(t, () => readClock(real) + offset);
  offset = HOUR_MS;
  await look();
  const ahead = readClock(clock);
  assert.ok(ahead >= readClock(real) + HOUR_MS - 1_000);
  offset = 0;
  await look();
  await look();
  assert.ok(readClock(clock) >= ahead);
  assert.deepEqual(told, [1, -1]);
  stop();
});

test('a clock that cannot be read is told, and looked at again', async (t) => {
  let isAway = false;
  const { told, stop, look } = await keep(t, () => {
    if (isAway) throw new Error('away');
    return 1;
  });
  isAway = true;
  await look();
  await look();
  assert.deepEqual(told, ['Error: away', 'Error: away']);
  stop();
});
