import type { Notification } from '../../model/delivery.ts';
import { notificationText, readNotification } from '../../model/notification-text.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, StoreReader } from '../reader.ts';
import type { DocumentRow } from '../alert-row.ts';
import { inOrder } from './batch.ts';
import { scanPage } from './page.ts';
import { inTransaction, type Sql } from './sql.ts';

/** A notification never changes, so a repeat is nothing new. */
const SAVE = `INSERT INTO notifications (id, group_id, generation, receiver, created_at, document)
  SELECT id, group_id, generation, receiver, created_at, document
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::text[], $5::bigint[], $6::text[])
    AS notification (id, group_id, generation, receiver, created_at, document)
  ON CONFLICT (id) DO NOTHING`;
const FIND = `SELECT n.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, position)
  JOIN notifications n USING (id) ORDER BY position`;
const LIST = 'SELECT seq, receiver, document FROM notifications WHERE seq < $1 ORDER BY seq DESC LIMIT $2';
const LIST_OF_GROUP = `SELECT seq, receiver, document FROM notifications
  WHERE id IN (SELECT notification_id FROM deliveries WHERE group_id = $3) AND seq < $1 ORDER BY seq DESC LIMIT $2`;

/** Looks a few batches far from the oldest on: those that still have an open delivery are rare and young. */
const ENDED = `SELECT n.id FROM (SELECT * FROM notifications ORDER BY seq LIMIT $3) n
  WHERE n.created_at < $1 AND NOT EXISTS (SELECT 1 FROM deliveries d
    WHERE d.group_id = n.group_id AND d.generation = n.generation AND d.notification_id = n.id
      AND (d.status IN ('pending', 'sending') OR coalesce(d.settled_at, 0) >= $1))
  ORDER BY n.seq LIMIT $2`;
const SCAN_FACTOR = 4;
const DELETE_DELIVERIES = `DELETE FROM deliveries d USING notifications n WHERE n.id = ANY ($1)
  AND d.group_id = n.group_id AND d.generation = n.generation AND d.notification_id = n.id RETURNING d.id`;
const DELETE_ATTEMPTS = 'DELETE FROM attempts WHERE delivery_id = ANY ($1)';
const DELETE = 'DELETE FROM notifications WHERE id = ANY ($1)';

export async function saveNotifications(sql: Sql, notifications: readonly Notification[]): Promise<void> {
  const rows = inOrder(notifications, ({ id }) => id);
  await sql.run(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ groupId }) => groupId),
    rows.map(({ generation }) => generation),
    rows.map(({ receiver }) => receiver),
    rows.map(({ createdAt }) => Date.parse(createdAt)),
    rows.map(notificationText),
  );
}

export async function findNotification(sql: Sql, id: string): Promise<Notification | undefined> {
  return (await findNotifications(sql, [id]))[0];
}

export async function findNotifications(sql: Sql, ids: readonly string[]): Promise<readonly Notification[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(({ document }) => readNotification(document));
}

/** Newest first. */
export async function listNotifications(
  sql: Sql,
  query: Parameters<StoreReader['notifications']>[0],
): Promise<Page<Notification>> {
  return scanPage<ListRow, Notification>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) =>
      query.groupId === undefined
        ? sql.all(LIST, seq!, count)
        : sql.all(LIST_OF_GROUP, seq!, count, query.groupId),
    pick: (row) =>
      query.receiver === undefined || row.receiver === query.receiver
        ? readNotification(row.document)
        : undefined,
    keysOf: (row) => [row.seq],
  });
}

/** A notification goes with its deliveries and their attempts, once all of them were settled before `before`. */
export async function expireNotifications(sql: Sql, before: number, limit: number): Promise<number> {
  return inTransaction(sql, async () => {
    const ended = await sql.all<{ id: string }>(ENDED, before, limit, limit * SCAN_FACTOR);
    const ids = ended.map(({ id }) => id);
    if (ids.length === 0) return 0;
    const deliveries = await sql.all<{ id: string }>(DELETE_DELIVERIES, ids);
    const [, gone] = await Promise.all([
      sql.run(
        DELETE_ATTEMPTS,
        deliveries.map(({ id }) => id),
      ),
      sql.run(DELETE, ids),
    ]);
    return gone;
  });
}

interface ListRow extends DocumentRow {
  readonly seq: number;
  readonly receiver: string;
}
