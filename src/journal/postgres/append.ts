import { DatabaseError } from 'pg';
import type { Sql } from '../../store/postgres/sql.ts';
import { RECORD_OVERHEAD_BYTES } from './records.ts';

/** A record as its row will be, with the partition of its key. */
export interface Row {
  readonly partition: number;
  readonly at: number;
  readonly key: string;
  readonly value: string;
  readonly bytes: number;
}

export interface Appended {
  /** Per partition of the batch, the offset of its first record. */
  readonly firsts: ReadonlyMap<number, number>;
  /** Behind the batch. */
  readonly ends: ReadonlyMap<number, number>;
  /** Bytes in the whole journal, when that is known. */
  readonly used?: number;
}

/** One batch of one process. Under the same numbers it is written once, however often it is sent. */
export interface Batch {
  readonly writer: string;
  readonly number: number;
  readonly rows: readonly Row[];
}

/** A database may be set to acknowledge before the disk has it; an acknowledged signal is on the disk. */
const DURABLE = `SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'`;
/** Until the commit is visible nobody else gives offsets here: they are dense, and become visible in their order. */
const LOCK = 'SELECT FROM journal_partitions WHERE partition = ANY ($1) ORDER BY partition FOR NO KEY UPDATE';
const INSERT = `INSERT INTO journal_records (partition, "offset", at, key, value)
  SELECT partition, next + nth, r.at, r.key, r.value
  FROM unnest($1::int[], $2::bigint[], $3::bigint[], $4::text[], $5::text[]) AS r (partition, nth, at, key, value)
  JOIN journal_partitions USING (partition)`;
const MOVE = `UPDATE journal_partitions p SET next = next + more.count, bytes = p.bytes + more.bytes
  FROM unnest($1::int[], $2::bigint[], $3::bigint[]) AS more (partition, count, bytes) WHERE p.partition = more.partition`;
/** A batch that is there already, or a late copy of an older one, breaks the table's constraint, and the whole transaction with it. */
const REMEMBER = `INSERT INTO journal_writers AS w (writer, batch, before, at, ends)
  SELECT $1, $2::bigint, $2 - 1, clock_timestamp(), array_agg(next ORDER BY partition) FROM journal_partitions WHERE partition = ANY ($3)
  ON CONFLICT (writer) DO UPDATE SET batch = excluded.batch, before = w.batch, at = excluded.at, ends = excluded.ends
  RETURNING ends, (SELECT sum(bytes)::bigint FROM journal_partitions) AS used`;
const FIND = 'SELECT ends FROM journal_writers WHERE writer = $1 AND batch = $2';
const CHECK_VIOLATION = '23514';

/**
 * Writes a batch in one transaction and one round trip. Whoever got no answer to its COMMIT sends the same batch again: if the first one
 * arrived, or arrives just now, the number that it left refuses the second, and its offsets are looked up instead.
 */
export async function appendBatch(sql: Sql, batch: Batch): Promise<Appended> {
  const counted = countRows(batch.rows);
  const partitions = [...counted.keys()].sort((left, right) => left - right);
  try {
    const { ends, used } = await write(sql, batch, counted, partitions);
    return { ...placesOf(partitions, ends, counted), used };
  } catch (error) {
    if (!(error instanceof DatabaseError) || error.code !== CHECK_VIOLATION) throw error;
    const found = await sql.get<{ ends: readonly string[] }>(FIND, batch.writer, batch.number);
    if (!found) throw error;
    return placesOf(partitions, found.ends, counted);
  }
}

interface Remembered {
  /** `pg` gives the numbers of an array as text. */
  readonly ends: readonly string[];
  readonly used: number;
}

async function write(
  sql: Sql,
  { writer, number, rows }: Batch,
  counted: Counted,
  partitions: readonly number[],
): Promise<Remembered> {
  const seen = new Map<number, number>();
  const nth = rows.map(({ partition }) => {
    const place = seen.get(partition) ?? 0;
    seen.set(partition, place + 1);
    return place;
  });
  const sums = partitions.map((partition) => counted.get(partition)!);
  const answers = [
    sql.run('BEGIN ISOLATION LEVEL READ COMMITTED'),
    sql.run(DURABLE),
    sql.run(LOCK, partitions),
    sql.run(
      INSERT,
      rows.map(({ partition }) => partition),
      nth,
      rows.map(({ at }) => at),
      rows.map(({ key }) => key),
      rows.map(({ value }) => value),
    ),
    sql.run(
      MOVE,
      partitions,
      sums.map(({ count }) => count),
      sums.map(({ bytes }) => bytes),
    ),
  ];
  const remembered = sql.get<Remembered>(REMEMBER, writer, number, partitions);
  // After a statement that failed this COMMIT rolls back.
  await Promise.all([...answers, remembered, sql.run('COMMIT')]);
  return (await remembered)!;
}

type Counted = ReadonlyMap<number, { readonly count: number; readonly bytes: number }>;

function countRows(rows: readonly Row[]): Counted {
  const counted = new Map<number, { count: number; bytes: number }>();
  for (const { partition, bytes } of rows) {
    const sum = counted.getOrInsert(partition, { count: 0, bytes: 0 });
    sum.count += 1;
    sum.bytes += bytes + RECORD_OVERHEAD_BYTES;
  }
  return counted;
}

function placesOf(
  partitions: readonly number[],
  ends: readonly string[],
  counted: Counted,
): Pick<Appended, 'firsts' | 'ends'> {
  const behind = new Map(partitions.map((partition, index) => [partition, Number(ends[index])]));
  const firsts = new Map(
    [...behind].map(([partition, end]) => [partition, end - counted.get(partition)!.count]),
  );
  return { firsts, ends: behind };
}
