import type { Sql } from '../../lib/sqlite.ts';
import type { Attempt } from '../../model/delivery.ts';
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

/**
 * First to last; no delivery is tried a thousand times before its deadline. One that was delivered at its first attempt has no row: the
 * delivery itself says all about it.
 */
export function findAttempts(sql: Sql, deliveryId: string): readonly Attempt[] {
  const rows = sql.all<Row>(OF_DELIVERY, deliveryId);
  const delivery = rows.length === 0 ? findDelivery(sql, deliveryId) : undefined;
  if (delivery?.status === 'delivered') {
    const { dueAt, settledAt = dueAt, summary = '' } = delivery;
    return [
      { deliveryId, number: 1, startedAt: dueAt, endedAt: settledAt, outcome: 'delivered', detail: summary },
    ];
  }
  return rows.map((row) => ({
    deliveryId: row.delivery_id,
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    ...(row.code !== null && { code: row.code }),
    detail: row.detail,
  }));
}

interface Row {
  readonly delivery_id: string;
  readonly number: number;
  readonly started_at: number;
  readonly ended_at: number;
  readonly outcome: Attempt['outcome'];
  readonly code: string | null;
  readonly detail: string;
}
