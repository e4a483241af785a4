import { after, describe, test } from 'node:test';
import { Client } from 'pg';
import {
  startPostgres,
  type PostgresOptions,
  type PostgresServer,
} from '../../../../test/servers/postgres.ts';
import { connectionSettings } from '../pool.ts';
import { createSql, type Sql } from '../sql.ts';
import { openPostgresStore } from '../store.ts';

/** Tests against a real server with the schema in place, or one skipped test that says why there is none. */
export async function withPostgres(
  name: string,
  tests: (server: PostgresServer) => void,
  options: PostgresOptions = {},
): Promise<void> {
  const server = await startPostgres({
    fsync: false,
    prepare: async (url) => (await openPostgresStore({ url })).close(),
    ...options,
  });
  if ('missing' in server) return void test(name, { skip: server.missing });
  after(() => server.stop());
  describe(name, () => tests(server));
}

export interface Session {
  readonly sql: Sql;
  /** The server's process, as its own views name it. */
  readonly pid: number;
  close(): Promise<void>;
}

/** One connection, for a transaction that is held open while others go on. */
export async function openSession(url: string): Promise<Session> {
  const client = new Client(connectionSettings(url, { applicationName: 'session' }));
  client.on('error', () => undefined);
  await client.connect();
  const sql = createSql(client);
  const { pid } = (await sql.get<{ pid: number }>('SELECT pg_backend_pid() AS pid'))!;
  return { sql, pid, close: () => client.end() };
}

/** Resolves when some connection waits for a lock that the session holds. */
export async function untilBlocked(server: PostgresServer, session: Session): Promise<void> {
  const observer = await openSession(server.url);
  const blocked =
    'SELECT 1 AS found FROM pg_stat_activity WHERE $1::int = ANY (pg_blocking_pids(pid)) LIMIT 1';
  while ((await observer.sql.get(blocked, session.pid)) === undefined);
  await observer.close();
}
