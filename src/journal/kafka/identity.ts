import type { Consumer, Producer } from '@platformatic/kafka';
import type { JournalIdentity } from '../port.ts';
import { JournalMismatch } from './errors.ts';
import { fetchFrom, findLeaders } from './fetch.ts';
import type { JournalTopic } from './topics.ts';

const KEY = 'identity';
const READ_BYTES = 1024 * 1024;

interface IdentityRecord extends JournalIdentity {
  /** The cluster's id of the topic that the identity belongs to. */
  readonly topic: string;
}

/**
 * The journal's identity: the first record of the meta topic, whose one partition gives all records one order. Nodes that start at the
 * same time may each propose one; whoever was written first wins, and everybody reads the same. It names the id that the cluster gave to
 * the signals' topic, so one that was deleted and made again under the old name is found out before a position is trusted.
 */
export async function settleIdentity(
  clients: { readonly fetcher: Consumer; readonly producer: Producer },
  meta: JournalTopic,
  signals: JournalTopic,
  newId: () => string,
): Promise<JournalIdentity> {
  let found = await readFirst(clients.fetcher, meta);
  if (!found) {
    const proposed: IdentityRecord = { cluster: newId(), generation: newId(), topic: signals.id };
    await clients.producer.send({
      messages: [
        {
          topic: meta.name,
          partition: 0,
          key: Buffer.from(KEY),
          value: Buffer.from(JSON.stringify(proposed)),
        },
      ],
    });
    found = await readFirst(clients.fetcher, meta);
  }
  if (!found) throw new JournalMismatch(`Topic ${meta.name} does not give back the identity written to it`);
  if (found.topic !== signals.id) {
    throw new JournalMismatch(
      `Topic ${signals.name} is not the one this journal began with: it was deleted and made again. Its offsets mean something else than the store's positions; delete ${meta.name} as well and begin with a new store, or restore both`,
    );
  }
  return { cluster: found.cluster, generation: found.generation };
}

async function readFirst(fetcher: Consumer, meta: JournalTopic): Promise<IdentityRecord | undefined> {
  const [leader] = await findLeaders(fetcher, meta, true);
  const [fetched] = await fetchFrom(fetcher, meta, leader!, [{ partition: 0, offset: 0 }], {
    waitMs: 0,
    maxBytes: READ_BYTES,
    maxPartitionBytes: READ_BYTES,
  });
  const record = fetched?.records[0];
  if (!record) return undefined;
  const parsed = parseIdentity(record.value);
  if (!parsed || record.key !== KEY) {
    throw new JournalMismatch(
      `Topic ${meta.name} holds something else than a journal's identity; choose another prefix`,
    );
  }
  return parsed;
}

function parseIdentity(text: string): IdentityRecord | undefined {
  try {
    const { cluster, generation, topic } = JSON.parse(text) as Partial<Record<string, unknown>>;
    if (typeof cluster !== 'string' || typeof generation !== 'string' || typeof topic !== 'string') {
      return undefined;
    }
    return { cluster, generation, topic };
  } catch {
    return undefined;
  }
}
