import type { Incident } from '../../model/incident.ts';
import { SCOPES, scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { parseIncident, pickIncident, wantsClosed, type IncidentListRow } from '../incident-row.ts';
import { StaleIncident } from '../port.ts';
import type { IncidentQuery, Page } from '../reader.ts';
import { inOrder } from './batch.ts';
import { scanPage } from './page.ts';
import { inTransaction, type Sql } from './sql.ts';

/** Compares and sets: a row of another version stays as it is, and is not returned. */
const SAVE = `INSERT INTO incidents (id, scope_id, scope, tenant, status, version, changed_at, closed_at, due_at, document)
  SELECT * FROM unnest($1::text[], $2::text[], $3::int[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::bigint[], $9::bigint[],
    $10::text[])
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, changed_at = excluded.changed_at,
    closed_at = excluded.closed_at, due_at = excluded.due_at, document = excluded.document
  WHERE incidents.version = excluded.version - 1 RETURNING id`;
const FIND = `SELECT i.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (id, position)
  JOIN incidents i USING (id) ORDER BY position`;
const LIVE = `SELECT i.document FROM unnest($1::text[]) WITH ORDINALITY AS wanted (scope_id, position) CROSS JOIN LATERAL (
    SELECT document, changed_at FROM incidents WHERE scope_id = wanted.scope_id AND status <> 'closed'
    ORDER BY changed_at DESC LIMIT $2) i
  ORDER BY wanted.position, i.changed_at DESC`;
/** Each scope is one stretch of the index, read no further than the limit. */
const DUE = `SELECT i.document FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
    SELECT document, due_at, seq FROM incidents WHERE scope = own.scope AND due_at <= $2 ORDER BY due_at LIMIT $3) i
  ORDER BY i.due_at, i.seq LIMIT $3`;
const NEXT_DUE = `SELECT min(i.due_at) AS at FROM unnest($1::int[]) AS own (scope) CROSS JOIN LATERAL (
  SELECT due_at FROM incidents WHERE scope = own.scope AND due_at IS NOT NULL ORDER BY due_at LIMIT 1) i`;
const LIST = 'SELECT seq, tenant, status, document FROM incidents WHERE seq < $1 ORDER BY seq DESC LIMIT $2';
const LIST_UNCLOSED = `SELECT seq, tenant, status, document FROM incidents WHERE status <> 'closed' AND seq < $1
  ORDER BY seq DESC LIMIT $2`;
const ENDED = `SELECT id FROM incidents WHERE status = 'closed' AND closed_at < $1 ORDER BY closed_at LIMIT $2
  FOR UPDATE SKIP LOCKED`;
const DELETE_MEMBERS = 'DELETE FROM incident_members WHERE incident_id = ANY ($1)';
const DELETE = 'DELETE FROM incidents WHERE id = ANY ($1)';

const ALL_SCOPES: readonly number[] = Array.from({ length: SCOPES }, (_, scope) => scope);

export async function saveIncidents(sql: Sql, incidents: readonly Incident[]): Promise<void> {
  const rows = inOrder(incidents, ({ id }) => id);
  const saved = await sql.all<{ id: string }>(
    SAVE,
    rows.map(({ id }) => id),
    rows.map(({ scopeId }) => scopeId),
    rows.map(({ scopeId }) => scopeOf(scopeId)),
    rows.map(({ tenant }) => tenant),
    rows.map(({ status }) => status),
    rows.map(({ version }) => version),
    rows.map(({ changedAt }) => changedAt),
    rows.map(({ closedAt }) => closedAt ?? null),
    rows.map(({ dueAt }) => dueAt ?? null),
    rows.map((incident) => JSON.stringify(incident)),
  );
  const known = new Set(saved.map(({ id }) => id));
  const stale = rows.find(({ id }) => !known.has(id));
  if (stale) throw new StaleIncident(`Incident ${stale.id} was changed by somebody else`);
}

export async function findIncident(sql: Sql, id: string): Promise<Incident | undefined> {
  return (await findIncidents(sql, [id]))[0];
}

export async function findIncidents(sql: Sql, ids: readonly string[]): Promise<readonly Incident[]> {
  return (await sql.all<DocumentRow>(FIND, ids)).map(parseIncident);
}

export async function findLiveIncidents(
  sql: Sql,
  scopeIds: readonly string[],
  limit: number,
): Promise<readonly Incident[]> {
  return (await sql.all<DocumentRow>(LIVE, scopeIds, limit)).map(parseIncident);
}

/** Earliest first. */
export async function findDueIncidents(
  sql: Sql,
  now: number,
  limit: number,
  scopes: readonly number[] = ALL_SCOPES,
): Promise<readonly Incident[]> {
  return (await sql.all<DocumentRow>(DUE, scopes, now, limit)).map(parseIncident);
}

export async function nextIncidentDue(sql: Sql, scopes: readonly number[] = ALL_SCOPES): Promise<number> {
  return (await sql.get<{ at: number | null }>(NEXT_DUE, scopes))!.at ?? Infinity;
}

/** Newest first. */
export async function listIncidents(sql: Sql, query: IncidentQuery): Promise<Page<Incident>> {
  return scanPage<IncidentListRow, Incident>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => sql.all(wantsClosed(query) ? LIST : LIST_UNCLOSED, seq!, count),
    pick: (row) => pickIncident(row, query),
    keysOf: (row) => [row.seq],
  });
}

export async function expireIncidents(sql: Sql, before: number, limit: number): Promise<number> {
  return inTransaction(sql, async () => {
    const ids = (await sql.all<{ id: string }>(ENDED, before, limit)).map(({ id }) => id);
    if (ids.length > 0) await Promise.all([sql.run(DELETE_MEMBERS, ids), sql.run(DELETE, ids)]);
    return ids.length;
  });
}
