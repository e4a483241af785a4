import type { Sql } from '../../lib/sqlite.ts';
import type { Delivery, DeliveryStatus } from '../../model/delivery.ts';
import { decodeCursor } from '../cursor.ts';
import type { DeliveryQuery, Page } from '../reader.ts';
import { parseDelivery, rankOf, type DeliveryRow } from '../delivery-row.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const NEWEST_FIRST = 'seq < ? ORDER BY seq DESC LIMIT ?';
const LIST = `SELECT * FROM deliveries WHERE ${NEWEST_FIRST}`;
const LIST_OF_NOTIFICATION = `SELECT * FROM deliveries WHERE notification_id = ?
  AND (group_seq, generation) = (SELECT g.seq, n.generation FROM notifications n CROSS JOIN groups g ON g.id = n.group_id WHERE n.id = ?) AND ${NEWEST_FIRST}`;
const LIST_OF_GROUP = `SELECT * FROM deliveries WHERE group_seq = (SELECT seq FROM groups WHERE id = ?) AND ${NEWEST_FIRST}`;
/** What needs a person is rare among the rest, so it has an index of its own. */
const LIST_TROUBLED = `SELECT * FROM deliveries WHERE status IN ('dead', 'unknown', 'discarded')
  AND status = ? AND ${NEWEST_FIRST}`;
const TROUBLED: ReadonlySet<DeliveryStatus> = new Set(['dead', 'unknown', 'discarded']);

/** Newest first. */
export function listDeliveries(sql: Sql, query: DeliveryQuery): Page<Delivery> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  return scanPage(
    search(sql, query, seq),
    query.limit,
    (row) => (isWanted(row, query) ? parseDelivery(row) : undefined),
    (row) => [row.seq],
  );
}

/** Reads along the narrowest index that the query allows; the rest of the filter looks at rows. */
function search(sql: Sql, query: DeliveryQuery, seq: number): Iterable<DeliveryRow> {
  const { notificationId, groupId, status } = query;
  if (notificationId !== undefined) {
    return sql.each(LIST_OF_NOTIFICATION, notificationId, notificationId, seq, SCAN_LIMIT);
  }
  if (groupId !== undefined) return sql.each(LIST_OF_GROUP, groupId, seq, SCAN_LIMIT);
  if (status?.length === 1 && TROUBLED.has(status[0]!))
    return sql.each(LIST_TROUBLED, status[0]!, seq, SCAN_LIMIT);
  return sql.each(LIST, seq, SCAN_LIMIT);
}

function isWanted(row: DeliveryRow, query: DeliveryQuery): boolean {
  return (
    (query.status === undefined || query.status.includes(row.status)) &&
    (query.integration === undefined || row.integration === query.integration) &&
    (query.receiver === undefined || row.receiver === query.receiver) &&
    (query.priority === undefined || row.rank === rankOf(query.priority))
  );
}
