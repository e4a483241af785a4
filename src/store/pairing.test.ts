import assert from 'node:assert/strict';
import test from 'node:test';
import { checkPairing } from './pairing.ts';
import type { StoreIdentity } from './port.ts';

const IDENTITY = { cluster: 'c', generation: '1' };

const store = (positions: readonly (readonly [number, number])[]) => {
  const adopted: StoreIdentity[] = [];
  return {
    adopted,
    adopt: async (identity: StoreIdentity) => void adopted.push(identity),
    positions: async () => positions.map(([partition, offset]) => ({ partition, offset })),
  };
};

const journal = (start: number, end: number) => ({
  partitions: 2,
  identity: async () => IDENTITY,
  end: async () => end,
  offsetAt: async () => start,
});

test('a store is tied to its journal, and a position anywhere up to the end is fine', async () => {
  const own = store([
    [0, 0],
    [1, 9],
  ]);
  assert.deepEqual(await checkPairing(own, journal(0, 9)), []);
  assert.deepEqual(own.adopted, [IDENTITY]);
});

test("a position beyond the journal's end refuses the start", async () => {
  await assert.rejects(checkPairing(store([[0, 10]]), journal(0, 9)), {
    code: 'position_beyond_end',
    message: /up to 10, and the journal ends at 9/,
  });
});

test('a position in a partition that the journal does not have refuses the start', async () => {
  await assert.rejects(checkPairing(store([[2, 0]]), journal(0, 9)), { code: 'store_mismatch' });
});

test('records that were trimmed unprocessed are told', async () => {
  assert.deepEqual(await checkPairing(store([[0, 3]]), journal(5, 9)), [{ partition: 0, from: 3, to: 5 }]);
});
