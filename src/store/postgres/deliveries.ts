import type { Delivery } from '../../model/delivery.ts';
import { json, parseDelivery, rankOf, whole, type DeliveryRow } from '../delivery-row.ts';
import { StaleDelivery, type DeliveryMove } from '../port.ts';
import { inTurns, newestInOrder } from './batch.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO deliveries
  (id, tenant, notification_id, group_id, generation, integration, origin, receiver, step, rank, status,
    attempts, created_at, due_at, deadline_at, lease_until, settled_at, fault, summary)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[], $9::int[],
    $10::int[], $11::text[], $12::int[], $13::bigint[], $14::bigint[], $15::bigint[], $16::bigint[], $17::bigint[], $18::text[],
    $19::text[])
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, due_at = excluded.due_at,
    deadline_at = excluded.deadline_at, lease_until = excluded.lease_until, settled_at = excluded.settled_at,
    fault = excluded.fault, summary = excluded.summary`;
/**
 * Locks the rows in the order of their ids and looks at the status again when it has them, so of two nodes only one wins. A lease belongs
 * to `sending`, a time of settling to what is settled; a move elsewhere clears them.
 */
const MOVE = `WITH move AS (
    SELECT m.* FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[], $7::bigint[], $8::boolean[],
      $9::bigint[], $10::text[], $11::text[])
      AS m (id, before, status, attempts, due_at, deadline_at, lease_until, is_open, settled_at, fault, summary)
    JOIN deliveries d ON d.id = m.id AND d.status = m.before ORDER BY m.id FOR NO KEY UPDATE OF d)
  UPDATE deliveries d SET status = move.status, attempts = coalesce(move.attempts, d.attempts), due_at = coalesce(move.due_at, d.due_at),
    deadline_at = coalesce(move.deadline_at, d.deadline_at), lease_until = move.lease_until,
    settled_at = CASE WHEN move.is_open THEN NULL ELSE coalesce(move.settled_at, d.settled_at) END,
    fault = coalesce(move.fault, d.fault), summary = coalesce(move.summary, d.summary)
  FROM move WHERE d.id = move.id AND d.status = move.before RETURNING d.id`;
const FIND = `SELECT d.* FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, position)
  JOIN deliveries d USING (id) ORDER BY position`;

export async function saveDeliveries(sql: Sql, deliveries: readonly Delivery[]): Promise<void> {
  const rows = newestInOrder(deliveries, ({ id }) => id);
  await sql.run(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ tenant }) => tenant),
    rows.map(({ notificationId }) => notificationId),
    rows.map(({ groupId }) => groupId),
    rows.map(({ generation }) => generation),
    rows.map(({ integration }) => integration),
    rows.map(({ origin }) => origin),
    rows.map(({ receiver }) => receiver),
    rows.map(({ step }) => step),
    rows.map(({ priority }) => rankOf(priority)),
    rows.map(({ status }) => status),
    rows.map(({ attempts }) => attempts),
    rows.map(({ createdAt }) => createdAt),
    rows.map(({ dueAt }) => whole(dueAt)),
    rows.map(({ deadlineAt }) => whole(deadlineAt)),
    rows.map(({ leaseUntil }) => whole(leaseUntil)),
    rows.map(({ settledAt }) => settledAt ?? null),
    rows.map(({ fault }) => json(fault)),
    rows.map(({ summary }) => summary ?? null),
  );
}

/** Resolves with the ids of those that were not where their move starts; rejects when one of these is required. */
export async function moveDeliveries(sql: Sql, moves: readonly DeliveryMove[]): Promise<readonly string[]> {
  const lost = await Promise.all(inTurns(moves, ({ id }) => id).map((turn) => moveTurn(sql, turn)));
  return lost.flat();
}

async function moveTurn(sql: Sql, moves: readonly DeliveryMove[]): Promise<readonly string[]> {
  const rows = await sql.all<{ id: string }>(
    MOVE,
    moves.map(({ id }) => id),
    moves.map(({ from }) => from),
    moves.map(({ to }) => to),
    moves.map(({ attempts }) => attempts ?? null),
    moves.map(({ dueAt }) => whole(dueAt)),
    moves.map(({ deadlineAt }) => whole(deadlineAt)),
    moves.map(({ to, leaseUntil }) => (to === 'sending' ? whole(leaseUntil) : null)),
    moves.map(({ to }) => to === 'pending' || to === 'sending'),
    moves.map(({ settledAt }) => settledAt ?? null),
    moves.map(({ fault }) => json(fault)),
    moves.map(({ summary }) => summary ?? null),
  );
  const moved = new Set(rows.map(({ id }) => id));
  const lost = moves.filter(({ id }) => !moved.has(id));
  const needed = lost.find(({ required }) => required);
  if (needed) throw new StaleDelivery(`The delivery ${needed.id} was moved by somebody else`);
  return lost.map(({ id }) => id);
}

export async function findDelivery(sql: Sql, id: string): Promise<Delivery | undefined> {
  return (await findDeliveries(sql, [id]))[0];
}

export async function findDeliveries(sql: Sql, ids: readonly string[]): Promise<readonly Delivery[]> {
  return (await sql.all<DeliveryRow>(FIND, ids)).map(parseDelivery);
}
