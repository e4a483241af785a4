import type { Incident, IncidentMember } from '../../model/incident.ts';
import { parseAlert, type DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { parseIncident, parseIncidentMember, type IncidentMemberRow } from '../incident-row.ts';
import type { AlertKey, Commit, IncidentAlert, Membership } from '../port.ts';
import type { Page, PageQuery } from '../reader.ts';
import { newestInOrder } from './batch.ts';
import { scanPage } from './page.ts';
import type { Sql } from './sql.ts';

const SAVE = `INSERT INTO incident_members (incident_id, tenant, fingerprint, status, joined_at)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[])
  ON CONFLICT (incident_id, fingerprint) DO UPDATE SET status = excluded.status`;
/** An alert that both have fires when it fires in one of them. */
const TAKE_OVER = `INSERT INTO incident_members (incident_id, tenant, fingerprint, status, joined_at)
  SELECT $2::text, tenant, fingerprint, status, joined_at FROM incident_members WHERE incident_id = $1 ORDER BY fingerprint
  ON CONFLICT (incident_id, fingerprint) DO UPDATE SET status = least(incident_members.status, excluded.status)`;
const LEAVE = 'DELETE FROM incident_members WHERE incident_id = $1';
const LIVE = `SELECT found.* FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS wanted (tenant, fingerprint, position)
  CROSS JOIN LATERAL (
    SELECT m.*, i.document, i.seq AS age FROM incident_members m JOIN incidents i ON i.id = m.incident_id
    WHERE m.tenant = wanted.tenant AND m.fingerprint = wanted.fingerprint AND i.status <> 'closed' ORDER BY i.seq DESC LIMIT 8) found
  ORDER BY wanted.position, found.age DESC`;
const LIST = `SELECT m.*, a.document FROM incident_members m
  LEFT JOIN alerts a ON a.tenant = m.tenant AND a.fingerprint = m.fingerprint
  WHERE m.incident_id = $1 AND m.seq < $2 ORDER BY m.seq DESC LIMIT $3`;
const HOLDING = `SELECT i.document FROM incident_members m JOIN incidents i ON i.id = m.incident_id
  WHERE m.tenant = $1 AND m.fingerprint = $2 ORDER BY i.seq DESC LIMIT $3`;

export async function saveIncidentMembers(sql: Sql, members: readonly IncidentMember[]): Promise<void> {
  const rows = newestInOrder(members, ({ incidentId, fingerprint }) => `${incidentId}\0${fingerprint}`);
  await sql.run(
    SAVE,
    rows.map(({ incidentId }) => incidentId),
    rows.map(({ tenant }) => tenant),
    rows.map(({ fingerprint }) => fingerprint),
    rows.map(({ status }) => status),
    rows.map(({ joinedAt }) => joinedAt),
  );
}

/** One after the other, because what one brings the next may take further. */
export async function moveIncidentMembers(
  sql: Sql,
  merges: NonNullable<Commit['incidentMerges']>,
): Promise<void> {
  await Promise.all(merges.flatMap(({ from, to }) => [sql.run(TAKE_OVER, from, to), sql.run(LEAVE, from)]));
}

export async function findMemberships(sql: Sql, keys: readonly AlertKey[]): Promise<readonly Membership[]> {
  const rows = await sql.all<IncidentMemberRow & DocumentRow>(
    LIVE,
    keys.map(({ tenant }) => tenant),
    keys.map(({ fingerprint }) => fingerprint),
  );
  return rows.map((row) => ({ member: parseIncidentMember(row), incident: parseIncident(row) }));
}

/** Newest member first. */
export async function listIncidentAlerts(
  sql: Sql,
  id: string,
  query: PageQuery,
): Promise<Page<IncidentAlert>> {
  return scanPage<IncidentMemberRow & { document: string | null }, IncidentAlert>({
    limit: query.limit,
    start: decodeCursor(query.cursor, 1),
    read: ([seq], count) => sql.all(LIST, id, seq!, count),
    pick: (row) => {
      const member = parseIncidentMember(row);
      return row.document === null ? { member } : { member, alert: parseAlert({ document: row.document }) };
    },
    keysOf: (row) => [row.seq],
  });
}

export async function findIncidentsOf(
  sql: Sql,
  tenant: string,
  fingerprint: string,
  limit: number,
): Promise<readonly Incident[]> {
  return (await sql.all<DocumentRow>(HOLDING, tenant, fingerprint, limit)).map(parseIncident);
}
