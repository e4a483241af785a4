import type { Sql } from '../../lib/sqlite.ts';
import type { RetentionKind } from '../../model/settings.ts';
import { expireAlerts } from './alerts.ts';
import { expireApprovals } from './approvals.ts';
import { expireChanges } from './changes.ts';
import { expireIncidents } from './incidents.ts';
import { expireInputs } from './inputs.ts';
import { expireNamespaces } from './namespaces.ts';
import { expireNotifications } from './notifications.ts';
import { expirePrepared } from './prepared.ts';
import { expireQuarantine } from './quarantine.ts';
import { expireReceipts } from './receipts.ts';
import { expireSilences } from './silences.ts';
import { expireWorkflowRuns } from './workflow-runs.ts';

/** One bounded batch per kind; each tells how many went. */
export const EXPIRE: Readonly<
  Record<Exclude<RetentionKind, 'journal'>, (sql: Sql, before: number, limit: number) => number>
> = {
  alerts: expireAlerts,
  incidents: expireIncidents,
  notifications: expireNotifications,
  receipts: expireReceipts,
  inputs(sql, before, limit) {
    const gone = expireInputs(sql, before, limit);
    return gone + expirePrepared(sql, before, limit - gone);
  },
  quarantine: expireQuarantine,
  changes: expireChanges,
  silences: expireSilences,
  namespaces: expireNamespaces,
  approvals: expireApprovals,
  workflow_runs: expireWorkflowRuns,
};
