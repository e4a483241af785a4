import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createDigest } from './digest.ts';

function digestOf(texts: readonly string[]) {
  const digest = createDigest();
  for (const text of texts) digest.add(text);
  return digest.summary();
}

test('rows have the same hash in any order, and another one when a row is missing, changed or there twice', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1 }), fc.nat(), (texts, place) => {
      const one = texts[place % texts.length]!;
      const { hash } = digestOf(texts);
      assert.equal(digestOf(texts.toReversed()).hash, hash);
      assert.notEqual(digestOf([...texts, one]).hash, hash);
      assert.notEqual(digestOf([...texts, one, one]).hash, hash);
      assert.notEqual(digestOf(texts.with(place % texts.length, `${one}.`)).hash, hash);
      assert.match(hash, /^[0-9a-f]{64}$/);
    }),
  );
});

test('no rows are zero', () => {
  assert.deepEqual(digestOf([]), { rows: 0, hash: '0'.repeat(64) });
});
