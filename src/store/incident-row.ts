import type { Incident, IncidentMember } from '../model/incident.ts';
import type { DocumentRow } from './alert-row.ts';
import type { IncidentQuery } from './reader.ts';

export function parseIncident(row: DocumentRow): Incident {
  return JSON.parse(row.document) as Incident;
}

export interface IncidentListRow extends DocumentRow {
  readonly seq: number;
  readonly tenant: string;
  readonly status: Incident['status'];
}

/** The columns are asked before the document is parsed, which is the dear part. */
export function pickIncident(row: IncidentListRow, query: IncidentQuery): Incident | undefined {
  if (query.tenant !== undefined && row.tenant !== query.tenant) return undefined;
  if (query.status !== undefined && query.status.length > 0 && !query.status.includes(row.status))
    return undefined;
  const incident = parseIncident(row);
  if (query.severity !== undefined && incident.severity !== query.severity) return undefined;
  if (query.level !== undefined && incident.assessment?.level !== query.level) return undefined;
  if (query.overdue !== undefined && (incident.overdueSince !== undefined) !== query.overdue)
    return undefined;
  return query.assignee === undefined || incident.assignee === query.assignee ? incident : undefined;
}

/** Closed ones are history; a list that leaves them out has an index of its own. */
export function wantsClosed({ status = [] }: IncidentQuery): boolean {
  return status.length === 0 || status.includes('closed');
}

export interface IncidentMemberRow {
  readonly seq: number;
  readonly incident_id: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly status: IncidentMember['status'];
  readonly joined_at: number;
}

export function parseIncidentMember(row: IncidentMemberRow): IncidentMember {
  const { tenant, fingerprint, status } = row;
  return { incidentId: row.incident_id, tenant, fingerprint, status, joinedAt: row.joined_at };
}
