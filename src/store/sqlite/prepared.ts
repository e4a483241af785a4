import type { Sql } from '../../lib/sqlite.ts';
import { ANSWER_REFRESH_MS, type AnswerRow, type PreparedRow } from '../prepared-row.ts';

const SAVE = 'INSERT INTO prepared (partition, first_offset, next_offset, now, what) VALUES (?, ?, ?, ?, ?)';
/** Most answers are there already: an update only now and then tells that they are still used. */
const SAVE_ANSWER = `INSERT INTO prepared_answers (digest, used_at, text) VALUES (?, ?, ?)
  ON CONFLICT (digest) DO UPDATE SET used_at = excluded.used_at WHERE excluded.used_at >= prepared_answers.used_at + ${ANSWER_REFRESH_MS}`;
const READ = `SELECT partition, first_offset, next_offset, now, what FROM prepared
  WHERE partition = ? AND next_offset > ? ORDER BY next_offset LIMIT ?`;
const FIND_ANSWERS =
  'SELECT digest, text FROM prepared_answers WHERE digest IN (SELECT value FROM json_each(?)) ORDER BY digest';
const EXPIRE = `DELETE FROM prepared WHERE id IN (SELECT id FROM (
  SELECT id, now FROM prepared ORDER BY id LIMIT ?) WHERE now < ?)`;
const EXPIRE_ANSWERS = `DELETE FROM prepared_answers WHERE digest IN (
  SELECT digest FROM prepared_answers WHERE used_at < ? ORDER BY used_at LIMIT ?)`;

interface Row {
  readonly partition: number;
  readonly first_offset: number;
  readonly next_offset: number;
  readonly now: number;
  readonly what: string;
}

export function savePrepared(sql: Sql, { partition, from, until, now, what }: PreparedRow): void {
  sql.run(SAVE, partition, from, until, now, what);
}

export function saveAnswer(sql: Sql, { digest, usedAt, text }: AnswerRow): void {
  sql.run(SAVE_ANSWER, digest, usedAt, text);
}

export function readPrepared(
  sql: Sql,
  partition: number,
  offset: number,
  limit: number,
): readonly PreparedRow[] {
  return sql
    .all<Row>(READ, partition, offset, limit)
    .map(({ first_offset: from, next_offset: until, now, what }) => ({ partition, from, until, now, what }));
}

export function findAnswers(
  sql: Sql,
  digests: readonly string[],
): readonly Pick<AnswerRow, 'digest' | 'text'>[] {
  return sql
    .all<{ digest: string; text: string }>(FIND_ANSWERS, JSON.stringify(digests))
    .map(({ digest, text }) => ({ digest, text }));
}

/** Answers go after the rows that name them: what was used last lies at most a refresh behind. */
export function expirePrepared(sql: Sql, before: number, limit: number): number {
  const gone = sql.run(EXPIRE, limit, before);
  return gone + sql.run(EXPIRE_ANSWERS, before - ANSWER_REFRESH_MS, limit - gone);
}
