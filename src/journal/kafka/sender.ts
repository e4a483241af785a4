import { setTimeout as pause } from 'node:timers/promises';
import { JournalUnavailable } from '../port.ts';
import { abandon, createProducer } from './connection.ts';
import { hasKafkaError, journalError, reasonOf } from './errors.ts';
import type { KafkaMessage } from './records.ts';
import type { JournalTopic } from './topics.ts';
import { KafkaSettingsError, type KafkaSettings } from './url.ts';

/** Between two sends of the same batch after the client itself has given up; a new leader is usually there after some of these. */
const RETRY_MS = 250;

const FINAL = [
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'MESSAGE_TOO_LARGE',
  'INVALID_TIMESTAMP',
];

export interface Sender {
  /** Offsets of the first message per partition, when all copies that count have all messages. Sends one batch at a time. */
  send(messages: readonly KafkaMessage[]): Promise<ReadonlyMap<number, number>>;
  /** Nothing may be under way. */
  close(): void;
}

/**
 * Writes a batch until it is acknowledged or `timeoutMs` is over. What was acknowledged for some partitions is not sent again; what may
 * or may not have been written is, so a record can be there twice, never not at all.
 */
export function createSender(settings: KafkaSettings, topic: JournalTopic, timeoutMs: number): Sender {
  let producer = createProducer(settings);
  /** Behind the last record written here, per partition. */
  const ends = new Map<number, number>();

  async function sendOnce(messages: readonly KafkaMessage[], until: number): Promise<OffsetsOrError> {
    const using = producer;
    const sent = using.send({ messages: [...messages] }).then(
      (result) => ({ offsets: result.offsets ?? [] }),
      (error: unknown) => ({ offsets: producedOf(error), error }),
    );
    // A timer of its own and not one with a signal: an abort makes an error with a stack, once per batch.
    const late = Promise.withResolvers<'late'>();
    const timer = setTimeout(() => late.resolve('late'), Math.max(0, until - performance.now()));
    const outcome = await Promise.race([sent, late.promise]);
    clearTimeout(timer);
    if (outcome !== 'late') return outcome;
    // Whether it is written is unknown, and the client would go on trying: its connections go, and so does its sequence.
    abandon(using);
    producer = createProducer(settings);
    return { offsets: [], error: LATE };
  }

  /** An offset below one that was given before means that acknowledged records are gone: nothing may be built on it. */
  function checkOffsets(offsets: ReadonlyMap<number, number>, messages: readonly KafkaMessage[]): void {
    for (const [partition, offset] of offsets) {
      if (offset < (ends.get(partition) ?? 0)) throw lostRecords(topic, partition, offset);
      ends.set(partition, offset);
    }
    for (const { partition } of messages) ends.set(partition, ends.get(partition)! + 1);
  }

  return {
    async send(messages) {
      const until = performance.now() + timeoutMs;
      const offsets = new Map<number, number>();
      let rest = messages;
      let trouble: unknown = LATE;
      for (;;) {
        const outcome = await sendOnce(rest, until);
        for (const { partition, offset } of outcome.offsets) offsets.set(partition, Number(offset));
        if (outcome.error === undefined) {
          checkOffsets(offsets, messages);
          return offsets;
        }
        rest = rest.filter(({ partition }) => !offsets.has(partition));
        if (outcome.error !== LATE) trouble = outcome.error;
        if (until - performance.now() < RETRY_MS || !isWorthRepeating(trouble, settings)) {
          throw notTaken(
            trouble,
            `${rest.length} of ${messages.length} records in ${timeoutMs} ms`,
            settings,
          );
        }
        producer.clearMetadata();
        await pause(RETRY_MS);
      }
    },
    close: () => abandon(producer),
  };
}

/** Stands for an answer that has not come; the time is over then. */
const LATE = new Error('no answer came');

function notTaken(trouble: unknown, what: string, settings: KafkaSettings): JournalUnavailable {
  const error = journalError(trouble, 'records were appended', settings);
  const reason = error instanceof KafkaSettingsError ? error.message : reasonOf(trouble);
  return new JournalUnavailable(`Kafka (${settings.brokers.join(', ')}) did not take ${what}: ${reason}`, {
    cause: trouble,
  });
}

function lostRecords(topic: JournalTopic, partition: number, offset: number): JournalUnavailable {
  return new JournalUnavailable(
    `Topic ${topic.name} gave offset ${offset} of partition ${partition} a second time: it was made again, or a broker that had fallen behind became the leader. Stop the hub and see what is lost`,
  );
}

interface OffsetsOrError {
  readonly offsets: readonly { readonly partition: number; readonly offset: bigint }[];
  readonly error?: unknown;
}

/** Offsets that were acknowledged before the rest of the batch failed; the client leaves them in what it throws. */
function producedOf(error: unknown): OffsetsOrError['offsets'] {
  if (!(error instanceof Error) || !('produced' in error)) return [];
  return (error.produced as { offsets?: OffsetsOrError['offsets'] }).offsets ?? [];
}

/** Not what the brokers would refuse the next time as well. */
function isWorthRepeating(error: unknown, settings: KafkaSettings): boolean {
  if (error instanceof JournalUnavailable) return false;
  if (journalError(error, 'records were appended', settings) instanceof KafkaSettingsError) return false;
  return !FINAL.some((name) => hasKafkaError(error, name));
}
