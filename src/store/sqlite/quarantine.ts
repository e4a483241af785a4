import type { Sql } from '../../lib/sqlite.ts';
import { decodeCursor } from '../cursor.ts';
import type { Commit, QuarantineRow } from '../port.ts';
import {
  parseQuarantined,
  parseQuarantineHead,
  type QuarantineFullRow,
  type QuarantineHead,
  type QuarantineHeadRow,
} from '../quarantine-row.ts';
import type { Page, StoreReader } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const SAVE = `INSERT INTO quarantine (id, tenant, integration, received_at, status, problem, request)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, settled_at = NULL, problem = excluded.problem,
    request = excluded.request`;
const SETTLE = `UPDATE quarantine SET status = ?, settled_at = ? WHERE id = ? AND status = 'held'`;
const FIND = 'SELECT * FROM quarantine WHERE id = ?';
const HEAD = 'SELECT seq, id, tenant, integration, received_at, status, problem FROM quarantine';
const OLDER = '(received_at, seq) < (?, ?) ORDER BY received_at DESC, seq DESC LIMIT ?';
const LIST = `${HEAD} WHERE ${OLDER}`;
const LIST_BY_STATUS = `${HEAD} WHERE status = ? AND ${OLDER}`;
const COUNT_HELD = `SELECT count(*) AS count FROM quarantine WHERE status = 'held'`;
const EXPIRE = `DELETE FROM quarantine WHERE seq IN (
  SELECT seq FROM quarantine WHERE received_at < ? ORDER BY received_at LIMIT ?)`;

export function saveQuarantine(sql: Sql, row: QuarantineRow): void {
  sql.run(
    SAVE,
    row.id,
    row.tenant,
    row.integration,
    row.receivedAt,
    row.status,
    JSON.stringify(row.problem),
    JSON.stringify(row.request),
  );
}

/** Only what is still held can be settled; a second click changes nothing. */
export function settleQuarantine(sql: Sql, settled: NonNullable<Commit['quarantineSettled']>[number]): void {
  sql.run(SETTLE, settled.status, settled.at, settled.id);
}

export function findQuarantined(sql: Sql, id: string): QuarantineRow | undefined {
  const row = sql.get<QuarantineFullRow>(FIND, id);
  return row && parseQuarantined(row);
}

/** Newest first, without the requests, which may be large. */
export function listQuarantine(
  sql: Sql,
  query: Parameters<StoreReader['quarantine']>[0],
): Page<QuarantineHead> {
  const [receivedAt, seq] = decodeCursor(query.cursor, 2) as [number, number];
  const rows = query.status
    ? sql.each<QuarantineHeadRow>(LIST_BY_STATUS, query.status, receivedAt, seq, SCAN_LIMIT)
    : sql.each<QuarantineHeadRow>(LIST, receivedAt, seq, SCAN_LIMIT);
  return scanPage(
    rows,
    query.limit,
    (row) =>
      query.integration === undefined || row.integration === query.integration
        ? parseQuarantineHead(row)
        : undefined,
    (row) => [row.received_at, row.seq],
  );
}

export function countHeld(sql: Sql): number {
  return sql.get<{ count: number }>(COUNT_HELD)!.count;
}

/** Held signals go as well once they are too old: nobody came for them. */
export function expireQuarantine(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, before, limit);
}
