import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findGap, findLate, findRecovery } from './recovery.ts';

function arrival(at: number, key: string, version: number) {
  return {
    delivery: `${key}-${version}`,
    node: 'node-1',
    at,
    statements: [{ key, version, status: 'firing' as const }],
  };
}

test('what arrives more than three seconds after its acknowledgement is late, and only its first arrival counts', () => {
  const acknowledgedAt = new Map([
    ['a#1', 1_000],
    ['b#1', 1_000],
  ]);
  const arrivals = [
    arrival(3_900, 'a', 1),
    arrival(9_000, 'a', 1),
    arrival(4_100, 'b', 1),
    arrival(5_000, 'c', 1),
  ];
  assert.deepEqual(findLate(acknowledgedAt, arrivals), [{ name: 'b#1', acknowledgedAt: 1_000, at: 4_100 }]);
});

test('recovery ends with the last thing that went wrong, counted apart while the fault lasts and after it', () => {
  const round = { injectedAt: 1_000, healedAt: 5_000 };
  assert.deepEqual(findRecovery(round, 9_000, []), { fromFaultMs: 0, fromEndMs: 0 });
  assert.deepEqual(findRecovery(round, 9_000, [500, 2_000, 3_500, 5_700, 9_500]), {
    fromFaultMs: 2_500,
    fromEndMs: 700,
  });
});

test('the longest silence lies between two moments, in whatever order they are given', () => {
  assert.equal(findGap([]), 0);
  assert.equal(findGap([500, 100, 140]), 360);
});
