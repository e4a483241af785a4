import { Pool, types, type ClientBase, type PoolClient, type PoolConfig } from 'pg';
import { StoreUnavailable } from '../port.ts';
import { splitHosts } from './hosts.ts';
import { createSql, type Sql } from './sql.ts';
import { unavailable } from './trouble.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database`; several hosts with commas, tried in this order. TLS by `sslmode`. */
  readonly url: string;
  /** Connections at most. Default 10. */
  readonly poolSize?: number;
  /** The server ends a statement that takes longer. Default 30 s. */
  readonly statementTimeoutMs?: number;
  /** How long to wait for a connection. Default 5 s. */
  readonly connectTimeoutMs?: number;
  /** What the server's own views call these connections. Default `signalbox`. */
  readonly applicationName?: string;
}

/** Connections that come back by themselves after a restart or fail-over of the server: whatever broke is dropped with its error. */
export interface Connections {
  /** Runs `work` on a connection of its own. Trouble with the server rejects with `StoreUnavailable`. */
  use<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

const POOL_SIZE = 10;
const STATEMENT_TIMEOUT_MS = 30_000;
const CONNECT_TIMEOUT_MS = 5_000;
const IDLE_MS = 30_000;
/** The server answers a statement by its own time-out; when nothing comes this long after it, the network is gone. */
const SILENCE_MS = 5_000;
/** Nothing is waited for between two statements of a transaction: whoever says nothing for so long was stopped or cut off, and holds locks that others need. */
const IDLE_IN_TRANSACTION_MS = 5_000;
/**
 * Hot statements take whole batches as arrays, and a plan made once for every length would be wrong for most. Their rows are in memory or on
 * a solid-state disk, where the default price of a page off the beaten track (4) makes the planner read whole tables for a few hundred rows.
 */
const SESSION = '-c plan_cache_mode=force_custom_plan -c random_page_cost=1.1';

/**
 * Which servers will do. A writer passes over those that only read, as libpq's `target_session_attrs=read-write` does; a reader passes over
 * standbys, which may lag behind; anybody takes the first that answers.
 */
export type Role = 'writer' | 'reader' | 'anybody';

export function openConnections(options: PostgresOptions, role: Role): Connections {
  const pools = splitHosts(options.url).map((url) => createPool(url, options, role));
  let current = 0;
  let closed = false;

  /** Starts with the host that answered last. Each is asked once; the first host's trouble is what a person should see. */
  const connect = async (): Promise<PoolClient> => {
    let first: unknown;
    for (let tried = 0; tried < pools.length; tried++) {
      const host = (current + tried) % pools.length;
      try {
        const client = await pools[host]!.connect();
        current = host;
        return client;
      } catch (error) {
        first ??= error;
      }
    }
    throw first instanceof Error ? unavailable(first) : first;
  };

  return {
    async use(work) {
      if (closed) throw new StoreUnavailable('PostgreSQL: the store is closed');
      const client = await connect();
      try {
        const result = await work(createSql(client));
        client.release();
        return result;
      } catch (error) {
        // Only what the server answered in good order leaves a connection that can be used again.
        client.release(error instanceof StoreUnavailable);
        throw error;
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      await Promise.all(pools.map((pool) => pool.end()));
    },
  };
}

function createPool(url: string, options: PostgresOptions, role: Role): Pool {
  const pool = new Pool({
    ...connectionSettings(url, options),
    max: options.poolSize ?? POOL_SIZE,
    idleTimeoutMillis: IDLE_MS,
    ...(role !== 'anybody' && { onConnect: (client: ClientBase) => refuse(client, role) }),
  });
  // A connection that breaks leaves the pool, and whoever uses it gets the error from its statement; without these the process would end.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

/** What every connection has, those that listen included. */
export function connectionSettings(url: string, options: Omit<PostgresOptions, 'url'>): PoolConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  return {
    connectionString: url,
    application_name: options.applicationName ?? 'signalbox',
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + SILENCE_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    pipeline: true,
    options: SESSION,
    // Times and counts fit into a number; `pg` would give them as text, because not every bigint does.
    types: {
      getTypeParser: (type, format) =>
        type === types.builtins.INT8 ? Number : types.getTypeParser(type, format),
    },
  };
}

async function refuse(client: ClientBase, role: Role): Promise<void> {
  const { rows } = await client.query<{ is_refused: boolean }>(
    role === 'writer'
      ? `SELECT current_setting('transaction_read_only')::boolean AS is_refused`
      : 'SELECT pg_is_in_recovery() AS is_refused',
  );
  if (rows[0]?.is_refused === true)
    throw new StoreUnavailable(
      'PostgreSQL: the server only reads; it is a standby, or a fail-over is under way',
    );
}
