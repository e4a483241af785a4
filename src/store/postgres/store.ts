import type { Store } from '../port.ts';
import {
  findAlerts,
  findDueAlerts,
  findExpiredAlerts,
  findFiringAfter,
  nextAlertDue,
  nextAlertExpiry,
} from './alerts.ts';
import {
  countPendingApprovals,
  findApproval,
  findDueApprovals,
  findPendingApprovals,
  nextApprovalDue,
} from './approvals.ts';
import { CHANGES, readChangesToAnnounce } from './changes.ts';
import { findDueWorkflowRuns, findWorkflowRuns, nextWorkflowRunDue } from './workflow-runs.ts';
import { findClaims } from './claims.ts';
import { applyCommit } from './commit.ts';
import { readCorrelationWakes } from './correlation-wakes.ts';
import { findConnectorState } from './connector-state.ts';
import { findDeliveriesAbout } from './deliveries-about.ts';
import { findDeliveries } from './deliveries.ts';
import {
  findAbandoned,
  findClaimable,
  findLanes,
  findNextDue,
  findWaitingIntegrations,
  hasNewerGeneration,
} from './delivery-queue.ts';
import { EXPIRE } from './expire.ts';
import { findDueGroups, findGroups, findGroupsAfter, nextFlush } from './groups.ts';
import { readHeartbeats } from './heartbeats.ts';
import { adoptIdentity, readIdentity } from './identity.ts';
import { findMemberships, listIncidentAlerts } from './incident-members.ts';
import { findDueIncidents, findIncidents, findLiveIncidents, nextIncidentDue } from './incidents.ts';
import { readInbox } from './inbox.ts';
import { findInhibitors } from './inhibitors.ts';
import { INPUTS } from './inputs.ts';
import { listLeases, readClock, releaseLeases, takeLeases } from './leases.ts';
import { countMembers, findMembers } from './members.ts';
import { migrateDatabase } from './migrate.ts';
import { STORE_MIGRATIONS } from './migrations/list.ts';
import type { Migration } from './migrations/migration.ts';
import { findModels } from './models.ts';
import { readNamespaceNews } from './namespace-news.ts';
import { findActiveNamespaces, findNamespaces } from './namespaces.ts';
import { findNotifications } from './notifications.ts';
import { readOutcomes } from './outcomes.ts';
import { DAY_MS, addDays } from './partitions.ts';
import { openConnections, type PostgresOptions } from './pool.ts';
import { readPositions } from './positions.ts';
import { PREPARED } from './prepared.ts';
import { findQuarantined } from './quarantine.ts';
import { findReceipts, RECEIPTS } from './receipts.ts';
import { findOpenSilences, findSilence, readSilenceMark } from './silences.ts';
import type { Sql } from './sql.ts';

export interface PostgresStoreOptions extends PostgresOptions {
  /** For what expires by itself and for the partitions of the days to come. Leases run by the server's clock. */
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
}

const DAILY = [RECEIPTS, INPUTS, PREPARED, CHANGES];

/**
 * The store that many nodes share. Trouble with the server rejects with `StoreUnavailable`; the next call takes a fresh connection, on
 * whichever host is the primary by then.
 *
 * @example const store = await openPostgresStore({ url: 'postgres://signalbox@db-1,db-2/signalbox' });
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<Store> {
  const { now = Date.now } = options;
  const connections = openConnections(options, 'writer');
  const ask = <Result>(work: (sql: Sql) => Promise<Result>): Promise<Result> => connections.use(work);
  let preparedDay = -1;

  /** Once per day and process, ahead of the commits that need it. */
  const prepareDays = async (): Promise<void> => {
    const day = Math.floor(now() / DAY_MS);
    if (day === preparedDay) return;
    await ask((sql) => addDays(sql, DAILY, now()));
    preparedDay = day;
  };

  try {
    await ask((sql) => migrateDatabase(sql, options.migrations ?? STORE_MIGRATIONS));
    await prepareDays();
  } catch (error) {
    await connections.close();
    throw error;
  }

  return {
    identity: () => ask(readIdentity),
    adopt: (identity) => ask((sql) => adoptIdentity(sql, identity)),
    positions: () => ask(readPositions),
    alerts: (keys) => ask((sql) => findAlerts(sql, keys)),
    claims: (keys, at) => ask((sql) => findClaims(sql, keys, at)),
    receipts: (signals) => ask((sql) => findReceipts(sql, signals)),
    expiredAlerts: (at, limit, partitions) => ask((sql) => findExpiredAlerts(sql, at, limit, partitions)),
    dueAlerts: (at, limit, partitions) => ask((sql) => findDueAlerts(sql, at, limit, partitions)),
    inbox: (limit, scopes) => ask((sql) => readInbox(sql, limit, scopes)),
    groups: (ids) => ask((sql) => findGroups(sql, ids)),
    dueGroups: (at, limit, scopes) => ask((sql) => findDueGroups(sql, at, limit, scopes)),
    members: (ids, limit) => ask((sql) => findMembers(sql, ids, limit)),
    memberCounts: (ids) => ask((sql) => countMembers(sql, ids)),
    lanes: (ids) => ask((sql) => findLanes(sql, ids)),
    silences: (at) => ask((sql) => findOpenSilences(sql, at)),
    silence: (id) => ask((sql) => findSilence(sql, id)),
    silenceMark: () => ask(readSilenceMark),
    inhibitors: (keys) => ask((sql) => findInhibitors(sql, keys)),
    firingAfter: (after, limit) => ask((sql) => findFiringAfter(sql, after, limit)),
    correlationWakes: (limit, scopes) => ask((sql) => readCorrelationWakes(sql, limit, scopes)),
    incidents: (ids) => ask((sql) => findIncidents(sql, ids)),
    liveIncidents: (scopeIds, limit) => ask((sql) => findLiveIncidents(sql, scopeIds, limit)),
    memberships: (keys) => ask((sql) => findMemberships(sql, keys)),
    nextIncidentDue: (scopes) => ask((sql) => nextIncidentDue(sql, scopes)),
    dueIncidents: (at, limit, scopes) => ask((sql) => findDueIncidents(sql, at, limit, scopes)),
    incidentAlerts: async (id, limit) => (await ask((sql) => listIncidentAlerts(sql, id, { limit }))).items,
    approval: (id) => ask((sql) => findApproval(sql, id)),
    pendingApprovals: (subject) => ask((sql) => findPendingApprovals(sql, subject)),
    dueApprovals: (at, limit) => ask((sql) => findDueApprovals(sql, at, limit)),
    nextApprovalDue: () => ask(nextApprovalDue),
    pendingApprovalCounts: () => ask(countPendingApprovals),
    changesToAnnounce: (cursor, limit) => ask((sql) => readChangesToAnnounce(sql, cursor, limit)),
    workflowRuns: (ids) => ask((sql) => findWorkflowRuns(sql, ids)),
    dueWorkflowRuns: (at, limit) => ask((sql) => findDueWorkflowRuns(sql, at, limit)),
    nextWorkflowRunDue: () => ask(nextWorkflowRunDue),
    outcomes: (limit, scopes) => ask((sql) => readOutcomes(sql, limit, scopes)),
    models: (tenants) => ask((sql) => findModels(sql, tenants)),
    namespaceNews: (limit, scopes) => ask((sql) => readNamespaceNews(sql, limit, scopes)),
    namespaces: (keys) => ask((sql) => findNamespaces(sql, keys)),
    activeNamespaces: (tenant, cluster) => ask((sql) => findActiveNamespaces(sql, tenant, cluster)),
    waitingIntegrations: () => ask(findWaitingIntegrations),
    claimable: (rooms, at) => ask((sql) => findClaimable(sql, rooms, at)),
    nextDueAfter: (integrations, at) => ask((sql) => findNextDue(sql, integrations, at)),
    abandoned: (at, limit, integration) => ask((sql) => findAbandoned(sql, at, limit, integration)),
    deliveries: (ids) => ask((sql) => findDeliveries(sql, ids)),
    deliveriesAbout: (fingerprint, groupIds, limit) =>
      ask((sql) => findDeliveriesAbout(sql, fingerprint, groupIds, limit)),
    notifications: (ids) => ask((sql) => findNotifications(sql, ids)),
    superseded: (delivery) => ask((sql) => hasNewerGeneration(sql, delivery)),
    quarantined: (id) => ask((sql) => findQuarantined(sql, id)),
    heartbeats: () => ask(readHeartbeats),
    connectorState: (integration, key, at) => ask((sql) => findConnectorState(sql, integration, key, at)),
    groupsAfter: (after, limit) => ask((sql) => findGroupsAfter(sql, after, limit)),
    nextDueAt: (owned) =>
      ask(async (sql) =>
        Math.min(
          ...(await Promise.all([
            nextFlush(sql, owned?.scopes),
            nextAlertExpiry(sql, owned?.partitions),
            nextAlertDue(sql, owned?.partitions),
          ])),
        ),
      ),
    clock: () => ask(readClock),
    takeLeases: (owner, names, ttlMs) => ask((sql) => takeLeases(sql, owner, names, ttlMs)),
    releaseLeases: (owner, names) => ask((sql) => releaseLeases(sql, owner, names)),
    leases: (prefix) => ask((sql) => listLeases(sql, prefix)),
    async commit(batch) {
      await prepareDays();
      return applyCommit(connections, batch, now());
    },
    expire: (kind, before, limit) => ask((sql) => EXPIRE[kind](sql, before, limit)),
    close: () => connections.close(),
  };
}
