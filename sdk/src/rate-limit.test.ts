import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRateLimit } from './rate-limit.ts';

test('slots are granted at once up to the rate, then the wait until the next one is told', () => {
  let nowMs = 100;
  const takeSlot = createRateLimit({ requests: 2, perMs: 1_000 }, () => nowMs);
  assert.deepEqual([takeSlot(), takeSlot(), takeSlot()], [0, 0, 1_000]);
  nowMs = 600;
  assert.equal(takeSlot(), 500);
  nowMs = 1_100;
  assert.deepEqual([takeSlot(), takeSlot(), takeSlot()], [0, 0, 1_000]);
});

test('no span of the rate ever holds more than the rate allows, and who waits as told gets a slot', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.nat(400), { maxLength: 60 }),
      (requests, pauses) => {
        let nowMs = 0;
        const takeSlot = createRateLimit({ requests, perMs: 1_000 }, () => nowMs);
        const granted: number[] = [];
        for (const pauseMs of pauses) {
          nowMs += pauseMs;
          const waitMs = takeSlot();
          if (waitMs > 0) {
            nowMs += waitMs;
            assert.equal(takeSlot(), 0);
          }
          granted.push(nowMs);
          assert.ok(granted.filter((atMs) => nowMs - atMs < 1_000).length <= requests);
        }
      },
    ),
  );
});
