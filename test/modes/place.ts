import { Client } from 'pg';
import { TEMPLATE, type SharedServers } from './servers.ts';
import { atCluster } from './topics.ts';

/** Where the nodes of one installation share their work: a database and, with Kafka, two topics of their own. */
export interface SharedPlace extends AsyncDisposable {
  readonly servers: SharedServers;
  /** Of the database, and what the topics' names begin with. */
  readonly name: string;
  readonly storageUrl: string;
  readonly journalUrl: string;
  /** The two as the hub's own environment variables. */
  readonly env: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

/** Few, because each costs the one broker of the tests files and a leader. */
export const PARTITIONS = 4;
/** PostgreSQL: "duplicate_database". */
const IS_THERE = '42P04';

/**
 * Makes the place of that name, or finds it again.
 *
 * @param name may hold what a topic's name may
 * @param options.schema whether the database has the schema already; default true, which is faster
 */
export async function openSharedPlace(
  servers: SharedServers,
  name: string,
  { schema = true }: { readonly schema?: boolean } = {},
): Promise<SharedPlace> {
  await administer(
    servers,
    `CREATE DATABASE "${name}" TEMPLATE ${schema ? TEMPLATE : 'template0'}`,
    IS_THERE,
  );
  const storageUrl = new URL(servers.postgres);
  storageUrl.pathname = `/${name}`;
  const journalUrl =
    servers.kafka === undefined
      ? `${storageUrl.href}?partitions=${PARTITIONS}`
      : `kafka://${servers.kafka}/${name}?partitions=${PARTITIONS}`;
  const remove = async (): Promise<void> => {
    await Promise.all([
      administer(servers, `DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
      servers.kafka === undefined ? undefined : removeTopics(servers, name),
    ]);
  };
  return {
    servers,
    name,
    storageUrl: storageUrl.href,
    journalUrl,
    env: { SIGNALBOX_STORAGE_URL: storageUrl.href, SIGNALBOX_JOURNAL_URL: journalUrl },
    remove,
    [Symbol.asyncDispose]: remove,
  };
}

async function administer({ postgres }: SharedServers, statement: string, tolerated?: string): Promise<void> {
  const client = new Client({ connectionString: postgres });
  await client.connect();
  try {
    await client.query(statement);
  } catch (error) {
    if (tolerated === undefined || (error as { code?: string }).code !== tolerated) throw error;
  } finally {
    await client.end();
  }
}

function removeTopics(servers: SharedServers, prefix: string): Promise<void> {
  return atCluster(servers, async (admin) => {
    const topics = (await admin.listTopics()).filter((topic) => topic.startsWith(`${prefix}-`));
    if (topics.length > 0) await admin.deleteTopics({ topics });
  });
}
