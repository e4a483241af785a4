import type { Sql } from '../../lib/sqlite.ts';
import type { Incident } from '../../model/incident.ts';
import { scopeOf } from '../../model/scope.ts';
import type { DocumentRow } from '../alert-row.ts';
import { decodeCursor } from '../cursor.ts';
import { parseIncident, pickIncident, wantsClosed, type IncidentListRow } from '../incident-row.ts';
import { StaleIncident } from '../port.ts';
import type { IncidentQuery, Page } from '../reader.ts';
import { jsonList } from './alerts.ts';
import { SCAN_LIMIT, scanPage } from './page.ts';

/** Compares and sets: a row of another version stays as it is. */
const SAVE = `INSERT INTO incidents (id, scope_id, scope, tenant, status, version, changed_at, closed_at, due_at, document)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET status = excluded.status, version = excluded.version, changed_at = excluded.changed_at,
    closed_at = excluded.closed_at, due_at = excluded.due_at, document = excluded.document
  WHERE incidents.version = excluded.version - 1`;
const FIND = 'SELECT document FROM incidents WHERE id = ?';
const LIVE = `SELECT document FROM incidents WHERE scope_id = ? AND status <> 'closed' ORDER BY changed_at DESC LIMIT ?`;
const IN_SCOPES = '(?1 IS NULL OR scope IN (SELECT value FROM json_each(?1)))';
const DUE = `SELECT document FROM incidents WHERE due_at <= ?2 AND ${IN_SCOPES} ORDER BY due_at LIMIT ?3`;
const NEXT_DUE = `SELECT min(due_at) AS at FROM incidents WHERE due_at IS NOT NULL AND ${IN_SCOPES}`;
const LIST = 'SELECT seq, tenant, status, document FROM incidents WHERE seq < ? ORDER BY seq DESC LIMIT ?';
const LIST_UNCLOSED = `SELECT seq, tenant, status, document FROM incidents WHERE status <> 'closed' AND seq < ?
  ORDER BY seq DESC LIMIT ?`;
const ENDED = `SELECT id FROM incidents WHERE status = 'closed' AND closed_at < ? ORDER BY closed_at LIMIT ?`;
const DELETE_MEMBERS = 'DELETE FROM incident_members WHERE incident_id = ?';
const DELETE = 'DELETE FROM incidents WHERE id = ?';

export function saveIncident(sql: Sql, incident: Incident): void {
  const changed = sql.run(
    SAVE,
    incident.id,
    incident.scopeId,
    scopeOf(incident.scopeId),
    incident.tenant,
    incident.status,
    incident.version,
    incident.changedAt,
    incident.closedAt ?? null,
    incident.dueAt ?? null,
    JSON.stringify(incident),
  );
  if (changed === 0) throw new StaleIncident(`Incident ${incident.id} was changed by somebody else`);
}

export function findIncident(sql: Sql, id: string): Incident | undefined {
  const row = sql.get<DocumentRow>(FIND, id);
  return row && parseIncident(row);
}

export function findIncidents(sql: Sql, ids: readonly string[]): readonly Incident[] {
  return ids.map((id) => findIncident(sql, id)).filter((incident) => incident !== undefined);
}

export function findLiveIncidents(sql: Sql, scopeIds: readonly string[], limit: number): readonly Incident[] {
  return scopeIds.flatMap((scopeId) => sql.all<DocumentRow>(LIVE, scopeId, limit).map(parseIncident));
}

/** Earliest first. */
export function findDueIncidents(
  sql: Sql,
  now: number,
  limit: number,
  scopes?: readonly number[],
): readonly Incident[] {
  return sql.all<DocumentRow>(DUE, jsonList(scopes), now, limit).map(parseIncident);
}

export function nextIncidentDue(sql: Sql, scopes?: readonly number[]): number {
  return sql.get<{ at: number | null }>(NEXT_DUE, jsonList(scopes))!.at ?? Infinity;
}

/** Newest first. */
export function listIncidents(sql: Sql, query: IncidentQuery): Page<Incident> {
  const [seq] = decodeCursor(query.cursor, 1) as [number];
  return scanPage(
    sql.each<IncidentListRow>(wantsClosed(query) ? LIST : LIST_UNCLOSED, seq, SCAN_LIMIT),
    query.limit,
    (row) => pickIncident(row, query),
    (row) => [row.seq],
  );
}

export function expireIncidents(sql: Sql, before: number, limit: number): number {
  return sql.transaction(() => {
    const ended = sql.all<{ id: string }>(ENDED, before, limit);
    for (const { id } of ended) {
      sql.run(DELETE_MEMBERS, id);
      sql.run(DELETE, id);
    }
    return ended.length;
  });
}
