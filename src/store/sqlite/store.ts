import { openHandle } from '../../lib/sqlite-handle.ts';
import { migrateFile, type Migration } from '../../lib/sqlite-migrations.ts';
import { isMediumTrouble, type Sql } from '../../lib/sqlite.ts';
import { StoreUnavailable, type Store } from '../port.ts';
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
import { readChangesToAnnounce } from './changes.ts';
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
import { listLeases, releaseLeases, takeLeases } from './leases.ts';
import { countMembers, findMembers } from './members.ts';
import { STORE_MIGRATIONS } from './migrations/list.ts';
import { findModels } from './models.ts';
import { readNamespaceNews } from './namespace-news.ts';
import { findActiveNamespaces, findNamespaces } from './namespaces.ts';
import { findNotifications } from './notifications.ts';
import { readOutcomes } from './outcomes.ts';
import { readPositions } from './positions.ts';
import { findQuarantined } from './quarantine.ts';
import { findReceipts } from './receipts.ts';
import { findOpenSilences, findSilence, readSilenceMark } from './silences.ts';

export interface SqliteStoreOptions {
  /** The file; made when it is not there. */
  readonly path: string;
  /** For what expires by itself, and for the name of the copy taken before a migration. */
  readonly now?: () => number;
  readonly migrations?: readonly Migration[];
  /** Nobody misses it after a crash, so nothing waits for the disk. */
  readonly isScratch?: boolean;
}

const CACHE_BYTES = 16 * 1024 * 1024;
const BUSY_TIMEOUT_MS = 1_000;
/** 64 MiB: a page that is changed by every commit is then copied once for many of them. */
const CHECKPOINT_PAGES = 16_000;

/**
 * The embedded store: one file, written by one thread. Trouble with the disk rejects with `StoreUnavailable` and changes nothing; the
 * next call opens the file anew. Where a commit was taken but could not be synced it may have happened after all; its positions then tell.
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<Store> {
  const { path, now = Date.now, isScratch = false } = options;
  const unavailable = (message: string, cause: unknown) => new StoreUnavailable(message, { cause });
  try {
    await migrateFile({
      path,
      what: 'store',
      migrations: options.migrations ?? STORE_MIGRATIONS,
      now: now(),
    });
  } catch (error) {
    throw isMediumTrouble(error) ? unavailable(`${path}: ${error.message}`, error) : error;
  }
  const handle = openHandle(
    path,
    {
      mode: 'write',
      cacheBytes: CACHE_BYTES,
      busyTimeoutMs: BUSY_TIMEOUT_MS,
      checkpointPages: CHECKPOINT_PAGES,
      synced: isScratch ? 'never' : 'caller',
    },
    unavailable,
  );
  const ask = async <Result>(work: (sql: Sql) => Result): Promise<Result> =>
    handle.use((sql) => sql.snapshot(() => work(sql)));
  /** Nobody is told of a change before it is on the disk; the thread goes on sending meanwhile. */
  const write = async <Result>(work: (sql: Sql) => Result): Promise<Result> => {
    const result = handle.use(work);
    if (!isScratch) await handle.sync();
    return result;
  };

  return {
    identity: () => ask(readIdentity),
    adopt: (identity) => write((sql) => adoptIdentity(sql, identity)),
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
      ask((sql) =>
        Math.min(
          nextFlush(sql, owned?.scopes),
          nextAlertExpiry(sql, owned?.partitions),
          nextAlertDue(sql, owned?.partitions),
        ),
      ),
    clock: () => Promise.resolve(now()),
    takeLeases: (owner, names, ttlMs) => write((sql) => takeLeases(sql, owner, names, ttlMs, now())),
    releaseLeases: (owner, names) => write((sql) => releaseLeases(sql, owner, names)),
    leases: (prefix) => ask((sql) => listLeases(sql, prefix, now())),
    commit: (batch) => write((sql) => applyCommit(sql, batch, now())),
    expire: (kind, before, limit) => write((sql) => EXPIRE[kind](sql, before, limit)),
    close: async () => handle.close(),
  };
}
