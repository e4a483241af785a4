import type { Sql } from '../../lib/sqlite.ts';
import type { Wake } from '../../model/group.ts';
import { scopeOf } from '../../model/scope.ts';
import type { InboxRow } from '../port.ts';
import { jsonList } from './alerts.ts';

const SAVE = `INSERT INTO inbox (group_id, scope, tenant, route_key, labels, fingerprint, status, starts_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
const OLDEST = `SELECT * FROM inbox WHERE ?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)) ORDER BY id LIMIT ?2`;
const DONE = 'DELETE FROM inbox WHERE id = ?';

export function saveWake(sql: Sql, wake: Wake): void {
  sql.run(
    SAVE,
    wake.groupId,
    scopeOf(wake.groupId),
    wake.tenant,
    wake.routeKey,
    JSON.stringify(wake.labels),
    wake.fingerprint,
    wake.status,
    wake.startsAt,
  );
}

export function readInbox(sql: Sql, limit: number, scopes?: readonly number[]): readonly InboxRow[] {
  return sql.all<Row>(OLDEST, jsonList(scopes), limit).map((row) => ({
    id: row.id,
    groupId: row.group_id,
    tenant: row.tenant,
    routeKey: row.route_key,
    labels: JSON.parse(row.labels) as InboxRow['labels'],
    fingerprint: row.fingerprint,
    status: row.status,
    startsAt: row.starts_at,
  }));
}

export function deleteInboxRow(sql: Sql, id: number): void {
  sql.run(DONE, id);
}

interface Row {
  readonly id: number;
  readonly group_id: string;
  readonly tenant: string;
  readonly route_key: string;
  readonly labels: string;
  readonly fingerprint: string;
  readonly status: InboxRow['status'];
  readonly starts_at: number;
}
