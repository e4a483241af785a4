import type { Wake } from '../../model/group.ts';
import { scopeOf } from '../../model/scope.ts';
import type { InboxRow } from '../port.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO inbox (group_id, scope, tenant, route_key, labels, fingerprint, status, starts_at)
  SELECT group_id, scope, tenant, route_key, labels, fingerprint, status, starts_at
  FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[]) WITH ORDINALITY
    AS wake (group_id, scope, tenant, route_key, labels, fingerprint, status, starts_at, position) ORDER BY position`;
const OLDEST = 'SELECT * FROM inbox ORDER BY id LIMIT $1';
/** Each scope is one stretch of the index, so rows of a scope that has no owner cost the others nothing. */
const OLDEST_OF_SCOPES = `SELECT i.* FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT * FROM inbox WHERE scope = own.scope ORDER BY id LIMIT $2) i
  ORDER BY i.id LIMIT $2`;
const DONE = 'DELETE FROM inbox WHERE id = ANY ($1)';

export async function saveWakes(sql: Sql, wakes: readonly Wake[]): Promise<void> {
  await sql.run(
    SAVE,
    wakes.map(({ groupId }) => groupId),
    wakes.map(({ groupId }) => scopeOf(groupId)),
    wakes.map(({ tenant }) => tenant),
    wakes.map(({ routeKey }) => routeKey),
    wakes.map(({ labels }) => JSON.stringify(labels)),
    wakes.map(({ fingerprint }) => fingerprint),
    wakes.map(({ status }) => status),
    wakes.map(({ startsAt }) => startsAt),
  );
}

export async function readInbox(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): Promise<readonly InboxRow[]> {
  const rows = scopes
    ? await sql.all<Row>(OLDEST_OF_SCOPES, scopes, limit)
    : await sql.all<Row>(OLDEST, limit);
  return rows.map((row) => ({
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

export async function deleteInboxRows(sql: Sql, ids: readonly number[]): Promise<void> {
  await sql.run(DONE, ids);
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
