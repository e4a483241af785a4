import type { Sql } from '../../lib/sqlite.ts';
import type { Delivery } from '../../model/delivery.ts';
import { mentionOf, parseDelivery, type DeliveryRow } from '../delivery-row.ts';

/** The newest deliveries of a group that are looked at: a notification is long, and each look reads one. */
const SCAN = 50;
const FIND = `SELECT d.* FROM (SELECT * FROM deliveries
    WHERE group_seq = (SELECT seq FROM groups WHERE id = ?) AND status = 'delivered' ORDER BY seq DESC LIMIT ${SCAN}) d
  JOIN notifications n ON n.id = d.notification_id WHERE instr(n.document, ?) > 0 ORDER BY d.seq DESC LIMIT ?`;

/** Newest first. */
export function findDeliveriesAbout(
  sql: Sql,
  fingerprint: string,
  groupIds: readonly string[],
  limit: number,
): readonly Delivery[] {
  return groupIds
    .flatMap((groupId) => sql.all<DeliveryRow>(FIND, groupId, mentionOf(fingerprint), limit))
    .toSorted((left, right) => right.seq - left.seq)
    .slice(0, limit)
    .map(parseDelivery);
}
