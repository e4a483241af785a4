import assert from 'node:assert/strict';
import test from 'node:test';
import { partitionOf } from './partition.ts';

const PINNED = [36, 40, 28, 1];

test('one partition takes every key', () => {
  assert.equal(partitionOf('default/0011223344556677', 1), 0);
});

test('the partition of a key never changes, because records of the key are there already', () => {
  assert.deepEqual(
    ['default/0011223344556677', 'default/0011223344556678', 'ü/1', ''].map((key) => partitionOf(key, 64)),
    PINNED,
  );
});

test('keys that differ in one digit spread over all partitions evenly', () => {
  const counts = new Array<number>(8).fill(0);
  for (let index = 0; index < 8_000; index++) {
    counts[partitionOf(`default/${index.toString(16).padStart(16, '0')}`, 8)]!++;
  }
  for (const count of counts) assert.ok(count > 800 && count < 1_200, `uneven: ${counts.join(' ')}`);
});
