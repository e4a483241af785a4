import type { Sql } from '../../lib/sqlite.ts';
import type { ClaimedBy, Commit } from '../port.ts';

const SAVE = `INSERT INTO claims (key, signal, expires_at) VALUES (?, ?, ?)
  ON CONFLICT (key) DO UPDATE SET signal = excluded.signal, expires_at = excluded.expires_at`;
const FIND = 'SELECT signal FROM claims WHERE key = ? AND expires_at > ?';
const FORGET = `DELETE FROM claims WHERE key IN (
  SELECT key FROM claims WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)`;

/** Expired claims go with every commit that brings new ones, twice as many as came, so that they can't pile up. */
export function saveClaims(sql: Sql, claims: NonNullable<Commit['claims']>, now: number): void {
  if (claims.length === 0) return;
  for (const { key, signal, expiresAt } of claims) sql.run(SAVE, key, signal, expiresAt);
  sql.run(FORGET, now, 2 * claims.length);
}

export function findClaims(sql: Sql, keys: readonly string[], now: number): ReadonlyMap<string, ClaimedBy> {
  const found = new Map<string, ClaimedBy>();
  for (const key of keys) {
    const row = sql.get<ClaimedBy>(FIND, key, now);
    if (row) found.set(key, { signal: row.signal });
  }
  return found;
}
