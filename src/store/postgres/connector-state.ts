import type { Commit } from '../port.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO connector_state (integration, key, value, expires_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
  ON CONFLICT (integration, key) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`;
const FIND = 'SELECT value FROM connector_state WHERE integration = $1 AND key = $2 AND expires_at > $3';
/** What another node is just forgetting or renewing is left to it. */
const FORGET = `DELETE FROM connector_state WHERE (integration, key) IN (
  SELECT integration, key FROM connector_state WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** What has expired goes with every commit that brings new state, twice as much as came. */
export async function saveConnectorState(
  sql: Sql,
  states: NonNullable<Commit['connectorState']>,
  now: number,
): Promise<void> {
  const rows = newestInOrder(states, ({ integration, key }) => `${integration}\0${key}`);
  await Promise.all([
    sql.run(
      SAVE,
      rows.map(({ integration }) => integration),
      rows.map(({ key }) => key),
      rows.map(({ value }) => value),
      rows.map(({ expiresAt }) => whole(expiresAt)),
    ),
    sql.run(FORGET, now, 2 * rows.length),
  ]);
}

export async function findConnectorState(
  sql: Sql,
  integration: string,
  key: string,
  now: number,
): Promise<string | undefined> {
  return (await sql.get<{ value: string }>(FIND, integration, key, now))?.value;
}

/** A connector may say that its state never expires. */
function whole(expiresAt: number): number {
  return Math.min(Math.round(expiresAt), Number.MAX_SAFE_INTEGER);
}
