import { ANSWER_REFRESH_MS, type AnswerRow, type PreparedRow } from '../prepared-row.ts';
import { newestInOrder } from './batch.ts';
import { BY_TIME, type DailyTable } from './partitions.ts';
import type { Sql } from './sql.ts';

export const PREPARED: DailyTable = { name: 'prepared', boundOf: BY_TIME };

const SAVE = `INSERT INTO prepared (partition, first_offset, next_offset, now, what)
  SELECT * FROM unnest($1::integer[], $2::bigint[], $3::bigint[], $4::bigint[], $5::text[])`;
/** Most answers are there already: an update only now and then tells that they are still used. */
const SAVE_ANSWERS = `INSERT INTO prepared_answers (digest, used_at, text)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[])
  ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at WHERE excluded.used_at >= prepared_answers.used_at + ${ANSWER_REFRESH_MS}`;
const READ = `SELECT partition, first_offset, next_offset, now, what FROM prepared
  WHERE partition = $1 AND next_offset > $2 ORDER BY next_offset LIMIT $3`;
const FIND_ANSWERS = 'SELECT digest, text FROM prepared_answers WHERE digest = ANY ($1) ORDER BY digest';
const EXPIRE_ANSWERS = `DELETE FROM prepared_answers WHERE digest IN (
  SELECT digest FROM prepared_answers WHERE used_at < $1 ORDER BY used_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

interface Row {
  readonly first_offset: number;
  readonly next_offset: number;
  readonly now: number;
  readonly what: string;
}

export async function savePrepared(sql: Sql, rows: readonly PreparedRow[]): Promise<void> {
  await sql.run(
    SAVE,
    rows.map(({ partition }) => partition),
    rows.map(({ from }) => from),
    rows.map(({ until }) => until),
    rows.map(({ now }) => now),
    rows.map(({ what }) => what),
  );
}

export async function saveAnswers(sql: Sql, answers: readonly AnswerRow[]): Promise<void> {
  const rows = newestInOrder(answers, ({ digest }) => digest);
  await sql.run(
    SAVE_ANSWERS,
    rows.map(({ digest }) => digest),
    rows.map(({ usedAt }) => usedAt),
    rows.map(({ text }) => text),
  );
}

export async function readPrepared(
  sql: Sql,
  partition: number,
  offset: number,
  limit: number,
): Promise<readonly PreparedRow[]> {
  const rows = await sql.all<Row>(READ, partition, offset, limit);
  return rows.map(({ first_offset: from, next_offset: until, now, what }) => ({
    partition,
    from,
    until,
    now,
    what,
  }));
}

export async function findAnswers(
  sql: Sql,
  digests: readonly string[],
): Promise<readonly Pick<AnswerRow, 'digest' | 'text'>[]> {
  return sql.all<Pick<AnswerRow, 'digest' | 'text'>>(FIND_ANSWERS, digests);
}

/** What was used last lies at most a refresh behind, so answers go after the rows that name them. */
export async function expireAnswers(sql: Sql, before: number, limit: number): Promise<number> {
  return sql.run(EXPIRE_ANSWERS, before - ANSWER_REFRESH_MS, limit);
}
