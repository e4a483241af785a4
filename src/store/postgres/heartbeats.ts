import type { Beat, Heartbeat } from '../port.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO heartbeats (integration, last_seen_at, silent)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::boolean[])
  ON CONFLICT (integration) DO UPDATE SET last_seen_at = excluded.last_seen_at, silent = excluded.silent`;
const BEAT = `INSERT INTO heartbeats (integration, last_seen_at, silent)
  SELECT integration, last_seen_at, false FROM unnest($1::text[], $2::bigint[]) AS beat (integration, last_seen_at)
  ON CONFLICT (integration) DO UPDATE SET last_seen_at = greatest(heartbeats.last_seen_at, excluded.last_seen_at)`;
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

export async function saveBeats(sql: Sql, beats: readonly Beat[]): Promise<void> {
  const rows = newestInOrder(beats, ({ integration }) => integration);
  await sql.run(
    BEAT,
    rows.map(({ integration }) => integration),
    rows.map(({ lastSeenAt }) => lastSeenAt),
  );
}

export async function readHeartbeats(sql: Sql): Promise<readonly Heartbeat[]> {
  return sql.all<Heartbeat>(ALL);
}
