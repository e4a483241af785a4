import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { decodeCursor, encodeCursor } from './cursor.ts';

test('a cursor comes back as the keys it was made of, and is safe in a URL', () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeInteger(), { minLength: 1, maxLength: 3 }), (keys) => {
      const cursor = encodeCursor(keys);
      assert.match(cursor, /^[\w-]+$/);
      assert.deepEqual(decodeCursor(cursor, keys.length), keys);
    }),
  );
});

test('without a cursor the newest comes first', () => {
  assert.deepEqual(decodeCursor(undefined, 2), [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]);
});

test('whatever else is handed in, the answer is that the cursor is bad', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      assert.throws(() => decodeCursor(text, 2), { code: 'bad_cursor' });
    }),
  );
  assert.throws(() => decodeCursor(encodeCursor([1]), 2), { code: 'bad_cursor' });
});
