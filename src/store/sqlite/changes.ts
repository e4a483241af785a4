import type { Sql } from '../../lib/sqlite.ts';
import type { Change, ChangeToAnnounce } from '../port.ts';
import {
  describeAlert,
  describeApproval,
  describeDelivery,
  describeIncident,
  describeQuarantined,
  describeSilence,
  describeWorkflowRun,
} from '../describe-change.ts';
import type { ChangeRow, StoreReader } from '../reader.ts';
import { findAlert } from './alerts.ts';
import { findApproval } from './approvals.ts';
import { findWorkflowRun } from './workflow-runs.ts';
import { findDelivery } from './deliveries.ts';
import { findIncident } from './incidents.ts';
import { findQuarantined } from './quarantine.ts';
import { findSilence } from './silences.ts';

const SAVE = 'INSERT INTO changes (at, tenant, kind, id, status) VALUES (?, ?, ?, ?, ?)';
const AFTER = 'SELECT seq, at, tenant, kind, id, status FROM changes WHERE seq > ? ORDER BY seq LIMIT ?';
const BOUNDS = `SELECT (SELECT min(seq) FROM changes) AS oldest,
  coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'changes'), 0) AS newest`;
/** The partial index has the same words. */
const TO_ANNOUNCE = `SELECT seq, kind, id FROM changes WHERE kind IN ('incident', 'approval') AND seq > ?
  ORDER BY seq LIMIT ?`;
const EXPIRE = `DELETE FROM changes WHERE seq IN (SELECT seq FROM (
  SELECT seq, at FROM changes ORDER BY seq LIMIT ?) WHERE at < ?)`;

export function saveChange(sql: Sql, change: Change): void {
  sql.run(SAVE, change.at, change.tenant, change.kind, change.id, change.status);
}

/**
 * `newest` is the last number that was ever given; `oldest` is the next one when nothing is kept. A cursor below `oldest - 1` has
 * missed something.
 */
export function readChanges(
  sql: Sql,
  cursor: number,
  limit: number,
): Awaited<ReturnType<StoreReader['changes']>> {
  const rows = sql
    .all<Omit<ChangeRow, 'data'>>(AFTER, cursor, limit)
    .map((row) => ({ ...row, data: describe(sql, row) }));
  const { oldest, newest } = sql.get<{ oldest: number | null; newest: number }>(BOUNDS)!;
  return { rows, oldest: oldest ?? newest + 1, newest };
}

function describe(sql: Sql, { kind, tenant, id }: Change): ChangeRow['data'] {
  const alert = kind === 'alert' ? findAlert(sql, tenant, id) : undefined;
  const delivery = kind === 'delivery' ? findDelivery(sql, id) : undefined;
  const held = kind === 'quarantine' ? findQuarantined(sql, id) : undefined;
  const silence = kind === 'silence' ? findSilence(sql, id) : undefined;
  const incident = kind === 'incident' ? findIncident(sql, id) : undefined;
  const approval = kind === 'approval' ? findApproval(sql, id) : undefined;
  const run = kind === 'workflow_run' ? findWorkflowRun(sql, id) : undefined;
  if (alert) return describeAlert(alert);
  if (incident) return describeIncident(incident);
  if (silence) return describeSilence(silence);
  if (approval) return describeApproval(approval);
  if (run) return describeWorkflowRun(run);
  if (delivery) return describeDelivery(delivery);
  return held ? describeQuarantined(held) : {};
}

export function readChangesToAnnounce(sql: Sql, cursor: number, limit: number): readonly ChangeToAnnounce[] {
  return sql.all<ChangeToAnnounce>(TO_ANNOUNCE, cursor, limit);
}

export function expireChanges(sql: Sql, before: number, limit: number): number {
  return sql.run(EXPIRE, limit, before);
}
