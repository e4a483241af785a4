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
  /** One for each of the topic's lanes: writes one batch; resolves with the offset of its first record per partition. Called once at a time. */
  readonly sends: readonly ((messages: readonly KafkaMessage[]) => Promise<ReadonlyMap<number, number>>)[];
  /** Why so many more bytes can't be taken; undefined when they can. */
  readonly whyFull: (bytes: number) => string | undefined;
  /** So much was acknowledged. */
  readonly onWritten: (positions: readonly Position[], bytes: number) => void;
}

interface Call {
  /** One for each record, as they become known. */
  readonly positions: Position[];
  /** Records that are not acknowledged yet. */
  open: number;
  readonly resolve: (positions: readonly Position[]) => void;
  readonly reject: (error: unknown) => void;
}

/** One message and whose it is. */
interface Waiting {
  readonly call: Call;
  readonly index: number;
  readonly message: KafkaMessage;
  readonly bytes: number;
}

/** What waits for one broker. */
interface Lane {
  readonly send: AppendQueueOptions['sends'][number];
  waiting: Waiting[];
  running: Promise<void> | undefined;
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
 * Group commit: in each lane one batch is under way at a time, and what is called meanwhile goes with the next one. So a lone call waits for
 * nothing but its own round trip, and under load the batches grow by themselves. The order of calls is the order of records in each partition.
 * When a batch fails, everything that waits in its lane is refused with it: behind a batch that stood still for its time it would wait as long again.
 * The other lanes go on, so that one broker that answers nobody stops its share and no more.
 */
export function createAppendQueue(options: AppendQueueOptions): AppendQueue {
  const { topic } = options;
  const maxBatchBytes = topic.maxBatchBytes - BATCH_OVERHEAD_BYTES;
  const maxRecordBytes = maxRecordBytesOf(topic);
  const lanes = options.sends.map((send): Lane => ({ send, waiting: [], running: undefined }));
  let waitingBytes = 0;
  let closed = false;

  /** The next batch: as many as fit a request, and of each partition as many as fit what Kafka takes as one batch. */
  const takeBatch = ({ waiting }: Lane): readonly Waiting[] => {
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

  /** A call that is refused leaves nothing behind in other lanes, because its sender will repeat all of it. */
  const refuse = (calls: ReadonlySet<Call>, error: unknown) => {
    for (const lane of lanes) {
      lane.waiting = lane.waiting.filter(({ call, bytes }) => {
        if (calls.has(call)) waitingBytes -= bytes;
        return !calls.has(call);
      });
    }
    for (const call of calls) call.reject(error);
  };

  const sendBatches = async (lane: Lane) => {
    await nextTurn();
    while (lane.waiting.length > 0) {
      const batch = takeBatch(lane);
      try {
        const messages = batch.map(({ message }) => message);
        settle(batch, new Map(await lane.send(messages)));
      } catch (error) {
        refuse(new Set([...batch, ...lane.waiting].map(({ call }) => call)), error);
      }
    }
    lane.running = undefined;
  };

  /** Counts the offsets on from the first of each partition; a call is answered with its last record. */
  const settle = (batch: readonly Waiting[], next: Map<number, number>) => {
    const positions: Position[] = [];
    let written = 0;
    for (const { call, index, message, bytes } of batch) {
      const partition = message.partition;
      const offset = next.get(partition)!;
      next.set(partition, offset + 1);
      const position = { partition, offset };
      positions.push(position);
      call.positions[index] = position;
      call.open -= 1;
      written += bytes;
    }
    options.onWritten(positions, written);
    for (const { call } of batch) if (call.open === 0) call.resolve(call.positions);
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
        const call: Call = { positions: [], open: messages.length, resolve, reject };
        for (const [index, message] of messages.entries()) {
          const lane = lanes[topic.lanes[message.partition]!]!;
          lane.waiting.push({ call, index, message, bytes: sizes[index]! });
          lane.running ??= sendBatches(lane);
        }
        waitingBytes += bytes;
      });
    },
    async close() {
      closed = true;
      for (const { running } of lanes) await running;
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
