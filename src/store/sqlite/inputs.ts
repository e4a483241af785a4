import type { Sql } from '../../lib/sqlite.ts';
import type { InputRow } from '../port.ts';

const SAVE = 'INSERT INTO inputs (step, now, revision, what) VALUES (?, ?, ?, ?)';
const EXPIRE = `DELETE FROM inputs WHERE id IN (SELECT id FROM (
  SELECT id, now FROM inputs ORDER BY id LIMIT ?) WHERE now < ?)`;

export function saveInput(sql: Sql, input: InputRow): void {
  sql.run(SAVE, input.step, input.now, input.revision, input.what);
}

export function expireInputs(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, limit, before);
}
