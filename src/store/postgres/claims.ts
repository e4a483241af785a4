import type { ClaimedBy, Commit } from '../port.ts';
import { newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO claims (key, signal, expires_at) SELECT * FROM unnest($1::text[], $2::text[], $3::bigint[])
  ON CONFLICT (key) DO UPDATE SET signal = excluded.signal, expires_at = excluded.expires_at`;
const FIND = 'SELECT key, signal FROM claims WHERE key = ANY ($1) AND expires_at > $2';
/** What another node is just forgetting or renewing is left to it. */
const FORGET = `DELETE FROM claims WHERE key IN (
  SELECT key FROM claims WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

/** Expired claims go with every commit that brings new ones, twice as many as came, so that they can't pile up. */
export async function saveClaims(
  sql: Sql,
  claims: NonNullable<Commit['claims']>,
  now: number,
): Promise<void> {
  const rows = newestInOrder(claims, ({ key }) => key);
  await Promise.all([
    sql.run(
      SAVE,
      rows.map(({ key }) => key),
      rows.map(({ signal }) => signal),
      rows.map(({ expiresAt }) => expiresAt),
    ),
    sql.run(FORGET, now, 2 * rows.length),
  ]);
}

export async function findClaims(
  sql: Sql,
  keys: readonly string[],
  now: number,
): Promise<ReadonlyMap<string, ClaimedBy>> {
  const rows = await sql.all<{ key: string; signal: string }>(FIND, keys, now);
  return new Map(rows.map(({ key, signal }) => [key, { signal }]));
}
