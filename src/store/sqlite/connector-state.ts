import type { Sql } from '../../lib/sqlite.ts';
import type { Commit } from '../port.ts';

const SAVE = `INSERT INTO connector_state (integration, key, value, expires_at) VALUES (?, ?, ?, ?)
  ON CONFLICT (integration, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`;
const FIND = 'SELECT value FROM connector_state WHERE integration = ? AND key = ? AND expires_at > ?';
const FORGET = `DELETE FROM connector_state WHERE rowid IN (
  SELECT rowid FROM connector_state WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`;

/** What has expired goes with every commit that brings new state, twice as much as came. */
export function saveConnectorState(
  sql: Sql,
  states: NonNullable<Commit['connectorState']>,
  now: number,
): void {
  if (states.length === 0) return;
  for (const { integration, key, value, expiresAt } of states)
    sql.run(SAVE, integration, key, value, whole(expiresAt));
  sql.run(FORGET, now, 2 * states.length);
}

export function findConnectorState(
  sql: Sql,
  integration: string,
  key: string,
  now: number,
): string | undefined {
  return sql.get<{ value: string }>(FIND, integration, key, now)?.value;
}

/** A connector may say that its state never expires. */
function whole(expiresAt: number): number {
  return Math.min(Math.round(expiresAt), Number.MAX_SAFE_INTEGER);
}
