import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRecordsBatch, readRecordsBatches, Reader, type RecordsBatch } from '@platformatic/kafka';
import fc from 'fast-check';
import { readBatches, sizeOf, toMessage, type KafkaMessage } from './records.ts';
import { BATCH_OVERHEAD_BYTES } from './topics.ts';

type WireMessages = Parameters<typeof createRecordsBatch>[0];

/** Through the wire format and back, at the offset that the broker would give. */
function written(messages: readonly KafkaMessage[], firstOffset: number): RecordsBatch {
  const bytes = createRecordsBatch(messages as WireMessages).buffer;
  const [batch] = readRecordsBatches(Reader.from(bytes));
  return { ...batch!, firstOffset: BigInt(firstOffset) };
}

test('whatever the record, it comes back as it was, and takes no more than it was reckoned with', () => {
  const start = Date.UTC(2026, 0);
  const one = fc.record({
    key: fc.string({ unit: 'grapheme' }),
    at: fc.integer({ min: start, max: start + 2 ** 31 - 1 }),
    value: fc.string({ unit: 'grapheme', maxLength: 300 }),
  });
  fc.assert(
    fc.property(fc.array(one, { minLength: 1, maxLength: 20 }), fc.nat(), (records, first) => {
      const messages = records.map((record) => toMessage('t', 3, record));
      const bytes = createRecordsBatch(messages as WireMessages).length;
      assert.ok(bytes <= BATCH_OVERHEAD_BYTES + messages.reduce((sum, message) => sum + sizeOf(message), 0));
      assert.deepEqual(readBatches(3, first, [written(messages, first)]), {
        records: records.map((record, index) => ({ partition: 3, offset: first + index, ...record })),
        next: first + records.length,
      });
    }),
  );
});

test('records before the offset that was asked for are left out', () => {
  const messages = ['a', 'b', 'c'].map((value) => toMessage('t', 0, { key: 'k', at: 1, value }));
  const { records, next } = readBatches(0, 12, [written(messages, 10)]);
  assert.deepEqual(
    records.map(({ offset, value }) => [offset, value]),
    [[12, 'c']],
  );
  assert.equal(next, 13);
});

test('markers of transactions are no records, but move the offset on', () => {
  const marker = { ...written([toMessage('t', 0, { key: 'k', at: 1, value: 'v' })], 7), attributes: 0x20 };
  assert.deepEqual(readBatches(0, 7, [marker]), { records: [], next: 8 });
});

test('a record that another program wrote without key and value is an empty one', () => {
  const batch = written([toMessage('t', 0, { key: 'k', at: 1, value: 'v' })], 0);
  const bare = { ...batch, records: batch.records.map((one) => ({ ...one, key: null, value: null })) };
  assert.deepEqual(readBatches(0, 0, [bare]).records, [
    { partition: 0, offset: 0, key: '', at: 1, value: '' },
  ]);
});
