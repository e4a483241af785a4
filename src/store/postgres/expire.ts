import type { RetentionKind } from '../../model/settings.ts';
import { expireAlerts } from './alerts.ts';
import { expireApprovals } from './approvals.ts';
import { CHANGES } from './changes.ts';
import { expireIncidents } from './incidents.ts';
import { INPUTS } from './inputs.ts';
import { expireNamespaces } from './namespaces.ts';
import { expireNotifications } from './notifications.ts';
import { dropDay, listDays, type DailyTable, DAY_MS } from './partitions.ts';
import { expireAnswers, PREPARED } from './prepared.ts';
import { expireQuarantine } from './quarantine.ts';
import { RECEIPTS } from './receipts.ts';
import { expireSilences } from './silences.ts';
import type { Sql } from './sql.ts';
import { expireWorkflowRuns } from './workflow-runs.ts';

type Expire = (sql: Sql, before: number, limit: number) => Promise<number>;

/** One bounded batch per kind; each tells how many went. A partition goes as a whole, however many rows it has. */
export const EXPIRE: Readonly<Record<Exclude<RetentionKind, 'journal'>, Expire>> = {
  alerts: expireAlerts,
  incidents: expireIncidents,
  notifications: expireNotifications,
  receipts: (sql, before, limit) => expireDays(sql, RECEIPTS, 'processed_at', before, limit),
  inputs: expireRecorded,
  quarantine: expireQuarantine,
  changes: (sql, before, limit) => expireDays(sql, CHANGES, 'at', before, limit),
  silences: expireSilences,
  namespaces: expireNamespaces,
  approvals: expireApprovals,
  workflow_runs: expireWorkflowRuns,
};

async function expireRecorded(sql: Sql, before: number, limit: number): Promise<number> {
  let gone = await expireDays(sql, INPUTS, 'now', before, limit);
  gone += await expireDays(sql, PREPARED, 'now', before, Math.max(0, limit - gone));
  return gone + (await expireAnswers(sql, before, Math.max(0, limit - gone)));
}

/**
 * Drops the partitions of days that are over, and deletes a batch of the default one. What is too old but lies in the partition of a day
 * that isn't over goes with that day. `column` tells when a row ended; a partition of which one row ended later stays for now.
 */
async function expireDays(
  sql: Sql,
  table: DailyTable,
  column: string,
  before: number,
  limit: number,
): Promise<number> {
  let gone = 0;
  for (const [day, partition] of await listDays(sql, table)) {
    if (day + DAY_MS > before) continue;
    gone += await dropDay(sql, partition, async () => {
      const found = await sql.get<{ count: number; newest: number | null }>(
        `SELECT count(*) AS count, max(${column}) AS newest FROM ${partition}`,
      );
      return (found!.newest ?? 0) < before ? found!.count : undefined;
    });
  }
  const rest = `${table.name}_default`;
  const old = `SELECT ctid FROM ${rest} WHERE ${column} < $1 ORDER BY ${column} LIMIT $2 FOR UPDATE SKIP LOCKED`;
  return gone + (await sql.run(`DELETE FROM ${rest} WHERE ctid = ANY (ARRAY(${old}))`, before, limit));
}
