import type { Sql } from '../../lib/sqlite.ts';
import type { Change } from '../port.ts';
import type { StoreReader } from '../reader.ts';

const SAVE = 'INSERT INTO changes (at, tenant, kind, id, status, data) VALUES (?, ?, ?, ?, ?, ?)';
const AFTER =
  'SELECT seq, at, tenant, kind, id, status, data FROM changes WHERE seq > ? ORDER BY seq LIMIT ?';
const BOUNDS = `SELECT (SELECT min(seq) FROM changes) AS oldest,
  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) AS newest`;
const EXPIRE = `DELETE FROM changes WHERE seq IN (SELECT seq FROM (
  SELECT seq, at FROM changes ORDER BY seq LIMIT ?) WHERE at < ?)`;

export function saveChange(sql: Sql, change: Change): void {
  sql.run(SAVE, change.at, change.tenant, change.kind, change.id, change.status, change.data);
}

/**
 * `newest` is the last number that was ever given; `oldest` is the next one when nothing is kept. A cursor below `oldest - 1` has
 * missed something.
 */
export function readChanges(
  sql: Sql,
  cursor: number,
  limit: number,
): Awaited<ReturnType<StoreReader['changes']>> {
  const rows = sql.all<Change & { seq: number }>(AFTER, cursor, limit).map((row) => ({ ...row }));
  const { oldest, newest } = sql.get<{ oldest: number | null; newest: number }>(BOUNDS)!;
  return { rows, oldest: oldest ?? newest + 1, newest };
}

export function expireChanges(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, limit, before);
}
