import type { Sql } from '../../lib/sqlite.ts';
import type { Incident, IncidentMember } from '../../model/incident.ts';
import { parseAlert, type DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { parseIncident, parseIncidentMember, type IncidentMemberRow } from '../incident-row.ts';
import type { AlertKey, IncidentAlert, Membership } from '../port.ts';
import type { Page, PageQuery } from '../reader.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

const SAVE = `INSERT INTO incident_members (incident_id, tenant, fingerprint, status, joined_at) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (incident_id, fingerprint) DO UPDATE SET status = excluded.status`;
/** An alert that both have fires when it fires in one of them. */
const TAKE_OVER = `INSERT INTO incident_members (incident_id, tenant, fingerprint, status, joined_at)
  SELECT ?2, tenant, fingerprint, status, joined_at FROM incident_members WHERE incident_id = ?1 ORDER BY seq
  ON CONFLICT (incident_id, fingerprint) DO UPDATE SET status = min(status, excluded.status)`;
const LEAVE = 'DELETE FROM incident_members WHERE incident_id = ?';
const LIVE = `SELECT m.*, i.document FROM incident_members m CROSS JOIN incidents i ON i.id = m.incident_id
  WHERE m.tenant = ? AND m.fingerprint = ? AND i.status <> 'closed' ORDER BY i.seq DESC LIMIT 8`;
const LIST = `SELECT m.*, a.document FROM incident_members m
  LEFT JOIN alerts a ON a.tenant = m.tenant AND a.fingerprint = m.fingerprint
  WHERE m.incident_id = ? AND m.seq < ? ORDER BY m.seq DESC LIMIT ?`;
const HOLDING = `SELECT i.document FROM incident_members m CROSS JOIN incidents i ON i.id = m.incident_id
  WHERE m.tenant = ? AND m.fingerprint = ? ORDER BY i.seq DESC LIMIT ?`;

export function saveIncidentMember(sql: Sql, member: IncidentMember): void {
  sql.run(SAVE, member.incidentId, member.tenant, member.fingerprint, member.status, member.joinedAt);
}

export function moveIncidentMembers(
  sql: Sql,
  { from, to }: { readonly from: string; readonly to: string },
): void {
  sql.run(TAKE_OVER, from, to);
  sql.run(LEAVE, from);
}

export function findMemberships(sql: Sql, keys: readonly AlertKey[]): readonly Membership[] {
  return keys
    .flatMap(({ tenant, fingerprint }) => sql.all<IncidentMemberRow & DocumentRow>(LIVE, tenant, fingerprint))
    .map((row) => ({ member: parseIncidentMember(row), incident: parseIncident(row) }));
}

/** Newest member first. */
export function listIncidentAlerts(sql: Sql, id: string, query: PageQuery): Page<IncidentAlert> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  return scanPage(
    sql.each<IncidentMemberRow & { document: string | null }>(LIST, id, seq, SCAN_LIMIT),
    query.limit,
    (row) => {
      const member = parseIncidentMember(row);
      return row.document === null ? { member } : { member, alert: parseAlert({ document: row.document }) };
    },
    (row) => [row.seq],
  );
}

export function findIncidentsOf(
  sql: Sql,
  tenant: string,
  fingerprint: string,
  limit: number,
): readonly Incident[] {
  return sql.all<DocumentRow>(HOLDING, tenant, fingerprint, limit).map(parseIncident);
}
