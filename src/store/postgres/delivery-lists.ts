import type { Delivery, DeliveryStatus } from '../../model/delivery.ts';
import { decodeCursor } from '../cursor.ts';
import type { DeliveryQuery, Page } from '../reader.ts';
import { parseDelivery, rankOf, type DeliveryRow } from '../delivery-row.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const NEWEST_FIRST = 'd.seq < $1 ORDER BY d.seq DESC LIMIT $2';
const LIST = `SELECT d.* FROM deliveries d WHERE ${NEWEST_FIRST}`;
/** A notification and its deliveries belong to the same generation of one group, which have an index. */
const LIST_OF_NOTIFICATION = `SELECT d.* FROM notifications n JOIN deliveries d
  ON d.group_id = n.group_id AND d.generation = n.generation AND d.notification_id = n.id WHERE n.id = $3 AND ${NEWEST_FIRST}`;
const LIST_OF_GROUP = `SELECT d.* FROM deliveries d WHERE d.group_id = $3 AND ${NEWEST_FIRST}`;
/** What needs a person is rare among the rest, so it has an index of its own. */
const LIST_TROUBLED = `SELECT d.* FROM deliveries d WHERE d.status IN ('dead', 'unknown', 'discarded')
  AND d.status = $3 AND ${NEWEST_FIRST}`;
const TROUBLED: ReadonlySet<DeliveryStatus> = new Set(['dead', 'unknown', 'discarded']);

/** Newest first. */
export async function listDeliveries(sql: Sql, query: DeliveryQuery): Promise<Page<Delivery>> {
  return scanPage<DeliveryRow, Delivery>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => search(sql, query, seq!, count),
    pick: (row) => (isWanted(row, query) ? parseDelivery(row) : undefined),
    keysOf: (row) => [row.seq],
  });
}

/** Reads along the narrowest index that the query allows; the rest of the filter looks at rows. */
function search(sql: Sql, query: DeliveryQuery, seq: number, count: number): Promise<readonly DeliveryRow[]> {
  const { notificationId, groupId, status } = query;
  if (notificationId !== undefined) return sql.all(LIST_OF_NOTIFICATION, seq, count, notificationId);
  if (groupId !== undefined) return sql.all(LIST_OF_GROUP, seq, count, groupId);
  if (status?.length === 1 && TROUBLED.has(status[0]!)) return sql.all(LIST_TROUBLED, seq, count, status[0]!);
  return sql.all(LIST, seq, count);
}

function isWanted(row: DeliveryRow, query: DeliveryQuery): boolean {
  return (
    (query.status === undefined || query.status.includes(row.status)) &&
    (query.integration === undefined || row.integration === query.integration) &&
    (query.receiver === undefined || row.receiver === query.receiver) &&
    (query.priority === undefined || row.rank === rankOf(query.priority))
  );
}
