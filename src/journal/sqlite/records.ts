import type { Sql } from '../../lib/sqlite.ts';
import type { JournalRecord } from '../port.ts';

/** Offsets take the lower 44 bits, the partition the 9 above: 53 bits are what a number holds exactly. */
const OFFSETS = 2 ** 44;
export const MAX_PARTITIONS = 512;

const INSERT = 'INSERT INTO records (position, key, at, value) VALUES (?, ?, ?, ?)';
const READ = `SELECT position, key, at, value FROM records WHERE position >= ? AND position < ?
  ORDER BY position LIMIT ?`;
const LAST = 'SELECT max(position) AS position FROM records WHERE position >= ? AND position < ?';
const FIRST = 'SELECT min(position) AS position FROM records WHERE position >= ? AND position < ?';
const AT = 'SELECT at FROM records WHERE position = ?';
const DELETE = 'DELETE FROM records WHERE position >= ? AND position < ?';
const FLOOR = 'SELECT floor FROM floors WHERE partition = ?';
const RAISE_FLOOR = `INSERT INTO floors (partition, floor) VALUES (?, ?)
  ON CONFLICT (partition) DO UPDATE SET floor = excluded.floor WHERE excluded.floor > floor`;
const USED_BYTES = `SELECT (SELECT page_count FROM pragma_page_count) AS pages,
  (SELECT freelist_count FROM pragma_freelist_count) AS free, (SELECT page_size FROM pragma_page_size) AS size`;

const TRIM_BATCH = 1_000;

export function insertRecord(
  sql: Sql,
  partition: number,
  offset: number,
  key: string,
  at: number,
  value: string,
): void {
  sql.run(INSERT, partition * OFFSETS + offset, key, at, value);
}

/** The first record is given whatever its size, so that a reader always gets on. */
export function readRecords(
  sql: Sql,
  partition: number,
  offset: number,
  limit: number,
  maxBytes: number,
): readonly JournalRecord[] {
  const found: JournalRecord[] = [];
  const base = partition * OFFSETS;
  let bytes = 0;
  for (const row of sql.each<RecordRow>(READ, base + offset, base + OFFSETS, limit)) {
    bytes += row.key.length + row.value.length;
    if (found.length > 0 && bytes > maxBytes) break;
    found.push({ partition, offset: row.position - base, key: row.key, at: row.at, value: row.value });
  }
  return found;
}

interface RecordRow {
  readonly position: number;
  readonly key: string;
  readonly at: number;
  readonly value: string;
}

/** The offset of the next record. The floor counts as well: when everything was trimmed, no offset may come again. */
export function endOf(sql: Sql, partition: number): number {
  const last = bound(sql, LAST, partition);
  return Math.max(last === undefined ? 0 : last + 1, floorOf(sql, partition));
}

/** The lowest offset still kept, or the end. */
export function startOf(sql: Sql, partition: number): number {
  return bound(sql, FIRST, partition) ?? endOf(sql, partition);
}

/** Deletes one batch below `offset`; resolves with how many records went, 0 at the end. */
export function trimBatch(sql: Sql, partition: number, offset: number): number {
  const from = startOf(sql, partition);
  const to = Math.min(offset, from + TRIM_BATCH, endOf(sql, partition));
  if (to <= from) return 0;
  const base = partition * OFFSETS;
  return sql.transaction(() => {
    sql.run(RAISE_FLOOR, partition, to);
    return sql.run(DELETE, base + from, base + to);
  });
}

/**
 * Halves the range of kept offsets, which are dense and in the order of their appending, so no index on the time is needed. A clock
 * that was set back in between makes the answer wrong by as much as it was set back.
 */
export function offsetAt(sql: Sql, partition: number, at: number): number {
  let low = startOf(sql, partition);
  let high = endOf(sql, partition);
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const row = sql.get<{ at: number }>(AT, partition * OFFSETS + middle);
    if (row !== undefined && row.at < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Bytes of the file that hold something; pages freed by a trim are used again and don't count. */
export function usedBytes(sql: Sql): number {
  const { pages, free, size } = sql.get<{ pages: number; free: number; size: number }>(USED_BYTES)!;
  return (pages - free) * size;
}

function bound(sql: Sql, text: string, partition: number): number | undefined {
  const base = partition * OFFSETS;
  const position = sql.get<{ position: number | null }>(text, base, base + OFFSETS)!.position;
  return position === null ? undefined : position - base;
}

function floorOf(sql: Sql, partition: number): number {
  return sql.get<{ floor: number }>(FLOOR, partition)?.floor ?? 0;
}
