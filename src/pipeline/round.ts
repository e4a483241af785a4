import type { Alert } from '../model/alert.ts';
import type { Delivery, Notification } from '../model/delivery.ts';
import type { Group } from '../model/group.ts';
import { scopeOf } from '../model/scope.ts';
import type { Fence } from '../store/lease.ts';
import type { AlertKey, Commit, CommitResult, CorrelationWakeRow, InboxRow, Store } from '../store/port.ts';
import { alertKey } from './fold-batch.ts';

/**
 * One round of steps, committed in one piece. A step reads through it what earlier steps of the round decided, so what only passes from
 * step to step (inbox rows, a group between gather and flush) never reaches the disk. All or nothing, like any commit.
 */
export interface Round {
  /** What the steps see as the store; `commit` only stages. */
  readonly store: Store;
  /** Deliveries that the round creates. */
  readonly deliveries: ReadonlyMap<string, Delivery>;
  readonly notifications: ReadonlyMap<string, Notification>;
  /** Puts another version in the place of a staged delivery. */
  replaceDelivery(delivery: Delivery): void;
  /** Commits what is staged. After a failure the round is worthless: throw it away and start from the store. */
  commit(): Promise<void>;
}

/** Rows that are only ever added, in the order in which steps staged them. */
const APPENDED = [
  'fences',
  'claims',
  'receipts',
  'quarantine',
  'quarantineSettled',
  'moves',
  'attempts',
  'inputs',
  'prepared',
  'answers',
  'heartbeats',
  'beats',
  'connectorState',
  'changes',
  'incidents',
  'incidentMembers',
  'incidentMerges',
  'inhibitors',
  'silences',
  'approvals',
  'workflowRuns',
  'outcomes',
  'outcomesDone',
  'models',
  'costs',
  'namespaces',
  'namespaceEntries',
  'namespaceNews',
  'namespaceNewsDone',
] as const;

export function createRound(base: Store): Round {
  const alerts = new Map<string, Alert>();
  const groups = new Map<string, Group | 'gone'>();
  /** Groups that the store does not have: their members are all staged. */
  const fresh = new Set<string>();
  const members = new Map<string, Map<string, 'in' | 'out'>>();
  const notifications = new Map<string, Notification>();
  const deliveries = new Map<string, Delivery>();
  const positions = new Map<number, { partition: number; from: number; to: number }>();
  let appended: Partial<Record<(typeof APPENDED)[number], unknown[]>> = {};
  let staged: InboxRow[] = [];
  let inboxDone: number[] = [];
  let scopeWakes: CorrelationWakeRow[] = [];
  let scopesDone: number[] = [];
  /** Notifications and deliveries that an earlier commit of this round has written. */
  const written = new Set<string>();
  let dirty = false;

  function membersOf(groupId: string): Map<string, 'in' | 'out'> {
    let known = members.get(groupId);
    if (!known) members.set(groupId, (known = new Map()));
    return known;
  }

  function stage(batch: Commit): CommitResult {
    dirty = true;
    for (const alert of batch.alerts ?? []) alerts.set(alertKey(alert.tenant, alert.fingerprint), alert);
    for (const group of batch.groups ?? []) groups.set(group.id, group);
    for (const { groupId, fingerprint } of batch.members ?? []) membersOf(groupId).set(fingerprint, 'in');
    for (const { groupId, fingerprint } of batch.membersGone ?? [])
      membersOf(groupId).set(fingerprint, 'out');
    for (const id of batch.groupsGone ?? []) {
      groups.set(id, 'gone');
      members.delete(id);
    }
    for (const notification of batch.notifications ?? []) notifications.set(notification.id, notification);
    for (const delivery of batch.deliveries ?? []) deliveries.set(delivery.id, delivery);
    for (const { partition, from, to } of batch.positions ?? []) {
      positions.set(partition, { partition, from: positions.get(partition)?.from ?? from, to });
    }
    for (const kind of APPENDED) {
      const rows = batch[kind];
      if (rows && rows.length > 0) (appended[kind] ??= []).push(...rows);
    }
    for (const wake of batch.wakes ?? []) staged.push({ ...wake, id: -1 - staged.length });
    const done = new Set(batch.inboxDone ?? []);
    if (done.size > 0) {
      staged = staged.filter(({ id }) => !done.has(id));
      inboxDone.push(...[...done].filter((id) => id > 0));
    }
    for (const wake of batch.correlationWakes ?? []) scopeWakes.push({ ...wake, id: -1 - scopeWakes.length });
    const heard = new Set(batch.correlationDone ?? []);
    if (heard.size > 0) {
      scopeWakes = scopeWakes.filter(({ id }) => !heard.has(id));
      scopesDone.push(...[...heard].filter((id) => id > 0));
    }
    return { lost: [] };
  }

  async function commit(): Promise<void> {
    if (!dirty) return;
    const living = [...groups.values()].filter((group) => group !== 'gone');
    const gone = [...groups.keys()].filter((id) => groups.get(id) === 'gone' && !fresh.has(id));
    const rows = [...members].flatMap(([groupId, changed]) =>
      [...changed].map(([fingerprint, where]) => ({ groupId, fingerprint, where })),
    );
    await base.commit({
      ...(appended as Commit),
      fences: uniqueFences((appended as Commit).fences ?? []),
      alerts: [...alerts.values()],
      groups: living,
      groupsGone: gone,
      members: rows.filter(({ where }) => where === 'in'),
      membersGone: rows.filter(({ where, groupId }) => where === 'out' && !fresh.has(groupId)),
      notifications: [...notifications.values()].filter(({ id }) => !written.has(id)),
      deliveries: [...deliveries.values()].filter(({ id }) => !written.has(id)),
      positions: [...positions.values()],
      wakes: staged,
      inboxDone,
      correlationWakes: scopeWakes,
      correlationDone: scopesDone,
    });
    for (const id of [...notifications.keys(), ...deliveries.keys()]) written.add(id);
    for (const map of [alerts, groups, members, positions]) map.clear();
    fresh.clear();
    appended = {};
    staged = [];
    inboxDone = [];
    scopeWakes = [];
    scopesDone = [];
    dirty = false;
  }

  const current = (alert: Alert): Alert => alerts.get(alertKey(alert.tenant, alert.fingerprint)) ?? alert;

  /** Two questions to the store for all groups together: one per group would be a round trip each. */
  async function loadMembers(
    ids: readonly string[],
    limit: number,
  ): Promise<ReadonlyMap<string, readonly Alert[]>> {
    const old = ids.filter((id) => !fresh.has(id));
    const stored = old.length === 0 ? new Map<string, readonly Alert[]>() : await base.members(old, limit);
    const kept = new Map(ids.map((id) => [id, keptMembers(id, stored.get(id) ?? [])]));
    const added = new Map(ids.map((id) => [id, addedMembers(id, kept.get(id)!)]));
    const keys = [...added.values()].flat();
    const loaded = keys.length === 0 ? [] : await loadAlerts(keys);
    const known = new Map(loaded.map((alert) => [alertKey(alert.tenant, alert.fingerprint), alert]));
    const found = new Map<string, readonly Alert[]>();
    for (const id of ids) {
      const own = added.get(id)!.map(({ tenant, fingerprint }) => known.get(alertKey(tenant, fingerprint)));
      const all = [...kept.get(id)!, ...own.filter((alert) => alert !== undefined)];
      found.set(id, all.toSorted(firingFirst).slice(0, limit));
    }
    return found;
  }

  function keptMembers(group: string, stored: readonly Alert[]): readonly Alert[] {
    const changed = members.get(group);
    return stored.filter(({ fingerprint }) => changed?.get(fingerprint) !== 'out').map(current);
  }

  /** What came in in this round, beside those that are known. */
  function addedMembers(group: string, kept: readonly Alert[]): readonly AlertKey[] {
    const known = new Set(kept.map(({ fingerprint }) => fingerprint));
    const tenant = tenantOf(group);
    return [...(members.get(group) ?? [])]
      .filter(([fingerprint, where]) => where === 'in' && !known.has(fingerprint))
      .map(([fingerprint]) => ({ tenant, fingerprint }));
  }

  function tenantOf(id: string): string {
    const group = groups.get(id);
    return group === undefined || group === 'gone' ? 'default' : group.tenant;
  }

  async function loadAlerts(keys: readonly AlertKey[]): Promise<readonly Alert[]> {
    const missing = keys.filter(({ tenant, fingerprint }) => !alerts.has(alertKey(tenant, fingerprint)));
    const stored = missing.length === 0 ? [] : await base.alerts(missing);
    const overlaid = keys
      .map(({ tenant, fingerprint }) => alerts.get(alertKey(tenant, fingerprint)))
      .filter((alert) => alert !== undefined);
    return [...overlaid, ...stored];
  }

  const store: Store = {
    ...base,
    commit: async (batch) => stage(batch),
    alerts: loadAlerts,
    async expiredAlerts(now, limit, partitions) {
      const due = (await base.expiredAlerts(now, limit, partitions)).map(current);
      return due.filter(({ status, endsAt }) => status === 'firing' && endsAt !== undefined && endsAt <= now);
    },
    async dueAlerts(now, limit, partitions) {
      const due = (await base.dueAlerts(now, limit, partitions)).map(current);
      return due.filter(({ status, dueAt }) => status === 'firing' && dueAt !== undefined && dueAt <= now);
    },
    async receipts(signals) {
      const wanted = new Set(signals);
      const own = ((appended as Commit).receipts ?? []).filter(({ signal }) => wanted.has(signal));
      return [...own, ...(await base.receipts(signals))];
    },
    async workflowRuns(ids) {
      const own = ((appended as Commit).workflowRuns ?? []).filter(({ id }) => ids.includes(id));
      return [...own, ...(await base.workflowRuns(ids))];
    },
    async inbox(limit, scopes) {
      const done = new Set(inboxDone);
      const stored = (await base.inbox(limit, scopes)).filter(({ id }) => !done.has(id));
      const owned = scopes && new Set(scopes);
      const own = owned ? staged.filter(({ groupId }) => owned.has(scopeOf(groupId))) : staged;
      return [...stored, ...own].slice(0, limit);
    },
    async correlationWakes(limit, scopes) {
      const done = new Set(scopesDone);
      const stored = (await base.correlationWakes(limit, scopes)).filter(({ id }) => !done.has(id));
      const owned = scopes && new Set(scopes);
      const own = owned ? scopeWakes.filter(({ scopeId }) => owned.has(scopeOf(scopeId))) : scopeWakes;
      return [...stored, ...own].slice(0, limit);
    },
    async groups(ids) {
      const unknown = ids.filter((id) => !groups.has(id) && !fresh.has(id));
      const stored = unknown.length === 0 ? [] : await base.groups(unknown);
      const found = new Set(stored.map(({ id }) => id));
      for (const id of unknown) if (!found.has(id)) fresh.add(id);
      const overlaid = ids
        .map((id) => groups.get(id))
        .filter((group) => group !== undefined && group !== 'gone');
      return [...overlaid, ...stored];
    },
    async dueGroups(now, limit, scopes) {
      const stored = (await base.dueGroups(now, limit, scopes)).filter(({ id }) => !groups.has(id));
      const overlaid = [...groups.values()]
        .filter((group) => group !== 'gone')
        .filter(({ flushAt }) => flushAt <= now);
      return [...stored, ...overlaid].toSorted((left, right) => left.flushAt - right.flushAt).slice(0, limit);
    },
    members: loadMembers,
    async inhibitors(keys) {
      // The store answers with one source per key, and what is staged may have ended just that one.
      if (appended.inhibitors !== undefined) await commit();
      return base.inhibitors(keys);
    },
    async memberships(keys) {
      if (appended.incidentMembers !== undefined) await commit();
      return base.memberships(keys);
    },
    async memberCounts(ids) {
      // Counting needs the rows where the store can count them; what is staged so far goes first, as a piece of its own.
      await commit();
      return base.memberCounts(ids);
    },
  };
  return {
    store,
    deliveries,
    notifications,
    replaceDelivery: (delivery) => void deliveries.set(delivery.id, delivery),
    commit,
  };
}

/** The steps of a round mostly rely on the same leases. */
function uniqueFences(fences: readonly Fence[]): readonly Fence[] {
  return [...new Map(fences.map((fence) => [fence.name, fence])).values()];
}

function firingFirst(left: Alert, right: Alert): number {
  if (left.status !== right.status) return left.status === 'firing' ? -1 : 1;
  return left.startsAt - right.startsAt || (left.fingerprint < right.fingerprint ? -1 : 1);
}
