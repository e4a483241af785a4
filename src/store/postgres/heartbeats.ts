import type { Heartbeat } from '../port.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO heartbeats (integration, last_seen_at, silent)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[])
  ON CONFLICT (integration) DO UPDATE SET last_seen_at = excluded.last_seen_at, silent = excluded.silent`;
const ALL = 'SELECT integration, last_seen_at AS "lastSeenAt", silent FROM heartbeats ORDER BY integration';

export async function saveHeartbeats(sql: Sql, heartbeats: readonly Heartbeat[]): Promise<void> {
  const rows = newestInOrder(heartbeats, ({ integration }) => integration);
  await sql.run(
    SAVE,
    rows.map(({ integration }) => integration),
    rows.map(({ lastSeenAt }) => lastSeenAt),
    rows.map(({ silent }) => silent),
  );
}

export async function readHeartbeats(sql: Sql): Promise<readonly Heartbeat[]> {
  return sql.all<Heartbeat>(ALL);
}
