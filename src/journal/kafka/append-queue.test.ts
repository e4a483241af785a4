import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Position } from '../../model/position.ts';
import { partitionOf } from '../partition.ts';
import { createAppendQueue, maxRecordBytesOf, type AppendQueueOptions } from './append-queue.ts';
import type { KafkaMessage } from './records.ts';

const topic = { name: 't', id: 'i', partitions: 4, lanes: [0, 0, 0, 0], maxBatchBytes: 2_000 };

/** A broker in memory: gives offsets, and can be told to hold its answer or to refuse. */
function createLog() {
  const partitions: string[][] = Array.from({ length: topic.partitions }, () => []);
  const sizes: number[] = [];
  const written: Position[] = [];
  let before: (lane: number) => Promise<void> = async () => {};
  const send = (lane: number) => async (messages: readonly KafkaMessage[]) => {
    await before(lane);
    sizes.push(messages.length);
    const first = new Map<number, number>();
    for (const { partition, value } of messages) {
      if (!first.has(partition)) first.set(partition, partitions[partition]!.length);
      partitions[partition]!.push(value.toString());
    }
    return first;
  };
  const options: AppendQueueOptions = {
    topic,
    sends: Array.from({ length: topic.partitions }, (_, lane) => send(lane)),
    whyFull: () => undefined,
    onWritten: (positions) => written.push(...positions),
  };
  return {
    partitions,
    sizes,
    written,
    options,
    hold: (wait: (lane: number) => Promise<void>) => (before = wait),
  };
}

const record = (key: string, value: string) => ({ key, at: 1, value });

test('calls that come while a batch is under way go together with the next one', async () => {
  const log = createLog();
  const { promise, resolve } = Promise.withResolvers<void>();
  log.hold(() => promise);
  const queue = createAppendQueue(log.options);
  const first = queue.append([record('k', 'a')]);
  await new Promise((done) => setImmediate(done));
  const others = Array.from({ length: 9 }, (_, index) => queue.append([record('k', `b${index}`)]));
  resolve();
  await Promise.all([first, ...others]);
  assert.deepEqual(log.sizes, [1, 9]);
});

test('[BR-WH-010] however records are cut into calls and batches, each partition keeps their order and each call gets its positions', async () => {
  const call = fc.array(
    fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 0, max: 900 })),
    {
      maxLength: 8,
    },
  );
  const lanesOfPartitions = fc.constantFrom([0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 2, 3]);
  await fc.assert(
    fc.asyncProperty(fc.array(call, { maxLength: 12 }), lanesOfPartitions, async (calls, lanes) => {
      const log = createLog();
      const queue = createAppendQueue({ ...log.options, topic: { ...topic, lanes } });
      let serial = 0;
      const batches = calls.map((one) =>
        one.map(([key, size]) => record(key, `${serial++}:${'x'.repeat(size)}`)),
      );
      const answers = await Promise.all(batches.map((batch) => queue.append(batch)));
      for (const [index, batch] of batches.entries()) {
        assert.deepEqual(
          answers[index]!.map(({ partition, offset }) => log.partitions[partition]![offset]),
          batch.map(({ value }) => value),
        );
        for (const [at, { partition }] of answers[index]!.entries()) {
          assert.equal(partition, partitionOf(batch[at]!.key, topic.partitions));
        }
      }
      for (const values of log.partitions) {
        const serials = values.map((value) => Number(value.split(':')[0]));
        assert.deepEqual(
          serials,
          serials.toSorted((a, b) => a - b),
        );
      }
      assert.equal(log.written.length, serial);
    }),
  );
});

test('a batch never holds more of one partition than the brokers take', async () => {
  const log = createLog();
  const queue = createAppendQueue(log.options);
  await queue.append(Array.from({ length: 10 }, () => record('k', 'x'.repeat(800))));
  assert.deepEqual(log.sizes, [2, 2, 2, 2, 2]);
});

test('records whose times lie weeks apart go in different batches', async () => {
  const log = createLog();
  const queue = createAppendQueue(log.options);
  const day = 86_400_000;
  await queue.append([0, 20, 30, 31, 1].map((days) => ({ key: 'k', at: days * day, value: 'v' })));
  assert.deepEqual(log.sizes, [2, 2, 1]);
});

test('a record that fits no batch is refused before anything of its call is sent', async () => {
  const log = createLog();
  const queue = createAppendQueue(log.options);
  const max = maxRecordBytesOf(topic);
  await assert.rejects(queue.append([record('k', 'ok'), record('k', 'x'.repeat(max))]), {
    code: 'record_too_large',
    message: new RegExp(`${max}.*max\\.message\\.bytes=2000`),
  });
  assert.deepEqual(log.sizes, []);
  assert.equal((await queue.append([record('k', 'x'.repeat(max - 1))])).length, 1);
});

test('a batch that fails refuses what waits behind it, and the next call begins anew', async () => {
  const log = createLog();
  const { promise, reject } = Promise.withResolvers<void>();
  log.hold(() => promise);
  const queue = createAppendQueue(log.options);
  const first = queue.append([record('k', 'a')]);
  await new Promise((done) => setImmediate(done));
  const second = queue.append([record('k', 'b')]);
  reject(new Error('gone'));
  const outcomes = await Promise.allSettled([first, second]);
  assert.deepEqual(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  log.hold(async () => {});
  assert.deepEqual(await queue.append([record('k', 'c')]), [{ partition: partitionOf('k', 4), offset: 0 }]);
});

/** Keys of partitions that are in different lanes here. */
const twoLanes = { ...topic, lanes: [0, 1, 0, 1] };
const [even, odd] = [0, 1].map(
  (lane) => 'abcdefgh'.split('').find((key) => twoLanes.lanes[partitionOf(key, 4)] === lane)!,
) as [string, string];

test('a broker that does not answer holds up what goes to it, and nothing else', async () => {
  const log = createLog();
  const { promise, resolve } = Promise.withResolvers<void>();
  log.hold((lane) => (lane === 0 ? promise : Promise.resolve()));
  const queue = createAppendQueue({ ...log.options, topic: twoLanes });
  const held = queue.append([record(even, 'a')]);
  await queue.append([record(odd, 'b')]);
  await queue.append([record(odd, 'c')]);
  assert.deepEqual(log.partitions[partitionOf(even, 4)], []);
  resolve();
  assert.deepEqual(await held, [{ partition: partitionOf(even, 4), offset: 0 }]);
});

test('a call that one broker refuses is refused as a whole, and what of it still waits for another one is not sent', async () => {
  const log = createLog();
  const first = Promise.withResolvers<void>();
  const second = Promise.withResolvers<void>();
  log.hold((lane) => (lane === 0 ? first.promise : second.promise));
  const queue = createAppendQueue({ ...log.options, topic: twoLanes });
  const underWay = queue.append([record(odd, 'a')]);
  await new Promise((done) => setImmediate(done));
  const both = queue.append([record(even, 'b'), record(odd, 'b')]);
  await new Promise((done) => setImmediate(done));
  first.reject(new Error('gone'));
  await assert.rejects(both, /gone/);
  second.resolve();
  await underWay;
  await queue.close();
  assert.deepEqual(log.partitions[partitionOf(odd, 4)], ['a']);
  assert.deepEqual(log.partitions[partitionOf(even, 4)], []);
});

test('what may wait in memory is bounded', async () => {
  const log = createLog();
  const { promise, resolve } = Promise.withResolvers<void>();
  log.hold(() => promise);
  const queue = createAppendQueue({ ...log.options, topic: { ...topic, maxBatchBytes: 40 * 1024 * 1024 } });
  const large = record('k', 'x'.repeat(30 * 1024 * 1024));
  const taken = [queue.append([large]), queue.append([large])];
  await assert.rejects(queue.append([large]), { code: 'journal_unavailable', message: /too slowly/ });
  resolve();
  assert.equal((await Promise.all(taken)).length, 2);
});

test('a close waits for what is under way, and refuses what comes later', async () => {
  const log = createLog();
  const queue = createAppendQueue(log.options);
  const appended = queue.append([record('k', 'a')]);
  await queue.close();
  assert.equal(log.sizes.length, 1);
  assert.equal((await appended).length, 1);
  await assert.rejects(queue.append([]), { code: 'journal_unavailable' });
});
