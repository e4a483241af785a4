import type { Sql } from '../../lib/sqlite.ts';
import type { Beat, Heartbeat } from '../port.ts';

const SAVE = `INSERT INTO heartbeats (integration, last_seen_at, silent) VALUES (?, ?, ?)
  ON CONFLICT (integration) DO UPDATE SET last_seen_at = excluded.last_seen_at, silent = excluded.silent`;
const BEAT = `INSERT INTO heartbeats (integration, last_seen_at, silent) VALUES (?, ?, 0)
  ON CONFLICT (integration) DO UPDATE SET last_seen_at = max(last_seen_at, excluded.last_seen_at)`;
const ALL = 'SELECT integration, last_seen_at, silent FROM heartbeats ORDER BY integration';

export function saveHeartbeat(sql: Sql, heartbeat: Heartbeat): void {
  sql.run(SAVE, heartbeat.integration, heartbeat.lastSeenAt, heartbeat.silent ? 1 : 0);
}

export function saveBeat(sql: Sql, beat: Beat): void {
  sql.run(BEAT, beat.integration, beat.lastSeenAt);
}

export function readHeartbeats(sql: Sql): readonly Heartbeat[] {
  return sql
    .all<{ integration: string; last_seen_at: number; silent: number }>(ALL)
    .map((row) => ({ integration: row.integration, lastSeenAt: row.last_seen_at, silent: row.silent === 1 }));
}
