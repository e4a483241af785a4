import type { CorrelationWake } from '../../model/incident.ts';
import { scopeOf } from '../../model/scope.ts';
import type { CorrelationWakeRow } from '../port.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO correlation_wakes (scope_id, scope, tenant, rule, fingerprint)
  SELECT scope_id, scope, tenant, rule, fingerprint
  FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
    AS wake (scope_id, scope, tenant, rule, fingerprint, position) ORDER BY position`;
const OLDEST = 'SELECT * FROM correlation_wakes ORDER BY id LIMIT $1';
const OLDEST_OF_SCOPES = `SELECT w.* FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT * FROM correlation_wakes WHERE scope = own.scope ORDER BY id LIMIT $2) w
  ORDER BY w.id LIMIT $2`;
const DONE = 'DELETE FROM correlation_wakes WHERE id = ANY ($1)';

export async function saveCorrelationWakes(sql: Sql, wakes: readonly CorrelationWake[]): Promise<void> {
  await sql.run(
    SAVE,
    wakes.map(({ scopeId }) => scopeId),
    wakes.map(({ scopeId }) => scopeOf(scopeId)),
    wakes.map(({ tenant }) => tenant),
    wakes.map(({ rule }) => rule),
    wakes.map(({ fingerprint }) => fingerprint),
  );
}

export async function readCorrelationWakes(
  sql: Sql,
  limit: number,
  scopes?: readonly number[],
): Promise<readonly CorrelationWakeRow[]> {
  const rows = scopes
    ? await sql.all<Row>(OLDEST_OF_SCOPES, scopes, limit)
    : await sql.all<Row>(OLDEST, limit);
  return rows.map(({ id, scope_id: scopeId, tenant, rule, fingerprint }) => ({
    id,
    scopeId,
    tenant,
    rule,
    fingerprint,
  }));
}

export async function deleteCorrelationWakes(sql: Sql, ids: readonly number[]): Promise<void> {
  await sql.run(DONE, ids);
}

interface Row extends Omit<CorrelationWakeRow, 'scopeId'> {
  readonly scope_id: string;
}
