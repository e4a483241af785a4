import type { Sql } from '../../lib/sqlite.ts';
import type { Notification } from '../../model/delivery.ts';
import { notificationText, readNotification } from '../../model/notification-text.ts';
import { decodeCursor } from '../cursor.ts';
import type { Page, StoreReader } from '../reader.ts';
import type { DocumentRow } from '../alert-row.ts';
import { forgetGroups } from './groups.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

/** A notification never changes, so a repeat is nothing new. */
const SAVE = `INSERT INTO notifications (id, group_id, generation, receiver, created_at, document)
  VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`;
const FIND = 'SELECT document FROM notifications WHERE id = ?';
const LIST = 'SELECT seq, receiver, document FROM notifications WHERE seq < ? ORDER BY seq DESC LIMIT ?';
const LIST_OF_GROUP = `SELECT seq, receiver, document FROM notifications
  WHERE id IN (SELECT notification_id FROM deliveries WHERE group_seq = (SELECT seq FROM groups WHERE id = ?))
    AND seq < ? ORDER BY seq DESC LIMIT ?`;

/** Looks a few batches far from the oldest on: those that still have an open delivery are rare and young. */
const ENDED = `SELECT id, group_id, generation FROM (SELECT * FROM notifications ORDER BY seq LIMIT ?) n
  WHERE created_at < ? AND NOT EXISTS (SELECT 1 FROM deliveries d
    WHERE d.group_seq = (SELECT seq FROM groups WHERE id = n.group_id) AND d.generation = n.generation AND d.notification_id = n.id
      AND (d.status IN ('pending', 'sending') OR coalesce(d.settled_at, 0) >= ?))
  LIMIT ?`;
const SCAN_FACTOR = 4;
const OF_NOTIFICATION = `FROM deliveries
  WHERE group_seq = (SELECT seq FROM groups WHERE id = ?) AND generation = ? AND notification_id = ?`;
const DELETE_ATTEMPTS = `DELETE FROM attempts WHERE delivery_id IN (SELECT id ${OF_NOTIFICATION})`;
const DELETE_DELIVERIES = `DELETE ${OF_NOTIFICATION}`;
const DELETE = 'DELETE FROM notifications WHERE id = ?';

export function saveNotification(sql: Sql, notification: Notification): void {
  sql.run(
    SAVE,
    notification.id,
    notification.groupId,
    notification.generation,
    notification.receiver,
    Date.parse(notification.createdAt),
    notificationText(notification),
  );
}

export function findNotification(sql: Sql, id: string): Notification | undefined {
  const row = sql.get<DocumentRow>(FIND, id);
  return row && readNotification(row.document);
}

export function findNotifications(sql: Sql, ids: readonly string[]): readonly Notification[] {
  return ids.map((id) => findNotification(sql, id)).filter((found) => found !== undefined);
}

/** Newest first. */
export function listNotifications(
  sql: Sql,
  query: Parameters<StoreReader['notifications']>[0],
): Page<Notification> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  const rows =
    query.groupId === undefined
      ? sql.each<ListRow>(LIST, seq, SCAN_LIMIT)
      : sql.each<ListRow>(LIST_OF_GROUP, query.groupId, seq, SCAN_LIMIT);
  return scanPage(
    rows,
    query.limit,
    (row) =>
      query.receiver === undefined || row.receiver === query.receiver
        ? readNotification(row.document)
        : undefined,
    (row) => [row.seq],
  );
}

/** A notification goes with its deliveries and their attempts, once all of them were settled before `before`. */
export function expireNotifications(sql: Sql, before: number, limit: number): number {
  return sql.transaction(() => {
    const ended = sql.all<{ id: string; group_id: string; generation: number }>(
      ENDED,
      limit * SCAN_FACTOR,
      before,
      before,
      limit,
    );
    for (const { id, group_id, generation } of ended) {
      sql.run(DELETE_ATTEMPTS, group_id, generation, id);
      sql.run(DELETE_DELIVERIES, group_id, generation, id);
      sql.run(DELETE, id);
    }
    forgetGroups(sql, limit * SCAN_FACTOR);
    return ended.length;
  });
}

interface ListRow extends DocumentRow {
  readonly seq: number;
  readonly receiver: string;
}
