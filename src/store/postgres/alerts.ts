import type { AlertStatus } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import { parseAlert, pickAlert, type AlertListRow, type DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import type { AlertKey } from '../port.ts';
import type { AlertQuery, Page } from '../reader.ts';
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO alerts
  (tenant, fingerprint, partition, status, severity, integration, starts_at, ends_at, due_at, changed_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::bigint[], $11::text[])
  ON CONFLICT (tenant, fingerprint) DO UPDATE SET partition = excluded.partition, status = excluded.status, severity = excluded.severity,
    integration = excluded.integration, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
    due_at = excluded.due_at, changed_at = excluded.changed_at, document = excluded.document`;
const FIND = `SELECT a.document FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (tenant, fingerprint, position)
  JOIN alerts a USING (tenant, fingerprint) ORDER BY position`;
/** Each partition is one stretch of the index, read no further than the limit. */
const EXPIRED = `SELECT a.document FROM unnest($1::int[]) AS own (partition) CROSS JOIN LATERAL (
    SELECT document, ends_at, seq FROM alerts
    WHERE partition = own.partition AND status = 'firing' AND ends_at IS NOT NULL AND ends_at <= $2 ORDER BY ends_at LIMIT $3) a
  ORDER BY a.ends_at, a.seq LIMIT $3`;
const NEXT_EXPIRY = `SELECT min(a.ends_at) AS at FROM unnest($1::int[]) AS own (partition) CROSS JOIN LATERAL (
  SELECT ends_at FROM alerts
  WHERE partition = own.partition AND status = 'firing' AND ends_at IS NOT NULL ORDER BY ends_at LIMIT 1) a`;
const DUE = `SELECT a.document FROM unnest($1::int[]) AS own (partition) CROSS JOIN LATERAL (
    SELECT document, due_at, seq FROM alerts
    WHERE partition = own.partition AND status = 'firing' AND due_at IS NOT NULL AND due_at <= $2 ORDER BY due_at LIMIT $3) a
  ORDER BY a.due_at, a.seq LIMIT $3`;
const NEXT_DUE = `SELECT min(a.due_at) AS at FROM unnest($1::int[]) AS own (partition) CROSS JOIN LATERAL (
  SELECT due_at FROM alerts
  WHERE partition = own.partition AND status = 'firing' AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) a`;
/** Jumps from partition to partition, so that its cost is their number and not that of the alerts. */
const partitionsWith = (column: 'ends_at' | 'due_at') => `WITH RECURSIVE found (partition) AS (
    SELECT min(partition) FROM alerts WHERE status = 'firing' AND ${column} IS NOT NULL
    UNION ALL
    SELECT (SELECT min(partition) FROM alerts WHERE status = 'firing' AND ${column} IS NOT NULL AND partition > found.partition)
    FROM found WHERE partition IS NOT NULL)
  SELECT partition FROM found WHERE partition IS NOT NULL`;
const EXPIRING_PARTITIONS = partitionsWith('ends_at');
const DUE_PARTITIONS = partitionsWith('due_at');
/** Each status comes from the index in order and the two are merged, so nothing is sorted but one page. */
const LIST = `SELECT a.* FROM unnest($1::text[]) AS wanted (status) CROSS JOIN LATERAL (
    SELECT seq, changed_at, tenant, severity, integration, document FROM alerts
    WHERE status = wanted.status AND (changed_at, seq) < ($2, $3) ORDER BY changed_at DESC, seq DESC LIMIT $4) a
  ORDER BY a.changed_at DESC, a.seq DESC LIMIT $4`;
const COUNT = 'SELECT status, count(*) AS count FROM alerts GROUP BY status';
const FIRING_AFTER = `SELECT document FROM alerts WHERE (tenant, fingerprint) > ($1, $2) AND status = 'firing'
  ORDER BY tenant, fingerprint LIMIT $3`;
/** What went out of the firing state by itself leaves its keys behind until then. */
const EXPIRE_INHIBITORS = `DELETE FROM inhibitors WHERE (tenant, fingerprint) IN (
  SELECT tenant, fingerprint FROM alerts WHERE status = 'resolved' AND changed_at < $1 ORDER BY changed_at LIMIT $2)`;
/** Retention is days and a group tells within minutes, so nothing that goes still waits to be told. */
const EXPIRE = `DELETE FROM alerts WHERE (tenant, fingerprint) IN (
  SELECT tenant, fingerprint FROM alerts WHERE status = 'resolved' AND changed_at < $1
  ORDER BY changed_at LIMIT $2 FOR UPDATE SKIP LOCKED)`;

const BOTH: readonly AlertStatus[] = ['firing', 'resolved'];

export async function saveAlerts(sql: Sql, alerts: readonly Alert[]): Promise<void> {
  const rows = newestInOrder(alerts, ({ tenant, fingerprint }) => `${tenant}\0${fingerprint}`);
  await sql.run(
    SAVE,
    rows.map(({ tenant }) => tenant),
    rows.map(({ fingerprint }) => fingerprint),
    rows.map(({ partition }) => partition),
    rows.map(({ status }) => status),
    rows.map(({ severity }) => severity),
    rows.map(({ integration }) => integration),
    rows.map(({ startsAt }) => startsAt),
    rows.map(({ endsAt }) => endsAt ?? null),
    rows.map(({ dueAt }) => dueAt ?? null),
    rows.map(({ changedAt }) => changedAt),
    rows.map((alert) => JSON.stringify(alert)),
  );
}

export async function findAlert(sql: Sql, tenant: string, fingerprint: string): Promise<Alert | undefined> {
  return (await findAlerts(sql, [{ tenant, fingerprint }]))[0];
}

export async function findAlerts(sql: Sql, keys: readonly AlertKey[]): Promise<readonly Alert[]> {
  const rows = await sql.all<DocumentRow>(
    FIND,
    keys.map(({ tenant }) => tenant),
    keys.map(({ fingerprint }) => fingerprint),
  );
  return rows.map(parseAlert);
}

export async function findFiringAfter(sql: Sql, after: AlertKey, limit: number): Promise<readonly Alert[]> {
  return (await sql.all<DocumentRow>(FIRING_AFTER, after.tenant, after.fingerprint, limit)).map(parseAlert);
}

/** Firing alerts whose end has passed, earliest first. */
export async function findExpiredAlerts(
  sql: Sql,
  now: number,
  limit: number,
  partitions?: readonly number[],
): Promise<readonly Alert[]> {
  const own = partitions ?? (await listPartitions(sql, EXPIRING_PARTITIONS));
  return (await sql.all<DocumentRow>(EXPIRED, own, now, limit)).map(parseAlert);
}

export async function nextAlertExpiry(sql: Sql, partitions?: readonly number[]): Promise<number> {
  const own = partitions ?? (await listPartitions(sql, EXPIRING_PARTITIONS));
  return (await sql.get<{ at: number | null }>(NEXT_EXPIRY, own))!.at ?? Infinity;
}

/** Firing alerts whose lifecycle goes on by itself, earliest first. */
export async function findDueAlerts(
  sql: Sql,
  now: number,
  limit: number,
  partitions?: readonly number[],
): Promise<readonly Alert[]> {
  const own = partitions ?? (await listPartitions(sql, DUE_PARTITIONS));
  return (await sql.all<DocumentRow>(DUE, own, now, limit)).map(parseAlert);
}

export async function nextAlertDue(sql: Sql, partitions?: readonly number[]): Promise<number> {
  const own = partitions ?? (await listPartitions(sql, DUE_PARTITIONS));
  return (await sql.get<{ at: number | null }>(NEXT_DUE, own))!.at ?? Infinity;
}

/** Newest change of status first. */
export async function listAlerts(sql: Sql, query: AlertQuery): Promise<Page<Alert>> {
  return scanPage<AlertListRow, Alert>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 2),
    read: ([changedAt, seq], count) =>
      sql.all(LIST, query.status ? [query.status] : BOTH, changedAt!, seq!, count),
    pick: (row) => pickAlert(row, query),
    keysOf: (row) => [row.changed_at, row.seq],
  });
}

export async function countAlerts(sql: Sql): Promise<Readonly<Record<AlertStatus, number>>> {
  const counts = { firing: 0, resolved: 0 };
  for (const { status, count } of await sql.all<{ status: AlertStatus; count: number }>(COUNT))
    counts[status] = count;
  return counts;
}

export async function expireAlerts(sql: Sql, before: number, limit: number): Promise<number> {
  const [, gone] = await Promise.all([
    sql.run(EXPIRE_INHIBITORS, before, limit),
    sql.run(EXPIRE, before, limit),
  ]);
  return gone;
}

async function listPartitions(sql: Sql, query: string): Promise<readonly number[]> {
  return (await sql.all<{ partition: number }>(query)).map(({ partition }) => partition);
}
