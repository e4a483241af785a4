import type { AlertStatus } from '@signalbox/sdk';
import type { Sql } from '../../lib/sqlite.ts';
import type { Alert } from '../../model/alert.ts';
import { parseAlert, pickAlert, type AlertListRow, type DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { AlertKey } from '../port.ts';
import type { AlertQuery, Page } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const SAVE = `INSERT INTO alerts
  (tenant, fingerprint, partition, status, severity, integration, starts_at, ends_at, due_at, changed_at, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (tenant, fingerprint) DO UPDATE SET partition = excluded.partition, status = excluded.status, severity = excluded.severity,
    integration = excluded.integration, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    due_at = excluded.due_at, changed_at = excluded.changed_at, document = excluded.document`;
const FIND = 'SELECT document FROM alerts WHERE tenant = ? AND fingerprint = ?';
/** Without the hint the planner takes the other index and reads every firing alert. */
const EXPIRED = `SELECT document FROM alerts INDEXED BY alerts_expiring WHERE status = 'firing' AND ends_at IS NOT NULL AND ends_at <= ?1
    AND (?2 IS NULL OR partition IN (SELECT value FROM json_each(?2)))
  ORDER BY ends_at LIMIT ?3`;
const NEXT_EXPIRY = `SELECT min(ends_at) AS at FROM alerts INDEXED BY alerts_expiring
  WHERE status = 'firing' AND ends_at IS NOT NULL AND (?1 IS NULL OR partition IN (SELECT value FROM json_each(?1)))`;
const DUE = `SELECT document FROM alerts INDEXED BY alerts_due WHERE status = 'firing' AND due_at IS NOT NULL AND due_at <= ?1
    AND (?2 IS NULL OR partition IN (SELECT value FROM json_each(?2)))
  ORDER BY due_at LIMIT ?3`;
const NEXT_DUE = `SELECT min(due_at) AS at FROM alerts INDEXED BY alerts_due
  WHERE status = 'firing' AND due_at IS NOT NULL AND (?1 IS NULL OR partition IN (SELECT value FROM json_each(?1)))`;
const LISTED = `SELECT seq, changed_at, tenant, severity, integration, document FROM alerts
  WHERE status = ? AND (changed_at, seq) < (?, ?)`;
const NEWEST_FIRST = 'ORDER BY changed_at DESC, seq DESC LIMIT ?';
const LIST = `${LISTED} ${NEWEST_FIRST}`;
/** Each half comes from the index in order and the halves are merged, so nothing is sorted. */
const LIST_BOTH = `${LISTED} UNION ALL ${LISTED} ${NEWEST_FIRST}`;
const COUNT = 'SELECT status, count(*) AS count FROM alerts GROUP BY status';
const FIRING_AFTER = `SELECT document FROM alerts WHERE (tenant, fingerprint) > (?, ?) AND status = 'firing'
  ORDER BY tenant, fingerprint LIMIT ?`;
/** What went out of the firing state by itself leaves its keys behind until then. */
const EXPIRE_INHIBITORS = `DELETE FROM inhibitors WHERE (tenant, fingerprint) IN (
  SELECT tenant, fingerprint FROM alerts WHERE status = 'resolved' AND changed_at < ? ORDER BY changed_at LIMIT ?)`;
/** Retention is days and a group tells within minutes, so nothing that goes still waits to be told. */
const EXPIRE = `DELETE FROM alerts WHERE seq IN (
  SELECT seq FROM alerts WHERE status = 'resolved' AND changed_at < ? ORDER BY changed_at LIMIT ?)`;

export function saveAlert(sql: Sql, alert: Alert): void {
  sql.run(
    SAVE,
    alert.tenant,
    alert.fingerprint,
    alert.partition,
    alert.status,
    alert.severity,
    alert.integration,
    alert.startsAt,
    alert.endsAt ?? null,
    alert.dueAt ?? null,
    alert.changedAt,
    JSON.stringify(alert),
  );
}

export function findAlert(sql: Sql, tenant: string, fingerprint: string): Alert | undefined {
  const row = sql.get<DocumentRow>(FIND, tenant, fingerprint);
  return row && parseAlert(row);
}

export function findAlerts(sql: Sql, keys: readonly AlertKey[]): readonly Alert[] {
  return keys
    .map(({ tenant, fingerprint }) => findAlert(sql, tenant, fingerprint))
    .filter((alert) => alert !== undefined);
}

/** Firing alerts whose end has passed, earliest first. */
export function findExpiredAlerts(
  sql: Sql,
  now: number,
  limit: number,
  partitions?: readonly number[],
): readonly Alert[] {
  return sql.all<DocumentRow>(EXPIRED, now, jsonList(partitions), limit).map(parseAlert);
}

export function nextAlertExpiry(sql: Sql, partitions?: readonly number[]): number {
  return sql.get<{ at: number | null }>(NEXT_EXPIRY, jsonList(partitions))!.at ?? Infinity;
}

export function findFiringAfter(sql: Sql, after: AlertKey, limit: number): readonly Alert[] {
  return sql.all<DocumentRow>(FIRING_AFTER, after.tenant, after.fingerprint, limit).map(parseAlert);
}

/** Firing alerts whose lifecycle goes on by itself, earliest first. */
export function findDueAlerts(
  sql: Sql,
  now: number,
  limit: number,
  partitions?: readonly number[],
): readonly Alert[] {
  return sql.all<DocumentRow>(DUE, now, jsonList(partitions), limit).map(parseAlert);
}

export function nextAlertDue(sql: Sql, partitions?: readonly number[]): number {
  return sql.get<{ at: number | null }>(NEXT_DUE, jsonList(partitions))!.at ?? Infinity;
}

/** For `json_each`; NULL stands for all. */
export function jsonList(numbers: readonly number[] | undefined): string | null {
  return numbers === undefined ? null : JSON.stringify(numbers);
}

/** Newest change of status first. */
export function listAlerts(sql: Sql, query: AlertQuery): Page<Alert> {
  const [changedAt, seq] = decodeCursor(query.cursor, 2) as [number, number];
  const rows = query.status
    ? sql.each<AlertListRow>(LIST, query.status, changedAt, seq, SCAN_LIMIT)
    : sql.each<AlertListRow>(LIST_BOTH, 'firing', changedAt, seq, 'resolved', changedAt, seq, SCAN_LIMIT);
  return scanPage(
    rows,
    query.limit,
    (row) => pickAlert(row, query),
    (row) => [row.changed_at, row.seq],
  );
}

export function countAlerts(sql: Sql): Readonly<Record<AlertStatus, number>> {
  const counts = { firing: 0, resolved: 0 };
  for (const { status, count } of sql.all<{ status: AlertStatus; count: number }>(COUNT))
    counts[status] = count;
  return counts;
}

export function expireAlerts(sql: Sql, before: number, limit: number): number {
  sql.run(EXPIRE_INHIBITORS, before, limit);
  return sql.run(EXPIRE, before, limit);
}
