import type { Position } from '../../model/position.ts';
import { partitionOf } from '../partition.ts';
import { JournalFull, JournalUnavailable, type NewRecord, RecordTooLarge } from '../port.ts';
import { sizeOf, toMessage, type KafkaMessage } from './records.ts';
import { BATCH_OVERHEAD_BYTES, RECORD_OVERHEAD_BYTES, type JournalTopic } from './topics.ts';

/** What may wait in memory while the brokers don't answer; above it a call is refused at once. */
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
/** One batch goes out in one request per broker; brokers take 100 MiB by default. */
const MAX_SEND_BYTES = 16 * 1024 * 1024;

export interface AppendQueue {
  append(records: readonly NewRecord[]): Promise<readonly Position[]>;
  /** Resolves when nothing waits and nothing is under way; later calls are refused. */
  close(): Promise<void>;
}

export interface AppendQueueOptions {
  readonly topic: JournalTopic;
  /** Writes one batch; resolves with the offset of its first record per partition. */
  readonly send: (messages: readonly KafkaMessage[]) => Promise<ReadonlyMap<number, number>>;
  /** Why so many more bytes can't be taken; undefined when they can. */
  readonly whyFull: (bytes: number) => string | undefined;
  /** So much was acknowledged. */
  readonly onWritten: (positions: readonly Position[], bytes: number) => void;
}

interface Call {
  readonly messages: readonly KafkaMessage[];
  readonly positions: Position[];
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/** One message and whose it is. */
interface Waiting {
  readonly call: Call;
  readonly message: KafkaMessage;
  readonly bytes: number;
}

/**
 * The times of one batch lie less apart than this (24 days). The client writes a larger difference wrongly: its 64-bit zigzag encoding
 * shifts by 31 bits (@platformatic/dynamic-buffer 0.3), and a record would come back with another time.
 */
const MAX_TIME_SPAN_MS = 2n ** 31n;

/** Bytes of key and value of the largest record that fits a batch of its own. */
export function maxRecordBytesOf({ maxBatchBytes }: JournalTopic): number {
  return maxBatchBytes - BATCH_OVERHEAD_BYTES - RECORD_OVERHEAD_BYTES;
}

/**
 * Group commit: one batch is under way at a time, and what is called meanwhile goes with the next one. So a lone call waits for nothing
 * but its own round trip, and under load the batches grow by themselves. The order of calls is the order of records in each partition.
 * When a batch fails, everything that waits is refused with it: behind a batch that stood still for its time it would wait as long again.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const { topic } = options;
  const maxBatchBytes = topic.maxBatchBytes - BATCH_OVERHEAD_BYTES;
  const maxRecordBytes = maxRecordBytesOf(topic);
  let waiting: Waiting[] = [];
  let waitingBytes = 0;
  let running: Promise<void> | undefined;
  let closed = false;

  /** The next batch: as many as fit a request, and of each partition as many as fit what Kafka takes as one batch. */
  const takeBatch = (): readonly Waiting[] => {
    const started = new Map<number, { bytes: number; readonly timestamp: bigint }>();
    let total = 0;
    let count = 0;
    for (const { message, bytes } of waiting) {
      const { partition, timestamp } = message;
      const ofPartition = started.getOrInsert(partition, { bytes: 0, timestamp });
      const isTooLarge = ofPartition.bytes + bytes > maxBatchBytes || total + bytes > MAX_SEND_BYTES;
      if (count > 0 && (isTooLarge || spanOf(timestamp, ofPartition.timestamp) >= MAX_TIME_SPAN_MS)) break;
      ofPartition.bytes += bytes;
      total += bytes;
      count += 1;
    }
    waitingBytes -= total;
    return waiting.splice(0, count);
  };

  const refuseWaiting = (error: unknown) => {
    const refused = new Set(waiting.map(({ call }) => call));
    waiting = [];
    waitingBytes = 0;
    for (const call of refused) call.reject(error);
  };

  const sendBatches = async () => {
    await nextTurn();
    while (waiting.length > 0) {
      const batch = takeBatch();
      try {
        const next = new Map(await options.send(batch.map(({ message }) => message)));
        settle(batch, next);
      } catch (error) {
        for (const { call } of batch) call.reject(error);
        refuseWaiting(error);
      }
    }
    running = undefined;
  };

  /** Counts the offsets on from the first of each partition; a call is answered with its last record. */
  const settle = (batch: readonly Waiting[], next: Map<number, number>) => {
    const positions: Position[] = [];
    let written = 0;
    for (const { call, message, bytes } of batch) {
      const partition = message.partition;
      const offset = next.get(partition)!;
      next.set(partition, offset + 1);
      const position = { partition, offset };
      positions.push(position);
      call.positions.push(position);
      written += bytes;
    }
    options.onWritten(positions, written);
    for (const { call } of batch) {
      if (call.positions.length === call.messages.length) call.resolve(call.positions);
    }
  };

  const whyRefused = (messages: readonly KafkaMessage[], bytes: number): Error | undefined => {
    if (closed) return new JournalUnavailable('The Kafka journal is closed');
    const largest = Math.max(...messages.map((one) => one.key.length + one.value.length));
    if (largest > maxRecordBytes) {
      return new RecordTooLarge(
        `A record of ${largest} bytes is larger than the ${maxRecordBytes} that topic ${topic.name} takes (max.message.bytes=${topic.maxBatchBytes})`,
      );
    }
    const full = options.whyFull(waitingBytes + bytes);
    if (full !== undefined) return new JournalFull(full);
    if (waitingBytes + bytes <= MAX_WAITING_BYTES) return undefined;
    return new JournalUnavailable(
      `Kafka takes records too slowly: ${waitingBytes} bytes wait to be sent, and more than ${MAX_WAITING_BYTES} may not`,
    );
  };

  return {
    append(records) {
      if (records.length === 0 && !closed) return Promise.resolve([]);
      const messages = records.map((record) =>
        toMessage(topic.name, partitionOf(record.key, topic.partitions), record),
      );
      const sizes = messages.map(sizeOf);
      const bytes = sizes.reduce((sum, size) => sum + size, 0);
      const refused = whyRefused(messages, bytes);
      if (refused) return Promise.reject(refused);
      return new Promise((resolve, reject) => {
        const call: Call = { messages, positions: [], resolve, reject };
        for (const [index, message] of messages.entries()) {
          waiting.push({ call, message, bytes: sizes[index]! });
        }
        waitingBytes += bytes;
        running ??= sendBatches();
      });
    },
    async close() {
      closed = true;
      await running;
    },
  };
}

/** What is called in this turn of the event loop goes together. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function spanOf(one: bigint, other: bigint): bigint {
  return one > other ? one - other : other - one;
}
