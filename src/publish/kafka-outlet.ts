import { ProduceAcks, type Admin, type Producer } from '@platformatic/kafka';
import type { KafkaEventRecord, toKafkaRecord } from '../journal/kafka/cloudevents.ts';
import type { Outlet, OutgoingEvent } from './outlet.ts';
import type { TopicNames } from './topics.ts';

export interface KafkaOutletOptions {
  readonly admin: Pick<Admin, 'listTopics' | 'createTopics'>;
  readonly producer: Pick<Producer, 'send'>;
  readonly toRecord: typeof toKafkaRecord;
  readonly topics: TopicNames;
  /** Ends both clients without waiting for brokers that may not answer. */
  readonly abandon: () => void;
  /** How long the brokers may take for one call. Default 10 s. */
  readonly timeoutMs?: number;
}

/** The brokers did not take events. They are published again from the same place. */
export class PublishFailed extends Error {
  readonly code = 'publish_failed';
}

const TIMEOUT_MS = 10_000;
/** All of one request may go to one partition, and brokers take 1 MiB as one batch of it by default. */
const MAX_SEND_BYTES = 768 * 1024;
/** More than key and headers of an event take. */
const OVERHEAD_BYTES = 2 * 1024;

/**
 * Topics of an Apache Kafka cluster, in the binary mode of the CloudEvents Kafka protocol binding 1.0. Topics that are missing are made before the
 * first event, with the partitions, copies and retention that the brokers give to new topics; those that are there are taken as they are.
 */
export function createKafkaOutlet(options: KafkaOutletOptions): Outlet {
  const { admin, producer, topics, toRecord, abandon, timeoutMs = TIMEOUT_MS } = options;
  let ready = false;

  async function ensureTopics(): Promise<void> {
    if (ready) return;
    const missing = await findMissing();
    if (missing.length > 0) {
      await admin.createTopics({ topics: missing }).catch(async (error: unknown) => {
        // Another node may have been faster.
        if ((await findMissing()).length > 0) throw error;
      });
    }
    ready = true;
  }

  async function findMissing(): Promise<string[]> {
    const known = new Set(await admin.listTopics());
    return [...new Set(Object.values(topics))].filter((name) => !known.has(name));
  }

  async function send(records: readonly KafkaEventRecord[]): Promise<void> {
    const messages = records.map(({ topic, key, value, headers }) => ({
      topic,
      headers: new Map(headers),
      ...(key === undefined ? {} : { key }),
      ...(value === undefined ? {} : { value }),
    }));
    await producer.send({ acks: ProduceAcks.ALL, messages });
  }

  /** The client repeats by itself, and each of its tries may wait for a broker that hangs. */
  async function within(work: Promise<void>, doing: string): Promise<void> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(() => late.reject(new Error(`no answer in ${timeoutMs} ms`)), timeoutMs);
    try {
      await Promise.race([work, late.promise]);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new PublishFailed(`Kafka ${doing}: ${reason}`, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    async publish(events) {
      await within(ensureTopics(), `did not make the topics ${Object.values(topics).join(', ')}`);
      const records = events.map(({ topic, event }: OutgoingEvent) =>
        toRecord(topics[topic], event, { mode: 'binary' }),
      );
      for (const part of split(records)) {
        await within(send(part), `did not take ${part.length} events`);
      }
    },
    close: abandon,
  };
}

function split(records: readonly KafkaEventRecord[]): readonly KafkaEventRecord[][] {
  const parts: KafkaEventRecord[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    const size = OVERHEAD_BYTES + (record.value?.length ?? 0);
    if (bytes + size > MAX_SEND_BYTES) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(record);
    bytes += size;
  }
  return parts;
}
