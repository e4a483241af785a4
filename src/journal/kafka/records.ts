import type { MessageToProduce, RecordsBatch } from '@platformatic/kafka';
import type { JournalRecord, NewRecord } from '../port.ts';
import { RECORD_OVERHEAD_BYTES } from './topics.ts';

/** Bit 5 of a batch's attributes: markers of transactions, which are not records (Kafka protocol, "Record Batch"). */
const CONTROL_BATCH = 0x20;
/** How this program wrote the record around the value; other readers of the topic may look at it, the journal needs it not. */
const VERSION_HEADER = [Buffer.from('signalbox-version'), Buffer.from('1')] as const;

/** A record as the client sends it, with nothing left open. */
export type KafkaMessage = MessageToProduce<Buffer, Buffer, Buffer, Buffer> & {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly partition: number;
  readonly timestamp: bigint;
};

/** The ordering key is the record's key and `at` its timestamp, so that Kafka's own tools show both and can look up by time. */
export function toMessage(topic: string, partition: number, record: NewRecord): KafkaMessage {
  return {
    topic,
    partition,
    key: Buffer.from(record.key),
    value: toBuffer(record.value),
    timestamp: BigInt(Math.trunc(record.at)),
    headers: new Map([VERSION_HEADER]),
  };
}

/** What the message takes in a batch at most. */
export function sizeOf({ key, value }: KafkaMessage): number {
  return RECORD_OVERHEAD_BYTES + key.length + value.length;
}

/**
 * The records of a fetch from `offset` on, and where the next fetch begins. A fetch starts with the whole batch that the offset is in;
 * what lies before it in the batch is left out. Markers of transactions move the offset on and are left out as well.
 */
export function readBatches(
  partition: number,
  offset: number,
  batches: readonly RecordsBatch[],
): { readonly records: JournalRecord[]; readonly next: number } {
  const records: JournalRecord[] = [];
  let next = offset;
  for (const batch of batches) {
    const base = Number(batch.firstOffset);
    if ((batch.attributes & CONTROL_BATCH) === 0) {
      for (const { offsetDelta, timestampDelta, key, value } of batch.records) {
        if (base + offsetDelta < offset) continue;
        records.push({
          partition,
          offset: base + offsetDelta,
          key: key === null ? '' : key.toString(),
          at: Number(batch.firstTimestamp + timestampDelta),
          value: value === null ? '' : value.toString(),
        });
      }
    }
    next = Math.max(next, base + batch.lastOffsetDelta + 1);
  }
  return { records, next };
}

function toBuffer(value: Uint8Array | string): Buffer {
  return typeof value === 'string'
    ? Buffer.from(value)
    : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
