import { openHandle } from '../../lib/sqlite-handle.ts';
import type { Sql } from '../../lib/sqlite.ts';
import { StoreUnavailable } from '../port.ts';
import type { StoreReader } from '../reader.ts';
import { findAlert, listAlerts } from './alerts.ts';
import { findApproval, listApprovals } from './approvals.ts';
import { findWorkflowRun, listWorkflowRuns } from './workflow-runs.ts';
import { findAttempts } from './attempts.ts';
import { readChanges } from './changes.ts';
import { findConnectorState } from './connector-state.ts';
import { readCounts } from './counts.ts';
import { findDecisions } from './decisions.ts';
import { findDelivery } from './deliveries.ts';
import { listDeliveries } from './delivery-lists.ts';
import { findGroupsOf, listGroups } from './groups.ts';
import { readHeartbeats } from './heartbeats.ts';
import { findInhibitors } from './inhibitors.ts';
import { findIncidentsOf, findMemberships, listIncidentAlerts } from './incident-members.ts';
import { findIncident, listIncidents } from './incidents.ts';
import { sumCosts } from './costs.ts';
import { findModels } from './models.ts';
import { listNamespaceEntries, listNamespaces } from './namespaces.ts';
import { findNotification, listNotifications } from './notifications.ts';
import { readPositions } from './positions.ts';
import { findAnswers, readPrepared } from './prepared.ts';
import { findQuarantined, listQuarantine } from './quarantine.ts';
import { findReceipt } from './receipts.ts';
import { listRevisions } from './revisions.ts';
import { listSilenceVersions } from './silence-versions.ts';
import { findOpenSilences, findSilence, listSilences, readSilenceMark } from './silences.ts';

const CACHE_BYTES = 8 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 1_000;

/** People's queries, on a read-only handle of their own; it sees what was committed and never holds up the writer. */
export async function openSqliteStoreReader(options: { readonly path: string }): Promise<StoreReader> {
  const handle = openHandle(
    options.path,
    { mode: 'read', cacheBytes: CACHE_BYTES, busyTimeoutMs: BUSY_TIMEOUT_MS },
    (message, cause) => new StoreUnavailable(message, { cause }),
  );
  const ask = async <Result>(work: (sql: Sql) => Result): Promise<Result> => handle.use(work);

  return {
    alerts: (query) => ask((sql) => listAlerts(sql, query)),
    alert: (tenant, fingerprint) => ask((sql) => findAlert(sql, tenant, fingerprint)),
    silences: (query) => ask((sql) => listSilences(sql, query)),
    openSilences: (now) => ask((sql) => findOpenSilences(sql, now)),
    silenceMark: () => ask(readSilenceMark),
    silence: (id) => ask((sql) => findSilence(sql, id)),
    approvals: (query) => ask((sql) => listApprovals(sql, query)),
    approval: (id) => ask((sql) => findApproval(sql, id)),
    workflowRuns: (query) => ask((sql) => listWorkflowRuns(sql, query)),
    workflowRun: (id) => ask((sql) => findWorkflowRun(sql, id)),
    inhibitors: (keys) => ask((sql) => findInhibitors(sql, keys)),
    decisions: (tenant, subject, limit) => ask((sql) => findDecisions(sql, tenant, subject, limit)),
    groups: (query) => ask((sql) => listGroups(sql, query)),
    groupsOf: (tenant, fingerprint) => ask((sql) => findGroupsOf(sql, tenant, fingerprint)),
    incidents: (query) => ask((sql) => listIncidents(sql, query)),
    incident: (id) => ask((sql) => findIncident(sql, id)),
    incidentAlerts: (id, query) => ask((sql) => listIncidentAlerts(sql, id, query)),
    memberships: (keys) => ask((sql) => findMemberships(sql, keys)),
    incidentsOf: (tenant, fingerprint, limit) =>
      ask((sql) => findIncidentsOf(sql, tenant, fingerprint, limit)),
    notification: (id) => ask((sql) => findNotification(sql, id)),
    notifications: (query) => ask((sql) => listNotifications(sql, query)),
    deliveries: (query) => ask((sql) => listDeliveries(sql, query)),
    delivery: (id) => ask((sql) => findDelivery(sql, id)),
    attempts: (deliveryId) => ask((sql) => findAttempts(sql, deliveryId)),
    quarantine: (query) => ask((sql) => listQuarantine(sql, query)),
    quarantined: (id) => ask((sql) => findQuarantined(sql, id)),
    model: async (tenant) => (await ask((sql) => findModels(sql, [tenant])))[0],
    costs: (query) => ask((sql) => sumCosts(sql, query)),
    namespaces: (query) => ask((sql) => listNamespaces(sql, query)),
    namespaceEntries: (query) => ask((sql) => listNamespaceEntries(sql, query)),
    receipt: (signal) => ask((sql) => findReceipt(sql, signal)),
    connectorState: (integration, key, now) => ask((sql) => findConnectorState(sql, integration, key, now)),
    prepared: (partition, offset, limit) => ask((sql) => readPrepared(sql, partition, offset, limit)),
    answers: (digests) => ask((sql) => findAnswers(sql, digests)),
    silenceVersions: (query) => ask((sql) => listSilenceVersions(sql, query)),
    heartbeats: () => ask(readHeartbeats),
    positions: () => ask(readPositions),
    changes: (cursor, limit) => ask((sql) => readChanges(sql, cursor, limit)),
    revisions: (limit) => ask((sql) => listRevisions(sql, limit)),
    counts: () => ask(readCounts),
    close: async () => handle.close(),
  };
}
