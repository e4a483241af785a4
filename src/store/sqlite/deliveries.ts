import type { Sql } from '../../lib/sqlite.ts';
import type { Delivery } from '../../model/delivery.ts';
import { json, parseDelivery, rankOf, whole, type DeliveryRow } from '../delivery-row.ts';
import { StaleDelivery, type DeliveryMove } from '../port.ts';
import { groupSeqOf } from './groups.ts';

const SAVE = `INSERT INTO deliveries
  (id, tenant, notification_id, group_id, group_seq, generation, integration, origin, receiver, step, rank, status,
    attempts, created_at, due_at, deadline_at, lease_until, settled_at, fault, summary)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, attempts = excluded.attempts, due_at = excluded.due_at,
    deadline_at = excluded.deadline_at, lease_until = excluded.lease_until, settled_at = excluded.settled_at,
    fault = excluded.fault, summary = excluded.summary`;
/** A lease belongs to `sending`, a time of settling to what is settled; a move elsewhere clears them. */
const MOVE = `UPDATE deliveries SET status = ?, attempts = coalesce(?, attempts), due_at = coalesce(?, due_at),
  deadline_at = coalesce(?, deadline_at), lease_until = ?, settled_at = CASE WHEN ? THEN NULL ELSE coalesce(?, settled_at) END,
  fault = coalesce(?, fault), summary = coalesce(?, summary) WHERE id = ? AND status = ?`;
const FIND = 'SELECT * FROM deliveries WHERE id = ?';

export function saveDelivery(sql: Sql, delivery: Delivery): void {
  sql.run(
    SAVE,
    delivery.id,
    delivery.tenant,
    delivery.notificationId,
    delivery.groupId,
    groupSeqOf(sql, delivery.groupId, delivery.tenant),
    delivery.generation,
    delivery.integration,
    delivery.origin,
    delivery.receiver,
    delivery.step,
    rankOf(delivery.priority),
    delivery.status,
    delivery.attempts,
    delivery.createdAt,
    whole(delivery.dueAt),
    whole(delivery.deadlineAt),
    whole(delivery.leaseUntil),
    delivery.settledAt ?? null,
    json(delivery.fault),
    delivery.summary ?? null,
  );
}

/** Whether the delivery was still where the move starts; when that is required, it throws where it was not. */
export function moveDelivery(sql: Sql, move: DeliveryMove): boolean {
  const isOpen = move.to === 'pending' || move.to === 'sending';
  const moved = sql.run(
    MOVE,
    move.to,
    move.attempts ?? null,
    whole(move.dueAt),
    whole(move.deadlineAt),
    move.to === 'sending' ? whole(move.leaseUntil) : null,
    isOpen ? 1 : 0,
    move.settledAt ?? null,
    json(move.fault),
    move.summary ?? null,
    move.id,
    move.from,
  );
  if (moved === 0 && move.required)
    throw new StaleDelivery(`The delivery ${move.id} was moved by somebody else`);
  return moved === 1;
}

export function findDelivery(sql: Sql, id: string): Delivery | undefined {
  const row = sql.get<DeliveryRow>(FIND, id);
  return row && parseDelivery(row);
}

export function findDeliveries(sql: Sql, ids: readonly string[]): readonly Delivery[] {
  return ids.map((id) => findDelivery(sql, id)).filter((found) => found !== undefined);
}
