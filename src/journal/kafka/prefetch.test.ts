import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { JournalRecord } from '../port.ts';
import type { Fetched } from './fetch.ts';
import { createPrefetch, PARTITION_BUFFER_BYTES, takeRecords, TOTAL_BUFFER_BYTES } from './prefetch.ts';

const record = (offset: number, value = 'v', partition = 0): JournalRecord => ({
  partition,
  offset,
  key: 'k',
  at: 1,
  value,
});
const answer = (from: number, to: number, end = to, value = 'v', partition = 0): Fetched => ({
  partition,
  offset: from,
  records: Array.from({ length: to - from }, (_, index) => record(from + index, value, partition)),
  next: to,
  end,
  errorCode: 0,
});
const offsets = (records: readonly JournalRecord[]) => records.map(({ offset }) => offset);

test('what was fetched stays until the reader has moved on, so that a batch that failed can be read again', () => {
  const prefetch = createPrefetch();
  prefetch.follow(0, 5);
  assert.equal(prefetch.accept(answer(5, 8)), true);
  assert.deepEqual(offsets(prefetch.follow(0, 5).records), [5, 6, 7]);
  assert.deepEqual(offsets(prefetch.follow(0, 5).records), [5, 6, 7]);
  assert.deepEqual(offsets(prefetch.follow(0, 7).records), [7]);
});

test('a jump back or ahead begins anew, and answers to the old place are dropped', () => {
  const prefetch = createPrefetch();
  prefetch.follow(0, 5);
  prefetch.accept(answer(5, 8));
  assert.deepEqual(prefetch.follow(0, 2).records, []);
  assert.equal(prefetch.accept(answer(8, 9)), false);
  assert.deepEqual(prefetch.follow(0, 100).records, []);
  assert.equal(prefetch.accept(answer(2, 5)), false);
});

test('two answers to one question count once', () => {
  const prefetch = createPrefetch();
  prefetch.follow(0, 0);
  prefetch.accept(answer(0, 3));
  assert.equal(prefetch.accept(answer(0, 3)), false);
  assert.equal(prefetch.accept(answer(0, 5)), true);
  assert.deepEqual(offsets(prefetch.follow(0, 0).records), [0, 1, 2, 3, 4]);
});

test('an end that is doubted is not believed again before an answer', () => {
  const prefetch = createPrefetch();
  prefetch.follow(0, 0);
  prefetch.accept(answer(0, 0, 0));
  assert.equal(prefetch.get(0)?.end, 0);
  prefetch.doubt(0);
  prefetch.noteEnd(0, 7);
  assert.equal(prefetch.get(0)?.end, -1);
  prefetch.accept(answer(0, 0, 9));
  assert.equal(prefetch.get(0)?.end, 9);
});

describe('memory is bounded:', () => {
  const large = 'x'.repeat(PARTITION_BUFFER_BYTES / 4);

  test('a partition whose records nobody takes is not asked for more until some are taken', () => {
    const prefetch = createPrefetch();
    prefetch.follow(0, 0);
    prefetch.follow(1, 0);
    prefetch.accept(answer(0, 4, 9, large));
    assert.deepEqual(
      prefetch.hungry().map(({ partition }) => partition),
      [1],
    );
    prefetch.follow(0, 1);
    assert.equal(prefetch.hungry().length, 2);
  });

  test('nothing more is asked for when all partitions together hold too much', () => {
    const prefetch = createPrefetch();
    const partitions = (TOTAL_BUFFER_BYTES / PARTITION_BUFFER_BYTES) * 2;
    for (let partition = 0; partition < partitions; partition++) {
      prefetch.follow(partition, 0);
      prefetch.accept(answer(0, 2, 9, large, partition));
    }
    assert.deepEqual(prefetch.hungry(), []);
    prefetch.release([0]);
    assert.equal(prefetch.hungry().length, partitions - 1);
  });
});

test('a take stops at its limit and its bytes, and gives at least one', () => {
  const records = [record(0, 'xxx'), record(1, 'xxx'), record(2, 'xxx')];
  assert.deepEqual(offsets(takeRecords(records, 2, 100)), [0, 1]);
  assert.deepEqual(offsets(takeRecords(records, 9, 8)), [0, 1]);
  assert.deepEqual(offsets(takeRecords(records, 9, 1)), [0]);
  assert.deepEqual(takeRecords(records, 0, 100), []);
});

test('in whatever order and how often answers come, a reader gets every record once, in order', () => {
  const LOG = 60;
  const step = fc.oneof(
    fc.record({ kind: fc.constant('ask' as const), size: fc.integer({ min: 0, max: 7 }) }),
    fc.record({ kind: fc.constant('deliver' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('read' as const), limit: fc.integer({ min: 1, max: 5 }) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const prefetch = createPrefetch();
      const asked: Fetched[] = [];
      let position = 0;
      prefetch.follow(0, position);
      for (const one of steps) {
        if (one.kind === 'ask') {
          const { next } = prefetch.get(0)!;
          asked.push(answer(next, Math.min(LOG, next + one.size), LOG));
        } else if (one.kind === 'deliver') {
          if (asked.length > 0) prefetch.accept(asked[one.which % asked.length]!);
        } else {
          const taken = takeRecords(prefetch.follow(0, position).records, one.limit, Infinity);
          assert.deepEqual(
            offsets(taken),
            taken.map((_, index) => position + index),
          );
          position += taken.length;
        }
      }
    }),
  );
});
