import type { Attempt, Delivery } from '../model/delivery.ts';

/** An attempt as its columns are called in both dialects. */
export interface AttemptRow {
  readonly delivery_id: string;
  readonly number: number;
  readonly started_at: number;
  readonly ended_at: number;
  readonly outcome: Attempt['outcome'];
  readonly code: string | null;
  readonly detail: string;
}

export function parseAttempt(row: AttemptRow): Attempt {
  return {
    deliveryId: row.delivery_id,
    number: row.number,
    startedAt: row.started_at,
    endedAt: row.ended_at,
    outcome: row.outcome,
    ...(row.code !== null && { code: row.code }),
    detail: row.detail,
  };
}

/** Of a delivery without rows: one that was delivered at its first attempt says all about it by itself. */
export function attemptsOf(delivery: Delivery | undefined): readonly Attempt[] {
  if (delivery?.status !== 'delivered') return [];
  const { id, dueAt, settledAt = dueAt, summary = '' } = delivery;
  return [
    {
      deliveryId: id,
      number: 1,
      startedAt: dueAt,
      endedAt: settledAt,
      outcome: 'delivered',
      detail: summary,
    },
  ];
}
