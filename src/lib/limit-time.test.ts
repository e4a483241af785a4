import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { limitTime } from './limit-time.ts';

test('work that takes too long is told so by a time-out, as from AbortSignal.timeout', async () => {
  const { signal } = limitTime(1);
  const alive = setInterval(() => undefined, 1_000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(alive);
  assert.equal((signal.reason as DOMException).name, 'TimeoutError');
});

test('the signal of work that is done does not abort any more', (context) => {
  context.mock.timers.enable({ apis: ['setTimeout'] });
  const limit = limitTime(10);
  context.mock.timers.tick(9);
  limit.end();
  context.mock.timers.tick(100);
  assert.equal(limit.signal.aborted, false);
});
