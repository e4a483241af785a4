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
import { openConnections, type PostgresOptions } from './pool.ts';
import { readPositions } from './positions.ts';
import { findAnswers, readPrepared } from './prepared.ts';
import { findQuarantined, listQuarantine } from './quarantine.ts';
import { findReceipt } from './receipts.ts';
import { listRevisions } from './revisions.ts';
import { listSilenceVersions } from './silence-versions.ts';
import { findOpenSilences, findSilence, listSilences, readSilenceMark } from './silences.ts';
import type { Sql } from './sql.ts';

export interface PostgresReaderOptions extends PostgresOptions {
  /**
   * A standby for people's lists, which may lag behind by as much as the standby does; where it doesn't answer the primary is asked. Left
   * out, all reads go to the primary.
   */
  readonly replicaUrl?: string;
}

/** People's queries, on connections of their own, so that they never wait for the state's owner nor hold it up. */
export async function openPostgresStoreReader(options: PostgresReaderOptions): Promise<StoreReader> {
  const primary = openConnections(options, 'reader');
  const { replicaUrl } = options;
  const replica =
    replicaUrl === undefined ? undefined : openConnections({ ...options, url: replicaUrl }, 'anybody');
  const ask = async <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> => {
    if (!replica) return primary.use(work);
    try {
      return await replica.use(work);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      return primary.use(work);
    }
  };

  return {
    alerts: (query) => ask((sql) => listAlerts(sql, query)),
    alert: (tenant, fingerprint) => ask((sql) => findAlert(sql, tenant, fingerprint)),
    // From the primary: whoever has just made a silence looks for it at once.
    silences: (query) => primary.use((sql) => listSilences(sql, query)),
    openSilences: (now) => primary.use((sql) => findOpenSilences(sql, now)),
    silenceMark: () => primary.use(readSilenceMark),
    silence: (id) => primary.use((sql) => findSilence(sql, id)),
    // As silences.
    approvals: (query) => primary.use((sql) => listApprovals(sql, query)),
    approval: (id) => primary.use((sql) => findApproval(sql, id)),
    workflowRuns: (query) => primary.use((sql) => listWorkflowRuns(sql, query)),
    workflowRun: (id) => primary.use((sql) => findWorkflowRun(sql, id)),
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
    changes: (cursor, limit) => primary.use((sql) => readChanges(sql, cursor, limit)),
    revisions: (limit) => ask((sql) => listRevisions(sql, limit)),
    counts: () => ask(readCounts),
    async close() {
      await Promise.all([primary.close(), replica?.close()]);
    },
  };
}
