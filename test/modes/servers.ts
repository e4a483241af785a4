import { openPostgresStore } from '../../src/store/postgres/store.ts';
import { startKafka } from '../servers/kafka.ts';
import { startPostgres } from '../servers/postgres.ts';

/** What several nodes keep their journal in; the store is in PostgreSQL either way. */
export type JournalKind = 'kafka' | 'postgres';

/** PostgreSQL, and Kafka where the journal is there, as the stories find them: many hubs use the same servers, each its own database and topics. */
export interface SharedServers {
  /** URL of a database in which others can be made. */
  readonly postgres: string;
  /** `host:port`, with commas; absent where the journal is in PostgreSQL as well. */
  readonly kafka?: string;
}

const POSTGRES = 'SIGNALBOX_TEST_POSTGRES';
const KAFKA = 'SIGNALBOX_TEST_KAFKA';
const MODE = 'SIGNALBOX_TEST_MODE';

/** A database with the schema in place, which every new one is a copy of. Made by `startPostgres`. */
export const TEMPLATE = 'signalbox_template';
/** Several hubs at once, each with two pools. */
const CONNECTIONS = '400';
/** The usual 10 MiB for each of two index files per partition would be much for topics that hold a hundred records. */
const INDEX_BYTES = '65536';

/** Starts one of each that is needed, without waiting for disks: these servers lose no power. */
export async function startSharedServers(
  journal: JournalKind,
): Promise<(SharedServers & { stop(): Promise<void> }) | { readonly missing: string }> {
  const [postgres, kafka] = await Promise.all([
    startPostgres({
      fsync: false,
      prepare: async (url) => (await openPostgresStore({ url })).close(),
      settings: { max_connections: CONNECTIONS },
    }),
    journal === 'kafka'
      ? startKafka({ brokers: 1, properties: { 'log.index.size.max.bytes': INDEX_BYTES } })
      : undefined,
  ]);
  const stop = async (): Promise<void> => {
    if (!('missing' in postgres)) await postgres.stop();
    if (kafka && !('missing' in kafka)) await kafka.stop();
  };
  if ('missing' in postgres || (kafka && 'missing' in kafka)) {
    await stop();
    const reasons = [postgres, kafka].flatMap((server) =>
      server && 'missing' in server ? [server.missing] : [],
    );
    return { missing: reasons.join('; ') };
  }
  return { postgres: postgres.url, ...(kafka && { kafka: kafka.bootstrap.join(',') }), stop };
}

/** The environment in which every story runs on these servers. */
export function sharedEnvironment({ postgres, kafka }: SharedServers): Record<string, string> {
  return kafka === undefined
    ? { [MODE]: 'postgres', [POSTGRES]: postgres }
    : { [MODE]: 'shared', [POSTGRES]: postgres, [KAFKA]: kafka };
}

/** The servers that whoever started this process has started for it; undefined in the embedded mode. */
export function givenServers(env: NodeJS.ProcessEnv = process.env): SharedServers | undefined {
  if (env[MODE] === undefined || env[MODE] === 'embedded') return undefined;
  const [postgres, kafka] = [env[POSTGRES], env[KAFKA]];
  if (env[MODE] === 'postgres' && postgres !== undefined) return { postgres };
  if (env[MODE] === 'shared' && postgres !== undefined && kafka !== undefined) return { postgres, kafka };
  throw new Error(
    `${MODE}=shared needs ${POSTGRES} and ${KAFKA}, ${MODE}=postgres the first; npm run test:interop sets them`,
  );
}
