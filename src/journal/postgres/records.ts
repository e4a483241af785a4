import type { Sql } from '../../store/postgres/sql.ts';
import type { JournalRecord } from '../port.ts';
import { unescapeText } from './text.ts';

/** What a record costs beside its key and value: the head of its row, its number columns, its share of the index. */
export const RECORD_OVERHEAD_BYTES = 80;

/** The first record is given whatever its size, so that a reader always gets on. */
const READ = `SELECT "offset", key, at, value FROM (
    SELECT "offset", key, at, value, bytes, sum(bytes) OVER (ORDER BY "offset" ROWS UNBOUNDED PRECEDING) AS total FROM (
      SELECT "offset", key, at, value, octet_length(key) + octet_length(value) AS bytes FROM journal_records
      WHERE partition = $1 AND "offset" >= $2 ORDER BY "offset" LIMIT $3) AS next) AS counted
  WHERE total <= $4 OR total = bytes ORDER BY "offset"`;
const ENDS = 'SELECT partition, next FROM journal_partitions ORDER BY partition';
const BOUNDS = 'SELECT first, next FROM journal_partitions WHERE partition = $1';
const AT = 'SELECT at FROM journal_records WHERE partition = $1 AND "offset" = $2';
const USED = 'SELECT coalesce(sum(bytes), 0)::bigint AS bytes FROM journal_partitions';

interface RecordRow {
  readonly offset: number;
  readonly key: string;
  readonly at: number;
  readonly value: string;
}

export async function readRecords(
  sql: Sql,
  partition: number,
  offset: number,
  limit: number,
  maxBytes: number,
): Promise<readonly JournalRecord[]> {
  const rows = await sql.all<RecordRow>(READ, partition, offset, limit, Math.floor(maxBytes));
  return rows.map(({ key, value, ...row }) => ({
    partition,
    ...row,
    key: unescapeText(key),
    value: unescapeText(value),
  }));
}

/** The offset of the next record of each partition. */
export async function readEnds(sql: Sql): Promise<readonly number[]> {
  const rows = await sql.all<{ next: number }>(ENDS);
  return rows.map(({ next }) => next);
}

/** The lowest offset that is kept, and the next one to be given. */
export async function boundsOf(sql: Sql, partition: number): Promise<{ first: number; next: number }> {
  return (await sql.get<{ first: number; next: number }>(BOUNDS, partition))!;
}

/**
 * Halves the range of kept offsets, which are dense and in the order of their appending, so no index on the time is needed. Clocks of
 * several nodes that differ make the answer wrong by as much as they differ.
 */
export async function offsetAt(sql: Sql, partition: number, at: number): Promise<number> {
  const { first, next } = await boundsOf(sql, partition);
  let [low, high] = [first, next];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = await sql.get<{ at: number }>(AT, partition, middle);
    if (row !== undefined && row.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bytes of the records that are kept; dead rows that are not cleared yet come on top of that on the disk. */
export async function usedBytes(sql: Sql): Promise<number> {
  return (await sql.get<{ bytes: number }>(USED))!.bytes;
}
