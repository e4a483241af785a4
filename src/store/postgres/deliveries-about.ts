import type { Delivery } from '../../model/delivery.ts';
import { mentionOf, parseDelivery, type DeliveryRow } from '../delivery-row.ts';
import type { Sql } from './sql.ts';

/** The newest deliveries of a group that are looked at: a notification is long, and each look reads one. */
const SCAN = 50;
const FIND = `SELECT d.* FROM unnest($1::text[]) AS wanted (id)
  CROSS JOIN LATERAL (SELECT * FROM deliveries WHERE group_id = wanted.id AND status = 'delivered' ORDER BY seq DESC LIMIT ${SCAN}) d
  JOIN notifications n ON n.group_id = d.group_id AND n.generation = d.generation AND n.id = d.notification_id
  WHERE position($2 IN n.document) > 0 ORDER BY d.seq DESC LIMIT $3`;

/** Newest first. */
export async function findDeliveriesAbout(
  sql: Sql,
  fingerprint: string,
  groupIds: readonly string[],
  limit: number,
): Promise<readonly Delivery[]> {
  const rows = await sql.all<DeliveryRow>(FIND, [...groupIds], mentionOf(fingerprint), limit);
  return rows.map(parseDelivery);
}
