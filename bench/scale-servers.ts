import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { startKafka } from '../test/servers/kafka.ts';
import { startPostgres } from '../test/servers/postgres.ts';
import { startedHere } from './scale-processes.ts';

/** Where nodes that share their work keep the journal. */
export type JournalKind = 'kafka' | 'postgres';

/** What several nodes share: one PostgreSQL and, where the journal is there, one Kafka on this machine, started once for all runs. */
export interface Servers {
  readonly postgresPid: number;
  readonly kafkaPids: readonly number[];
  /** An empty database, and a prefix that no topic has yet. */
  newInstallation(): Promise<Shared>;
  stop(): Promise<void>;
}

export interface Shared {
  readonly storageUrl: string;
  readonly journalUrl: string;
  /** Of the journal, as its URL leaves it to the default. */
  readonly partitions: number;
  /** Running totals of the server. */
  totals(): Promise<Totals>;
  /** How many nodes hold a share of the partitions and of the scopes, and how many partitions are held. */
  shares(): Promise<{ readonly nodes: number; readonly partitions: number }>;
  close(): Promise<void>;
}

export interface Totals {
  readonly walBytes: number;
  readonly commits: number;
}

/** A common size for a server of its own; the default of 128 MB is meant for anything. */
const POSTGRES = { shared_buffers: '512MB', max_wal_size: '4GB', max_connections: '200' };
/**
 * The servers of the tests are told to start fast; here the broker is to run fast. Java reads this variable after its command line
 * (the JDK's launcher says so at the start).
 */
const JAVA = { _JAVA_OPTIONS: '-Xmx1g -Xms1g -XX:TieredStopAtLevel=4' };
const TOTALS = `SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::float8 AS "walBytes", xact_commit::float8 AS commits
  FROM pg_stat_database WHERE datname = current_database()`;
const SHARES = `SELECT (SELECT count(DISTINCT owner) FROM held WHERE name LIKE 'scope/%')::int AS nodes,
  (SELECT count(*) FROM held WHERE name LIKE 'partition/%')::int AS partitions`;
const HELD = 'WITH held AS (SELECT name, owner FROM leases WHERE until > clock_timestamp())';

/** Or what is missing on this machine, with how to install it. */
export async function startServers(journal: JournalKind): Promise<Servers | { readonly missing: string }> {
  const postgres = await startPostgres({ settings: POSTGRES });
  if ('missing' in postgres) return postgres;
  Object.assign(process.env, JAVA);
  const kafka = journal === 'kafka' ? await startKafka({ brokers: 1 }) : undefined;
  if (kafka && 'missing' in kafka) {
    await postgres.stop();
    return kafka;
  }
  return {
    postgresPid: startedHere('postgres')[0]!,
    kafkaPids: kafka ? startedHere('java') : [],
    async newInstallation() {
      const storageUrl = await postgres.newDatabase();
      const client = new Client({ connectionString: storageUrl });
      await client.connect();
      return {
        storageUrl,
        ...(kafka
          ? { journalUrl: `kafka://${kafka.bootstrap.join(',')}/${randomUUID()}`, partitions: 32 }
          : { journalUrl: storageUrl, partitions: 16 }),
        totals: async () => (await client.query<Totals>(TOTALS)).rows[0]!,
        shares: async () =>
          (await client.query<{ nodes: number; partitions: number }>(`${HELD} ${SHARES}`)).rows[0]!,
        close: () => client.end(),
      };
    },
    async stop() {
      await Promise.all([postgres.stop(), kafka?.stop()]);
    },
  };
}
