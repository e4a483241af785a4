import type { Attempt } from '../../model/delivery.ts';
import { attemptsOf, parseAttempt, type AttemptRow } from '../attempt-row.ts';
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

/** First to last; no delivery is tried a thousand times before its deadline. */
export async function findAttempts(sql: Sql, deliveryId: string): Promise<readonly Attempt[]> {
  const rows = await sql.all<AttemptRow>(OF_DELIVERY, deliveryId);
  return rows.length > 0 ? rows.map(parseAttempt) : attemptsOf(await findDelivery(sql, deliveryId));
}
