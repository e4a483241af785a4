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
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO quarantine (id, tenant, integration, received_at, status, problem, request)
  SELECT id, tenant, integration, received_at, status, problem, request
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[])
    AS held (id, tenant, integration, received_at, status, problem, request)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, settled_at = NULL, problem = excluded.problem,
    request = excluded.request`;
/** Only what is still held can be settled; a second click changes nothing. */
const SETTLE = `UPDATE quarantine q SET status = settled.status, settled_at = settled.at
  FROM unnest($1::text[], $2::text[], $3::bigint[]) AS settled (id, status, at)
  WHERE q.id = settled.id AND q.status = 'held'`;
const FIND = 'SELECT * FROM quarantine WHERE id = ANY ($1)';
const HEAD = 'SELECT seq, id, tenant, integration, received_at, status, problem FROM quarantine';
const OLDER = '(received_at, seq) < ($1, $2) ORDER BY received_at DESC, seq DESC LIMIT $3';
const LIST = `${HEAD} WHERE ${OLDER}`;
const LIST_BY_STATUS = `${HEAD} WHERE status = $4 AND ${OLDER}`;
const COUNT_HELD = `SELECT count(*) AS count FROM quarantine WHERE status = 'held'`;
const EXPIRE = `DELETE FROM quarantine WHERE id IN (
  SELECT id FROM quarantine WHERE received_at < $1 ORDER BY received_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

export async function saveQuarantine(sql: Sql, held: readonly QuarantineRow[]): Promise<void> {
  const rows = newestInOrder(held, ({ id }) => id);
  await sql.run(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ tenant }) => tenant),
    rows.map(({ integration }) => integration),
    rows.map(({ receivedAt }) => receivedAt),
    rows.map(({ status }) => status),
    rows.map(({ problem }) => JSON.stringify(problem)),
    rows.map(({ request }) => JSON.stringify(request)),
  );
}

export async function settleQuarantine(
  sql: Sql,
  settled: NonNullable<Commit['quarantineSettled']>,
): Promise<void> {
  await sql.run(
    SETTLE,
    settled.map(({ id }) => id),
    settled.map(({ status }) => status),
    settled.map(({ at }) => at),
  );
}

export async function findQuarantined(sql: Sql, id: string): Promise<QuarantineRow | undefined> {
  return (await findAllQuarantined(sql, [id]))[0];
}

export async function findAllQuarantined(
  sql: Sql,
  ids: readonly string[],
): Promise<readonly QuarantineRow[]> {
  return (await sql.all<QuarantineFullRow>(FIND, ids)).map(parseQuarantined);
}

/** Newest first, without the requests, which may be large. */
export async function listQuarantine(
  sql: Sql,
  query: Parameters<StoreReader['quarantine']>[0],
): Promise<Page<QuarantineHead>> {
  return scanPage<QuarantineHeadRow, QuarantineHead>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 2),
    read: ([receivedAt, seq], count) =>
      query.status === undefined
        ? sql.all(LIST, receivedAt!, seq!, count)
        : sql.all(LIST_BY_STATUS, receivedAt!, seq!, count, query.status),
    pick: (row) =>
      query.integration === undefined || row.integration === query.integration
        ? parseQuarantineHead(row)
        : undefined,
    keysOf: (row) => [row.received_at, row.seq],
  });
}

export async function countHeld(sql: Sql): Promise<number> {
  return (await sql.get<{ count: number }>(COUNT_HELD))!.count;
}

/** Held signals go as well once they are too old: nobody came for them. */
export async function expireQuarantine(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(EXPIRE, before, limit);
}
