import {
  describeAlert,
  describeApproval,
  describeDelivery,
  describeIncident,
  describeQuarantined,
  describeSilence,
  describeWorkflowRun,
} from '../describe-change.ts';
import type { Change, ChangeToAnnounce } from '../port.ts';
import type { ChangeRow, StoreReader } from '../reader.ts';
import { findAlerts } from './alerts.ts';
import { findApprovals } from './approvals.ts';
import { findWorkflowRuns } from './workflow-runs.ts';
import { findDeliveries } from './deliveries.ts';
import { findIncidents } from './incidents.ts';
import { BY_TIME, type DailyTable } from './partitions.ts';
import { findAllQuarantined } from './quarantine.ts';
import { findSilences } from './silences.ts';
import type { Sql } from './sql.ts';

export const CHANGES: DailyTable = { name: 'changes', boundOf: BY_TIME };

/**
 * Several nodes write changes, and a number that was given first may be committed last. A reader that went by numbers alone would pass over
 * it for ever. So before a commit takes numbers it holds, until its end, a shared lock that is called after the newest number so far: all that
 * it takes lies above. A reader looks first at the newest number, then at the locks, then at the rows, each with a snapshot of its own, and
 * hands out nothing above the lowest lock. Whoever has a number that it does not see yet has shown its lock before, and whoever locks
 * later gets numbers above what it looked at. Unlike a comparison of transaction ids this waits for nobody but commits of the hub, and unlike
 * an exclusive lock it lets the commits of all nodes reach the disk together.
 */
const HOLD = 'SELECT pg_advisory_xact_lock_shared($1::bigint + last_value) FROM change_numbers';
/** Advisory locks of one database share one range of 64 bits; these have the upper part for themselves. */
const LOCK_SPACE = 0x51_6e_00_00_00_00;
/** `is_called` is false before the first number, and the newest is then 0. */
const NEWEST = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS newest FROM change_numbers';
/** The two halves of the key as the server shows them. */
const HELD = `SELECT min(key) AS lowest FROM (
    SELECT (classid::bigint << 32) + objid::bigint - $1::bigint AS key FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) held
  WHERE key BETWEEN 0 AND $2`;
const SAVE = `INSERT INTO changes (at, tenant, kind, id, status)
  SELECT at, tenant, kind, id, status FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[]) WITH ORDINALITY
    AS change (at, tenant, kind, id, status, position) ORDER BY position`;
const AFTER = 'SELECT seq, at, tenant, kind, id, status FROM changes WHERE seq > $1 ORDER BY seq LIMIT $2';
/** The partial index has the same words. */
const TO_ANNOUNCE = `SELECT seq, kind, id FROM changes WHERE kind IN ('incident', 'approval') AND seq > $1
  ORDER BY seq LIMIT $2`;
const OLDEST = 'SELECT min(seq) AS oldest FROM changes';

/** The last statements of a commit, so that its lock is held no longer than it takes to reach the disk. */
export async function saveChanges(sql: Sql, changes: readonly Change[]): Promise<void> {
  await Promise.all([
    sql.run(HOLD, LOCK_SPACE),
    sql.run(
      SAVE,
      changes.map(({ at }) => at),
      changes.map(({ tenant }) => tenant),
      changes.map(({ kind }) => kind),
      changes.map(({ id }) => id),
      changes.map(({ status }) => status),
    ),
  ]);
}

/**
 * `newest` is the last number that nothing can come below any more; `oldest` is the next one when nothing is kept. A cursor below
 * `oldest - 1` has missed something. Asks the primary: a standby does not see the locks.
 */
export async function readChanges(
  sql: Sql,
  cursor: number,
  limit: number,
): Promise<Awaited<ReturnType<StoreReader['changes']>>> {
  const [given, held, rows, kept] = await Promise.all([
    sql.get<{ newest: number }>(NEWEST),
    sql.get<{ lowest: number | null }>(HELD, LOCK_SPACE, Number.MAX_SAFE_INTEGER - LOCK_SPACE),
    sql.all<Omit<ChangeRow, 'data'>>(AFTER, cursor, limit),
    sql.get<{ oldest: number | null }>(OLDEST),
  ]);
  const settled = Math.min(given!.newest, held!.lowest ?? Infinity);
  // A lock may be called after an older number than was handed out meanwhile; a cursor never has to go back for it.
  const newest = cursor <= given!.newest ? Math.max(settled, cursor) : settled;
  return {
    rows: await describe(
      sql,
      rows.filter(({ seq }) => seq <= settled),
    ),
    oldest: Math.min(kept!.oldest ?? Infinity, settled + 1),
    newest,
  };
}

/** Leaves out, as above, what a lower number may still come below. */
export async function readChangesToAnnounce(
  sql: Sql,
  cursor: number,
  limit: number,
): Promise<readonly ChangeToAnnounce[]> {
  const [given, held, rows] = await Promise.all([
    sql.get<{ newest: number }>(NEWEST),
    sql.get<{ lowest: number | null }>(HELD, LOCK_SPACE, Number.MAX_SAFE_INTEGER - LOCK_SPACE),
    sql.all<ChangeToAnnounce>(TO_ANNOUNCE, cursor, limit),
  ]);
  const settled = Math.min(given!.newest, held!.lowest ?? Infinity);
  return rows.filter(({ seq }) => seq <= settled);
}

async function describe(sql: Sql, rows: readonly Omit<ChangeRow, 'data'>[]): Promise<readonly ChangeRow[]> {
  const of = (kind: Change['kind']) => rows.filter((row) => row.kind === kind);
  const idsOf = (kind: Change['kind']) => [...new Set(of(kind).map(({ id }) => id))];
  const [alerts, incidents, deliveries, held, silences, approvals, runs] = await Promise.all([
    findAlerts(
      sql,
      of('alert').map(({ tenant, id }) => ({ tenant, fingerprint: id })),
    ),
    findIncidents(sql, idsOf('incident')),
    findDeliveries(sql, idsOf('delivery')),
    findAllQuarantined(sql, idsOf('quarantine')),
    findSilences(sql, idsOf('silence')),
    findApprovals(sql, idsOf('approval')),
    findWorkflowRuns(sql, idsOf('workflow_run')),
  ]);
  const data = new Map<string, ChangeRow['data']>([
    ...alerts.map(
      (alert) => [keyOf('alert', alert.fingerprint, alert.tenant), describeAlert(alert)] as const,
    ),
    ...incidents.map((incident) => [keyOf('incident', incident.id), describeIncident(incident)] as const),
    ...deliveries.map((delivery) => [keyOf('delivery', delivery.id), describeDelivery(delivery)] as const),
    ...silences.map((silence) => [keyOf('silence', silence.id), describeSilence(silence)] as const),
    ...approvals.map((approval) => [keyOf('approval', approval.id), describeApproval(approval)] as const),
    ...runs.map((run) => [keyOf('workflow_run', run.id), describeWorkflowRun(run)] as const),
    ...held.map((row) => [keyOf('quarantine', row.id), describeQuarantined(row)] as const),
  ]);
  return rows.map((row) => ({
    ...row,
    data: data.get(keyOf(row.kind, row.id, row.kind === 'alert' ? row.tenant : '')) ?? {},
  }));
}

function keyOf(kind: Change['kind'], id: string, tenant = ''): string {
  return `${kind}\0${tenant}\0${id}`;
}
