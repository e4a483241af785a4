import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { inTurns, newestInOrder } from './batch.ts';

const rows = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'ä', '火'), value: fc.nat() }));
const keyOf = ({ key }: { key: string }) => key;

test('a batch has every key once with its newest word, in the order of the keys', () => {
  fc.assert(
    fc.property(rows, (batch) => {
      const found = newestInOrder(batch, keyOf);
      const keys = found.map(keyOf);
      assert.deepEqual(keys, [...new Set(batch.map(keyOf))].sort());
      for (const row of found)
        assert.equal(
          row,
          batch.findLast(({ key }) => key === row.key),
        );
    }),
  );
});

test('numbers are ordered as numbers', () => {
  assert.deepEqual(
    newestInOrder([10, 9, 100, 9], (key) => key),
    [9, 10, 100],
  );
});

test('turns keep the order of each key and never have a key twice', () => {
  fc.assert(
    fc.property(rows, (batch) => {
      const turns = inTurns(batch, keyOf);
      for (const turn of turns) assert.equal(new Set(turn.map(keyOf)).size, turn.length);
      for (const key of new Set(batch.map(keyOf))) {
        assert.deepEqual(
          turns.flatMap((turn) => turn.filter((row) => row.key === key)),
          batch.filter((row) => row.key === key),
        );
      }
    }),
  );
});
