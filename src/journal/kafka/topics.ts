import type { Admin, ConfigDescription } from '@platformatic/kafka';
import { setTimeout as pause } from 'node:timers/promises';
import { hasKafkaError, JournalMismatch } from './errors.ts';
import type { KafkaSettings } from './url.ts';

const DEFAULT_PARTITIONS = 32;
const DEFAULT_REPLICATION = 3;
/** From so many copies on, one of them may be missing without a record being in one place only. */
const SAFE_REPLICATION = 3;
const SAFE_MIN_ISR = 2;
/** Kafka's numbers for "this resource is a topic" in the configuration requests. */
const TOPIC_RESOURCE = 2;
const LIST_ATTEMPTS = 10;
const LIST_RETRY_MS = 250;
const FOREVER = '-1';
const MAX_INT64 = '9223372036854775807';
/** What a batch costs beside its records (61 bytes), and a record beside key and value, with room to spare. */
export const BATCH_OVERHEAD_BYTES = 100;
export const RECORD_OVERHEAD_BYTES = 64;

/** A topic of the journal as it stands in the cluster. */
export interface JournalTopic {
  readonly name: string;
  /** The cluster's own id of the topic; one that is deleted and made again gets another. */
  readonly id: string;
  readonly partitions: number;
  /** For each partition the number, from 0, of the broker that is first among those that keep it, and so usually leads it. */
  readonly lanes: readonly number[];
  /** What the brokers take as one batch of records of one partition. */
  readonly maxBatchBytes: number;
}

/** The journal's own settings of the topic: records stay until the journal deletes them, and keep the time they were given. */
const OWN_CONFIG: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'retention.ms': FOREVER,
  'retention.bytes': FOREVER,
  'message.timestamp.type': 'CreateTime',
  'unclean.leader.election.enable': 'false',
};

/** Only for a topic that the journal makes; another's is taken with what it has. */
const MADE_CONFIG: Readonly<Record<string, string>> = {
  'message.timestamp.before.max.ms': MAX_INT64,
  'message.timestamp.after.max.ms': MAX_INT64,
};

/** The keys to ask for. */
const READ_CONFIG = [...Object.keys(OWN_CONFIG), 'min.insync.replicas', 'max.message.bytes'];

/**
 * Makes the topic of a new journal, or checks that it is what the settings say. Several nodes may do so at the same time.
 *
 * @param isNew whether nothing was ever written; the topic of a journal that has an identity is not made again when it is gone
 */
export async function ensureSignalsTopic(
  admin: Admin,
  settings: KafkaSettings,
  isNew: boolean,
): Promise<JournalTopic> {
  const name = `${settings.prefix}-signals`;
  if (!isNew && !(await isThere(admin, name))) {
    throw new JournalMismatch(
      `Topic ${name} is gone, and what was in it. Restore it, or delete ${settings.prefix}-meta as well and begin with a new store`,
    );
  }
  const replication = await chooseReplication(admin, settings);
  const minIsr = settings.minIsr ?? defaultMinIsr(replication);
  if (minIsr > replication) {
    throw new JournalMismatch(
      `journal.url: min_isr=${minIsr} can never be reached with ${replication} copies; lower min_isr or raise replication`,
    );
  }
  await makeTopic(admin, name, settings.partitions ?? DEFAULT_PARTITIONS, replication, {
    ...OWN_CONFIG,
    ...MADE_CONFIG,
    'min.insync.replicas': String(minIsr),
  });
  return checkSignalsTopic(admin, name, settings, replication);
}

/** One partition, so that its records have one order; its few records are never deleted. */
export async function ensureMetaTopic(admin: Admin, settings: KafkaSettings): Promise<JournalTopic> {
  const name = `${settings.prefix}-meta`;
  const replication = await chooseReplication(admin, settings);
  const minIsr = String(settings.minIsr ?? defaultMinIsr(replication));
  await makeTopic(admin, name, 1, replication, { ...OWN_CONFIG, 'min.insync.replicas': minIsr });
  return (await readTopic(admin, name)).topic;
}

/** Asks several times before it says no: a topic that another node has just made reaches the brokers one after the other. */
async function isThere(admin: Admin, name: string): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    if ((await admin.listTopics()).includes(name)) return true;
    if (attempt === LIST_ATTEMPTS) return false;
    await pause(LIST_RETRY_MS);
  }
}

async function chooseReplication(admin: Admin, { replication }: KafkaSettings): Promise<number> {
  const { brokers } = await admin.metadata({ topics: [], forceUpdate: true });
  return replication ?? Math.min(DEFAULT_REPLICATION, brokers.size);
}

function defaultMinIsr(replication: number): number {
  return replication >= SAFE_REPLICATION ? SAFE_MIN_ISR : 1;
}

async function makeTopic(
  admin: Admin,
  name: string,
  partitions: number,
  replicas: number,
  config: Readonly<Record<string, string>>,
): Promise<void> {
  if ((await admin.listTopics()).includes(name)) return;
  const configs = Object.entries(config).map(([key, value]) => ({ name: key, value }));
  try {
    await admin.createTopics({ topics: [{ topic: name, partitions, replicas }], configs });
  } catch (error) {
    // Another node was faster; what it made is checked like any other.
    if (!hasKafkaError(error, 'TOPIC_ALREADY_EXISTS')) throw error;
  }
}

async function checkSignalsTopic(
  admin: Admin,
  name: string,
  settings: KafkaSettings,
  replication: number,
): Promise<JournalTopic> {
  const { topic, copies, minIsr } = await readTopic(admin, name);
  if (settings.partitions !== undefined && settings.partitions !== topic.partitions) {
    throw new JournalMismatch(
      `Topic ${name} has ${topic.partitions} partitions, not ${settings.partitions}; set partitions=${topic.partitions} in journal.url, or drain and replace the topic`,
    );
  }
  // More copies than the default are fine, and so are brokers that are down just now.
  if (settings.replication === undefined ? copies < replication : copies !== settings.replication) {
    throw new JournalMismatch(
      `Topic ${name} has ${copies} copies of each partition, not ${replication}; set replication=${copies} in journal.url to take it so, or reassign its partitions`,
    );
  }
  const wanted = settings.minIsr ?? defaultMinIsr(copies);
  if (settings.minIsr === undefined ? minIsr < wanted : minIsr !== wanted) {
    throw new JournalMismatch(
      `Topic ${name} has min.insync.replicas=${minIsr}, not ${wanted}; set it on the topic, or min_isr=${minIsr} in journal.url`,
    );
  }
  return topic;
}

interface FoundTopic {
  readonly topic: JournalTopic;
  /** Of the partition that has the fewest. */
  readonly copies: number;
  readonly minIsr: number;
}

async function readTopic(admin: Admin, name: string): Promise<FoundTopic> {
  const { topics } = await admin.metadata({ topics: [name], forceUpdate: true });
  const { id, partitions } = topics.get(name)!;
  const config = await readConfig(admin, name);
  checkOwnConfig(name, config);
  return {
    topic: {
      name,
      id,
      partitions: partitions.length,
      lanes: lanesOf(partitions.map(({ replicas }) => replicas[0]!)),
      maxBatchBytes: Number(config.get('max.message.bytes')),
    },
    copies: Math.min(...partitions.map(({ replicas }) => replicas.length)),
    minIsr: Number(config.get('min.insync.replicas')),
  };
}

/** Brokers by any numbers, counted from 0 in the order in which they come. */
function lanesOf(brokers: readonly number[]): readonly number[] {
  const known = [...new Set(brokers)];
  return brokers.map((broker) => known.indexOf(broker));
}

function checkOwnConfig(name: string, config: ReadonlyMap<string, string>): void {
  for (const [key, wanted] of Object.entries(OWN_CONFIG)) {
    const found = config.get(key);
    if (found === undefined || found === wanted) continue;
    throw new JournalMismatch(
      `Topic ${name} has ${key}=${found}, with which records could be lost or reordered before they are processed; set ${key}=${wanted} on the topic`,
    );
  }
}

async function readConfig(admin: Admin, name: string): Promise<Map<string, string>> {
  const described: ConfigDescription[] = await admin.describeConfigs({
    resources: [{ resourceType: TOPIC_RESOURCE, resourceName: name, configurationKeys: [...READ_CONFIG] }],
  });
  const values = new Map<string, string>();
  for (const { name: key, value } of described[0]?.configs ?? []) {
    if (value != null) values.set(key, value);
  }
  return values;
}
