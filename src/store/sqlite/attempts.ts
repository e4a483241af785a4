import type { Sql } from '../../lib/sqlite.ts';
import type { Attempt } from '../../model/delivery.ts';
import { attemptsOf, parseAttempt, type AttemptRow } from '../attempt-row.ts';
import { findDelivery } from './deliveries.ts';

const SAVE = `INSERT INTO attempts (delivery_id, number, started_at, ended_at, outcome, code, detail)
  VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (delivery_id, number) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome,
    code = excluded.code, detail = excluded.detail`;
const OF_DELIVERY = 'SELECT * FROM attempts WHERE delivery_id = ? ORDER BY number LIMIT 1000';

export function saveAttempt(sql: Sql, attempt: Attempt): void {
  sql.run(
    SAVE,
    attempt.deliveryId,
    attempt.number,
    attempt.startedAt,
    attempt.endedAt,
    attempt.outcome,
    attempt.code ?? null,
    attempt.detail,
  );
}

/** First to last; no delivery is tried a thousand times before its deadline. */
export function findAttempts(sql: Sql, deliveryId: string): readonly Attempt[] {
  const rows = sql.all<AttemptRow>(OF_DELIVERY, deliveryId);
  return rows.length > 0 ? rows.map(parseAttempt) : attemptsOf(findDelivery(sql, deliveryId));
}
