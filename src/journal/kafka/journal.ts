import type { Admin } from '@platformatic/kafka';
import type { Position } from '../../model/position.ts';
import { partitionOf } from '../partition.ts';
import { JournalUnavailable, type Journal, type JournalIdentity, type JournalRecord } from '../port.ts';
import { createAppendQueue, maxRecordBytesOf } from './append-queue.ts';
import { abandon, createAdmin, createFetcher, createPlainProducer } from './connection.ts';
import { journalError } from './errors.ts';
import { checkIdentity, proposeIdentity, readIdentity } from './identity.ts';
import { createOffsets } from './offsets.ts';
import { createReader } from './reader.ts';
import { createSender } from './sender.ts';
import { ensureMetaTopic, ensureSignalsTopic, type JournalTopic } from './topics.ts';
import type { KafkaSettings } from './url.ts';
import { createUsage } from './usage.ts';

export interface KafkaJournalOptions {
  readonly settings: KafkaSettings;
  /** Cap on the bytes of kept records, one copy of each; none by default. */
  readonly maxBytes?: number;
  /** Makes the cluster id and the generation of a new journal. */
  readonly newId: () => string;
  /** An append that is not acknowledged after this long is refused. Default 10 s. */
  readonly appendTimeoutMs?: number;
  /** Records came, also those of other nodes: whoever sleeps may read. */
  readonly onRecords?: () => void;
  readonly now?: () => number;
}

/** The journal, and what only a broker makes possible. */
export interface KafkaJournal extends Journal {
  /** Bytes of key and value of the largest record; a larger one is refused with `record_too_large`. */
  readonly maxRecordBytes: number;
  /**
   * Records of several partitions in one go, each in order: up to `limit` records and about `maxBytes` bytes together, some of each
   * partition. Waits up to `waitMs` while there are none.
   */
  readMany(
    positions: readonly Position[],
    limit: number,
    maxBytes: number,
    waitMs: number,
  ): Promise<readonly JournalRecord[]>;
  /** These partitions are another node's now: what was fetched ahead of them is forgotten. */
  release(partitions: readonly number[]): void;
}

const APPEND_TIMEOUT_MS = 10_000;
const OPERATION_TIMEOUT_MS = 30_000;
const READ_BYTES = 8 * 1024 * 1024;

/**
 * The scale-out journal: a topic of an Apache Kafka cluster. Rejects with `KafkaSettingsError` when a setting is wrong, with
 * `JournalMismatch` when the topic is not what the settings say, and with `JournalUnavailable` when the brokers can't be reached.
 *
 * @example
 * const journal = await openKafkaJournal({ settings: parseKafkaUrl('kafka://k1:9092/ops'), newId });
 */
export async function openKafkaJournal(options: KafkaJournalOptions): Promise<KafkaJournal> {
  const { settings, maxBytes = Infinity, now = Date.now } = options;
  const admin = createAdmin(settings);
  const guard = async <T>(doing: string, work: () => Promise<T>): Promise<T> => {
    // The client repeats by itself, and each try may wait for a broker that hangs: together that could take minutes.
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      late.reject,
      OPERATION_TIMEOUT_MS,
      new Error(`no answer in ${OPERATION_TIMEOUT_MS} ms`),
    );
    try {
      return await Promise.race([work(), late.promise]);
    } catch (error) {
      throw journalError(error, doing, settings);
    } finally {
      clearTimeout(timer);
    }
  };
  const { topic, identity } = await guard('the journal was opened', () =>
    findJournal(admin, settings, options.newId),
  ).catch((error: unknown) => {
    abandon(admin);
    throw error;
  });
  const offsets = createOffsets(admin, topic);
  const usage = createUsage(admin, topic, offsets, now);
  const reader = createReader({
    settings,
    topic,
    startOf: offsets.start,
    onRecords: options.onRecords ?? (() => {}),
  });
  // One for each lane, because a batch that is given up takes its client's connections with it.
  const senders = Array.from(new Set(topic.lanes), () =>
    createSender(settings, topic, options.appendTimeoutMs ?? APPEND_TIMEOUT_MS),
  );
  const isCapped = Number.isFinite(maxBytes);
  if (isCapped) await guard('its size was asked', usage.measure);
  const appends = createAppendQueue({
    topic,
    sends: senders.map(({ send }) => send),
    whyFull: (bytes) =>
      usage.estimate() + bytes <= maxBytes
        ? undefined
        : `The journal holds about ${usage.estimate()} of ${maxBytes} bytes; it takes more after what is old was processed and trimmed`,
    onWritten(positions, bytes) {
      if (isCapped) usage.add(positions, bytes);
      reader.noteEnds(positions);
    },
  });
  let closing: Promise<void> | undefined;
  const open = <T>(doing: string, work: () => Promise<T>): Promise<T> =>
    closing ? Promise.reject(new JournalUnavailable('The Kafka journal is closed')) : guard(doing, work);

  return {
    partitions: topic.partitions,
    repeats: true,
    maxRecordBytes: maxRecordBytesOf(topic),
    identity: async () => identity,
    append: appends.append,
    wayOf: (key) => topic.lanes[partitionOf(key, topic.partitions)]!,
    read: (partition, offset, limit, bytes = READ_BYTES) => reader.read(partition, offset, limit, bytes),
    readMany: reader.readMany,
    release: reader.release,
    end: (partition) => open('the end was asked', () => offsets.end(partition)),
    offsetAt: (partition, at) => open('an offset was looked up', () => offsets.at(partition, at)),
    bytes: () => open('its size was asked', usage.measure),
    trim: (partition, offset) =>
      open('records were trimmed', async () => {
        const { before, after } = await offsets.trim(partition, offset);
        reader.release([partition]);
        if (isCapped) await usage.measure();
        return after - before;
      }),
    close: () =>
      (closing ??= (async () => {
        await appends.close();
        for (const sender of senders) sender.close();
        await reader.close();
        abandon(admin);
      })()),
  };
}

/** The topic of the records and whose they are; makes both for a new journal. */
async function findJournal(
  admin: Admin,
  settings: KafkaSettings,
  newId: () => string,
): Promise<{ readonly topic: JournalTopic; readonly identity: JournalIdentity }> {
  const meta = await ensureMetaTopic(admin, settings);
  const fetcher = createFetcher(settings, meta.name);
  const producer = createPlainProducer(settings);
  try {
    const found = await readIdentity(fetcher, meta);
    const topic = await ensureSignalsTopic(admin, settings, found === undefined);
    const identity = found ?? (await proposeIdentity({ fetcher, producer }, meta, topic, newId));
    checkIdentity(identity, meta, topic);
    // A topic that was just made is no use before each of its partitions has a leader who knows it.
    await createOffsets(admin, topic).kept();
    return { topic, identity: { cluster: identity.cluster, generation: identity.generation } };
  } finally {
    abandon(fetcher);
    abandon(producer);
  }
}
