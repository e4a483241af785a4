import type { Attempt } from '../../model/delivery.ts';
import { newestInOrder } from './batch.ts';
import { findDelivery } from './deliveries.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO attempts (delivery_id, number, started_at, ended_at, outcome, code, detail)
  SELECT * FROM unnest($1::text[], $2::int[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
  ON CONFLICT (delivery_id, number) DO UPDATE SET ended_at = excluded.ended_at, outcome = excluded.outcome,
    code = excluded.code, detail = excluded.detail`;
const OF_DELIVERY = 'SELECT * FROM attempts WHERE delivery_id = $1 ORDER BY number LIMIT 1000';

export async function saveAttempts(sql: Sql, attempts: readonly Attempt[]): Promise<void> {
  const rows = newestInOrder(attempts, ({ deliveryId, number }) => `${deliveryId}\0${number}`);
  await sql.run(
    SAVE,
    rows.map(({ deliveryId }) => deliveryId),
    rows.map(({ number }) => number),
    rows.map(({ startedAt }) => startedAt),
    rows.map(({ endedAt }) => endedAt),
    rows.map(({ outcome }) => outcome),
    rows.map(({ code }) => code ?? null),
    rows.map(({ detail }) => detail),
  );
}

/**
 * First to last; no delivery is tried a thousand times before its deadline. One that was delivered at its first attempt has no row: the
 * delivery itself says all about it.
 */
export async function findAttempts(sql: Sql, deliveryId: string): Promise<readonly Attempt[]> {
  const rows = await sql.all<Row>(OF_DELIVERY, deliveryId);
  const delivery = rows.length === 0 ? await findDelivery(sql, deliveryId) : undefined;
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
