import { setTimeout as pause } from 'node:timers/promises';
import type { Producer } from '@platformatic/kafka';
import { JournalUnavailable } from '../port.ts';
import { abandon, createProducer } from './connection.ts';
import { hasKafkaError, journalError, reasonOf } from './errors.ts';
import type { KafkaMessage } from './records.ts';
import type { JournalTopic } from './topics.ts';
import { KafkaSettingsError, type KafkaSettings } from './url.ts';

/** Between two sends of the same batch after the client itself has given up; a new leader is usually there after some of these. */
const RETRY_MS = 250;

export interface Sender {
  /** Offsets of the first message per partition, when all copies that count have all messages. Sends one batch at a time. */
  send(messages: readonly KafkaMessage[]): Promise<ReadonlyMap<number, number>>;
  close(): Promise<void>;
}

/**
 * Writes a batch until it is acknowledged or `timeoutMs` is over. What was acknowledged for some partitions is not sent again; what may
 * or may not have been written is, so a record can be there twice, never not at all.
 */
export function createSender(settings: KafkaSettings, topic: JournalTopic, timeoutMs: number): Sender {
  let producer = createProducer(settings);

  async function sendOnce(messages: readonly KafkaMessage[], until: number): Promise<OffsetsOrError> {
    checkSameTopic(producer, topic);
    const using = producer;
    const sent = using.send({ messages: [...messages] }).then(
      (result) => ({ offsets: result.offsets ?? [] }),
      (error: unknown) => ({ offsets: producedOf(error), error }),
    );
    const cancel = new AbortController();
    const late = pause(Math.max(0, until - performance.now()), undefined, { signal: cancel.signal }).then(
      () => 'late' as const,
      () => 'late' as const,
    );
    const outcome = await Promise.race([sent, late]);
    cancel.abort();
    if (outcome !== 'late') return outcome;
    // Whether it is written is unknown, and the client would go on trying: its connections go, and so does its sequence.
    abandon(using);
    producer = createProducer(settings);
    return { offsets: [], error: new Error(`no answer within ${timeoutMs} ms`) };
  }

  return {
    async send(messages) {
      const until = performance.now() + timeoutMs;
      const offsets = new Map<number, number>();
      let rest = messages;
      for (;;) {
        const outcome = await sendOnce(rest, until);
        for (const { partition, offset } of outcome.offsets) offsets.set(partition, Number(offset));
        if (outcome.error === undefined) return offsets;
        rest = rest.filter(({ partition }) => !offsets.has(partition));
        const waitMs = until - performance.now();
        const known = journalError(outcome.error, 'records were appended', settings);
        if (waitMs < RETRY_MS || known instanceof KafkaSettingsError || !isWorthRepeating(outcome.error)) {
          throw new JournalUnavailable(
            `Kafka did not take ${rest.length} of ${messages.length} records: ${reasonOf(known)}`,
            { cause: outcome.error },
          );
        }
        producer.clearMetadata();
        await pause(RETRY_MS);
      }
    },
    close: () => producer.close(),
  };
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

/** What the brokers would refuse the next time as well. */
function isWorthRepeating(error: unknown): boolean {
  const final = [
    'TOPIC_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    'MESSAGE_TOO_LARGE',
    'INVALID_TIMESTAMP',
  ];
  return !final.some((name) => hasKafkaError(error, name));
}

/** Offsets of a topic that was made again begin at 0: going on would give them twice. The client learns of it within seconds. */
function checkSameTopic(producer: Producer, topic: JournalTopic): void {
  const seen = producer.currentMetadata?.topics.get(topic.name);
  if (seen === undefined || seen.id === topic.id) return;
  throw new JournalUnavailable(
    `Topic ${topic.name} was deleted and made again while this program ran; stop it and see to the journal's identity`,
  );
}
