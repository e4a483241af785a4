import { ProduceAcks, type Consumer, type Producer } from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import type { JournalIdentity, JournalRecord } from '../port.ts';
import { JournalMismatch } from './errors.ts';
import { fetchFrom, findLeaders, type FetchLimits } from './fetch.ts';
import type { JournalTopic } from './topics.ts';

const KEY = 'identity';
const LIMITS: FetchLimits = { waitMs: 0, maxBytes: 1024 * 1024, maxPartitionBytes: 1024 * 1024 };
const READ_ATTEMPTS = 20;
const RETRY_MS = 250;

/**
 * The journal's identity is the first record of the meta topic, whose one partition gives all records one order. Nodes that start at the
 * same time may each propose one; whoever was written first wins, and everybody reads the same. It names the id that the cluster gave to
 * the signals' topic, so one that was deleted and made again under the old name is found out before a position is trusted.
 */
export interface IdentityRecord extends JournalIdentity {
  /** The cluster's id of the signals' topic. */
  readonly topic: string;
  /** How many partitions it had then. Missing in what the first version wrote. */
  readonly partitions?: number;
}

/** Proposes an identity for a new journal; gives back the one that holds. */
export async function proposeIdentity(
  clients: { readonly fetcher: Consumer; readonly producer: Producer },
  meta: JournalTopic,
  signals: JournalTopic,
  newId: () => string,
): Promise<IdentityRecord> {
  const proposed: IdentityRecord = {
    cluster: newId(),
    generation: newId(),
    topic: signals.id,
    partitions: signals.partitions,
  };
  const message = {
    topic: meta.name,
    partition: 0,
    key: Buffer.from(KEY),
    value: Buffer.from(JSON.stringify(proposed)),
  };
  await clients.producer.send({ acks: ProduceAcks.ALL, messages: [message] });
  const found = await readIdentity(clients.fetcher, meta);
  if (!found) throw new JournalMismatch(`Topic ${meta.name} does not give back the identity written to it`);
  return found;
}

/** Refuses a signals' topic that the identity was not made for, and one whose keys would lie in other partitions than before. */
export function checkIdentity(
  { topic, partitions }: IdentityRecord,
  meta: JournalTopic,
  signals: JournalTopic,
): void {
  if (topic === signals.id && (partitions ?? signals.partitions) === signals.partitions) return;
  if (topic === signals.id) {
    throw new JournalMismatch(
      `Topic ${signals.name} has ${signals.partitions} partitions and began with ${partitions}: what belongs together would not be in order any more. Kafka takes no partition away; drain, and begin with another prefix`,
    );
  }
  throw new JournalMismatch(
    `Topic ${signals.name} is not the one this journal began with: it was deleted and made again, and its offsets mean something else than the store's positions. Restore it, or delete ${meta.name} as well and begin with a new store`,
  );
}

/** Undefined when the journal is new. */
export async function readIdentity(
  fetcher: Consumer,
  meta: JournalTopic,
): Promise<IdentityRecord | undefined> {
  const record = await readFirst(fetcher, meta);
  if (!record) return undefined;
  const parsed = parseIdentity(record.value);
  if (!parsed || record.key !== KEY) {
    throw new JournalMismatch(
      `Topic ${meta.name} holds something else than a journal's identity; choose another prefix`,
    );
  }
  return parsed;
}

/** Asks several times, because a topic that was just made may not have reached the broker that is to lead it. */
async function readFirst(fetcher: Consumer, meta: JournalTopic): Promise<JournalRecord | undefined> {
  for (let attempt = 1; ; attempt++) {
    const [leader] = await findLeaders(fetcher, meta, true);
    const wanted = { partition: 0, offset: 0 };
    const [fetched] = await fetchFrom(fetcher, meta, leader!, [wanted], LIMITS);
    if (fetched!.errorCode === 0) return fetched!.records[0];
    if (attempt === READ_ATTEMPTS) {
      throw new Error(`topic ${meta.name} can't be read: Kafka's error ${fetched!.errorCode}`);
    }
    await pause(RETRY_MS);
  }
}

function parseIdentity(text: string): IdentityRecord | undefined {
  try {
    const { cluster, generation, topic, partitions } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (typeof cluster !== 'string' || typeof generation !== 'string' || typeof topic !== 'string') {
      return undefined;
    }
    return { cluster, generation, topic, ...(typeof partitions === 'number' ? { partitions } : {}) };
  } catch {
    return undefined;
  }
}
