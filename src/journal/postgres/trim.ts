import { inTransaction, type Sql } from '../../store/postgres/sql.ts';
import { RECORD_OVERHEAD_BYTES } from './records.ts';

/** Appends to the partition wait for so many at most. */
const TRIM_BATCH = 1_000;
const LOCK = 'SELECT first, next FROM journal_partitions WHERE partition = $1 FOR NO KEY UPDATE';
/** What a crash brings back is trimmed again, so nobody need wait for the disk. */
const LAZY = 'SET LOCAL synchronous_commit = off';
const DELETE = `WITH gone AS (
    DELETE FROM journal_records WHERE partition = $1 AND "offset" >= $2 AND "offset" < $3
    RETURNING octet_length(key) + octet_length(value) + ${RECORD_OVERHEAD_BYTES} AS bytes)
  UPDATE journal_partitions SET first = $3, bytes = bytes - (SELECT coalesce(sum(bytes), 0) FROM gone) WHERE partition = $1`;
/** Processes that are gone leave the number of their last batch behind. */
const FORGET = `DELETE FROM journal_writers WHERE at < clock_timestamp() - interval '1 day'`;

/** Deletes one batch below `offset`; resolves with how many records went, 0 at the end. */
export async function trimBatch(sql: Sql, partition: number, offset: number): Promise<number> {
  return inTransaction(sql, async () => {
    const [, bounds] = await Promise.all([
      sql.exec(LAZY),
      sql.get<{ first: number; next: number }>(LOCK, partition),
    ]);
    const { first, next } = bounds!;
    const to = Math.min(offset, first + TRIM_BATCH, next);
    if (to <= first) return 0;
    await sql.run(DELETE, partition, first, to);
    return to - first;
  });
}

export async function forgetOldWriters(sql: Sql): Promise<void> {
  await sql.run(FORGET);
}
