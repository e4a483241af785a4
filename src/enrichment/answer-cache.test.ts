import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAnswerCache } from './answer-cache.ts';
import type { Answer } from './look-up.ts';

const found = (bytes: number): Answer => ({ kind: 'found', value: { bytes }, bytes });

test('a full cache forgets what was not asked for the longest', () => {
  const cache = createAnswerCache(2, 1_000);
  cache.set('a', found(1), 0, 10);
  cache.set('b', found(1), 0, 10);
  cache.get('a', 1);
  cache.set('c', found(1), 1, 10);
  assert.deepEqual(
    ['a', 'b', 'c'].map((key) => cache.get(key, 2) !== undefined),
    [true, false, true],
  );
});

test('whatever is put in, it stays within its bounds and counts its bytes right', () => {
  const action = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    bytes: fc.nat(120),
    at: fc.integer({ min: -50, max: 50 }),
    ttl: fc.nat(40),
    read: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const cache = createAnswerCache(3, 200);
      for (const { key, bytes, at, ttl, read } of actions) {
        if (read) cache.get(key, at);
        else cache.set(key, found(bytes), at, ttl);
        assert.ok(cache.bytes() >= 0 && cache.bytes() <= 200);
      }
      for (const key of ['a', 'b', 'c', 'd', 'e']) cache.get(key, 1_000);
      assert.equal(cache.bytes(), 0, 'what is forgotten is counted no more');
    }),
  );
});
