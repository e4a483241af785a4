// This file is long because the whole port stands in it: whoever writes a step or a driver reads what there is.
import type { Alert } from '../model/alert.ts';
import type { Approval, ApprovalSubject } from '../model/approval.ts';
import type { CommandOutcome } from '../model/alert-command.ts';
import type { Attempt, Delivery, DeliveryStatus, Notification } from '../model/delivery.ts';
import type { CostRow } from '../model/cost.ts';
import type { Group, Member, Wake } from '../model/group.ts';
import type { Outcome, ScoreModel } from '../model/score-model.ts';
import type { NamespaceEntry, NamespaceKey, NamespaceNews, NamespaceRecord } from '../model/namespace.ts';
import type { InhibitorKey } from '../model/inhibition.ts';
import type { CorrelationWake, Incident, IncidentMember } from '../model/incident.ts';
import type { Position } from '../model/position.ts';
import type { Silence } from '../model/silence.ts';
import type { RetentionKind } from '../model/settings.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { Fence, Leases, Owned } from './lease.ts';
import type { AnswerRow, PreparedRow } from './prepared-row.ts';

/**
 * The store as the state's owner sees it: load the rows that a batch needs, decide, commit the batch. There is no open transaction
 * above this line, and every commit is all or nothing and safe to repeat after a failure (design §3).
 * People's queries are `StoreReader` in `reader.ts`.
 */
export interface Store extends Leases {
  identity(): Promise<StoreIdentity>;
  /** Ties an empty store to a journal; refuses another one. */
  adopt(identity: StoreIdentity): Promise<void>;
  /** The next offset to process, per partition; 0 for one never seen. */
  positions(): Promise<readonly Position[]>;

  /** Alerts by (tenant, fingerprint); missing ones are left out. */
  alerts(keys: readonly AlertKey[]): Promise<readonly Alert[]>;
  /** Which of these delivery ids of senders were claimed before and have not expired. */
  claims(keys: readonly string[], now: number): Promise<ReadonlyMap<string, ClaimedBy>>;
  /** What became of these signals, as far as they were processed. */
  receipts(signals: readonly string[]): Promise<readonly ReceiptRow[]>;
  /** Firing alerts whose `endsAt` has passed, earliest first; only those of these partitions, when they are given. */
  expiredAlerts(now: number, limit: number, partitions?: readonly number[]): Promise<readonly Alert[]>;

  /** Firing alerts whose lifecycle goes on by itself (`dueAt`), earliest first; only those of these partitions, when they are given. */
  dueAlerts(now: number, limit: number, partitions?: readonly number[]): Promise<readonly Alert[]>;

  /** Oldest inbox rows first; only those of these scopes, when they are given. */
  inbox(limit: number, scopes?: readonly number[]): Promise<readonly InboxRow[]>;
  groups(ids: readonly string[]): Promise<readonly Group[]>;
  /** Groups whose flush is due, earliest first; only those of these scopes, when they are given. */
  dueGroups(now: number, limit: number, scopes?: readonly number[]): Promise<readonly Group[]>;
  /** The alerts of these groups, at most `limit` per group: firing first, then by start time. */
  members(groupIds: readonly string[], limit: number): Promise<ReadonlyMap<string, readonly Alert[]>>;
  /** How many firing and resolved alerts each group has, so that a truncated flush can say so. */
  memberCounts(
    groupIds: readonly string[],
  ): Promise<ReadonlyMap<string, { firing: number; resolved: number }>>;
  /** Deliveries of these groups that are pending or sending, and the newest generation delivered or unknown, per integration. */
  lanes(groupIds: readonly string[]): Promise<ReadonlyMap<string, readonly Lane[]>>;

  /** Silences and maintenance windows that end after `now`, by id. */
  silences(now: number): Promise<readonly Silence[]>;
  /** One of them, also when it has ended. */
  silence(id: string): Promise<Silence | undefined>;
  /** Another number whenever silences were changed, by whichever node: what was read under the same number is still true. */
  silenceMark(): Promise<number>;
  /** Firing alerts that stand under these keys as sources of an inhibition, at most one of each side for each key. */
  inhibitors(keys: readonly InhibitorQuery[]): Promise<readonly Inhibitor[]>;
  /** Firing alerts by ascending tenant and fingerprint after `after`, for a walk over all of them. */
  firingAfter(after: AlertKey, limit: number): Promise<readonly Alert[]>;
  /** Oldest first; only those of these scopes, when they are given. */
  correlationWakes(limit: number, scopes?: readonly number[]): Promise<readonly CorrelationWakeRow[]>;
  incidents(ids: readonly string[]): Promise<readonly Incident[]>;
  /** Incidents of these correlation scopes that are not closed: per scope at most `limit`, those that changed last. */
  liveIncidents(scopeIds: readonly string[], limit: number): Promise<readonly Incident[]>;
  /** The incidents of these alerts that are not closed, newest first; of each alert a few. */
  memberships(keys: readonly AlertKey[]): Promise<readonly Membership[]>;
  /** When the next incident changes by itself; Infinity when none does. */
  nextIncidentDue(scopes?: readonly number[]): Promise<number>;
  /** Incidents that change by themselves by now, earliest first; only those of these scopes, when they are given. */
  dueIncidents(now: number, limit: number, scopes?: readonly number[]): Promise<readonly Incident[]>;

  /** The alerts that joined an incident last. */
  incidentAlerts(id: string, limit: number): Promise<readonly IncidentAlert[]>;

  approval(id: string): Promise<Approval | undefined>;
  /** What is asked about something and not answered yet, newest first; a few. */
  pendingApprovals(subject: ApprovalSubject): Promise<readonly Approval[]>;
  /** Approvals that go on by themselves by now, earliest first. */
  dueApprovals(now: number, limit: number): Promise<readonly Approval[]>;
  /** When the next approval goes on by itself; Infinity when none does. */
  nextApprovalDue(): Promise<number>;

  /** What waits for an answer, by what it is about; kinds of which nothing waits are left out. */
  pendingApprovalCounts(): Promise<readonly PendingApprovals[]>;
  /** What of incidents and approvals changed after `cursor`, oldest first; nothing can come in below what was read. */
  changesToAnnounce(cursor: number, limit: number): Promise<readonly ChangeToAnnounce[]>;
  /** By id; missing ones are left out. */
  workflowRuns(ids: readonly string[]): Promise<readonly WorkflowRun[]>;
  /** Runs whose engine is to be asked by now, earliest first. */
  dueWorkflowRuns(now: number, limit: number): Promise<readonly WorkflowRun[]>;
  /** When the next engine is to be asked; Infinity when none is. */
  nextWorkflowRunDue(): Promise<number>;

  /** Oldest outcomes first; only those of the models of these scopes, when they are given. */
  outcomes(limit: number, scopes?: readonly number[]): Promise<readonly OutcomeRow[]>;
  /** The models of these tenants, in their order; missing ones are left out. */
  models(tenants: readonly string[]): Promise<readonly ScoreModel[]>;

  /** Oldest first; only news of the clusters of these scopes, when they are given. */
  namespaceNews(limit: number, scopes?: readonly number[]): Promise<readonly NamespaceNewsRow[]>;
  /** In the order of the keys; missing ones are left out. */
  namespaces(keys: readonly NamespaceKey[]): Promise<readonly NamespaceRecord[]>;
  /** All that a cluster is known to have. */
  activeNamespaces(tenant: string, cluster: string): Promise<readonly NamespaceRecord[]>;

  /** Integrations that have pending deliveries, with the earliest due time of each. */
  waitingIntegrations(): Promise<readonly { integration: string; dueAt: number; count: number }[]>;
  /**
   * Pending deliveries of these integrations that are due, as many of each as it has room for: highest priority first, then earliest. Leaves
   * out those of a (group, integration) of which an older one is still being sent, so that generations arrive in order. Integrations without
   * any are left out.
   */
  claimable(rooms: readonly Room[], now: number): Promise<ReadonlyMap<string, readonly Delivery[]>>;
  /** When the next pending delivery of each integration is due that is not due yet; those without one are left out. */
  nextDueAfter(integrations: readonly string[], now: number): Promise<ReadonlyMap<string, number>>;
  /** Deliveries marked `sending` whose lease has run out; only those of one integration, when it is given. */
  abandoned(now: number, limit: number, integration?: string): Promise<readonly Delivery[]>;
  deliveries(ids: readonly string[]): Promise<readonly Delivery[]>;
  notifications(ids: readonly string[]): Promise<readonly Notification[]>;
  /** What arrived of these groups about one of their alerts, newest first; looks at a bounded number of the newest deliveries. */
  deliveriesAbout(
    fingerprint: string,
    groupIds: readonly string[],
    limit: number,
  ): Promise<readonly Delivery[]>;
  /** Whether a newer generation for the same group and integration exists. */
  superseded(delivery: Delivery): Promise<boolean>;

  /** The quarantined signal with its request, for a re-drive. */
  quarantined(id: string): Promise<QuarantineRow | undefined>;
  heartbeats(): Promise<readonly Heartbeat[]>;
  connectorState(integration: string, key: string, now: number): Promise<string | undefined>;
  /** Groups by ascending id after `after` ('' for the first page), for a walk over all of them. */
  groupsAfter(after: string, limit: number): Promise<readonly Group[]>;
  /** When the next group flush, alert expiry or step of an alert's lifecycle is; Infinity when none waits. Deliveries have gates that know better. */
  nextDueAt(owned?: Owned): Promise<number>;

  /**
   * Applies everything or nothing. Positions are compared and set: a commit by a zombie owner rejects with `StalePosition`.
   * Moves whose `from` no longer holds are not applied and are named in the result.
   */
  commit(batch: Commit): Promise<CommitResult>;
  /** Deletes at most `limit` rows of a kind that ended before `before`; resolves with how many went. Only settled things go. */
  expire(kind: Exclude<RetentionKind, 'journal'>, before: number, limit: number): Promise<number>;
  close(): Promise<void>;
}

export interface StoreIdentity {
  readonly cluster: string;
  /** Of the journal that the positions speak of. */
  readonly generation: string;
}

/** How many more deliveries of an integration may be marked. */
export interface Room {
  readonly integration: string;
  readonly limit: number;
}

export interface AlertKey {
  readonly tenant: string;
  readonly fingerprint: string;
}

export interface InhibitorQuery {
  readonly tenant: string;
  readonly key: string;
}

export interface Inhibitor extends InhibitorQuery {
  readonly fingerprint: string;
  readonly twoSided: boolean;
}

export interface ClaimedBy {
  readonly signal: string;
}

export interface CorrelationWakeRow extends CorrelationWake {
  /** Ascending. */
  readonly id: number;
}

export interface PendingApprovals {
  readonly kind: ApprovalSubject['kind'];
  readonly count: number;
  /** When the one was asked that has waited longest. */
  readonly oldestAt: number;
}

/** The row itself says how the incident or the approval is by now. */
export interface ChangeToAnnounce {
  /** Ascending. */
  readonly seq: number;
  readonly kind: 'incident' | 'approval';
  readonly id: string;
}

/** A member of an incident; its alert may be forgotten already. */
export interface IncidentAlert {
  readonly member: IncidentMember;
  readonly alert?: Alert;
}

export interface Membership {
  readonly member: IncidentMember;
  readonly incident: Incident;
}

export interface InboxRow extends Wake {
  /** Ascending. */
  readonly id: number;
}

export interface OutcomeRow extends Outcome {
  /** Ascending. */
  readonly id: number;
}

export type NamespaceNewsRow = NamespaceNews & {
  /** Ascending. */
  readonly id: number;
};

export interface Lane {
  readonly integration: string;
  readonly open: readonly {
    readonly id: string;
    readonly generation: number;
    readonly status: DeliveryStatus;
  }[];
  /** The newest that arrived, or of which an attempt ended unknown so that it may have; 0 when none. */
  readonly deliveredGeneration: number;
}

/** One atomic change over all the aggregates it touches. */
export interface Commit {
  /** Leases that must still be held; otherwise nothing is applied and the commit rejects with `StaleLease`. */
  readonly fences?: readonly Fence[];
  /** `from` is what was read before, `to` the next offset to process. */
  readonly positions?: readonly { partition: number; from: number; to: number }[];
  readonly alerts?: readonly Alert[];
  /** All keys under which these alerts stand as sources of inhibitions; an empty list takes an alert out. */
  readonly inhibitors?: readonly (AlertKey & { readonly keys: readonly InhibitorKey[] })[];
  readonly silences?: readonly Silence[];
  /** All windows of the configuration that is in force from `at` on, for the history of silences; they stand in no other table. */
  readonly windows?: { readonly at: number; readonly all: readonly Silence[] };
  readonly claims?: readonly { key: string; signal: string; expiresAt: number }[];
  readonly receipts?: readonly ReceiptRow[];
  readonly quarantine?: readonly QuarantineRow[];
  /** Ids of quarantined signals that are settled: re-driven or discarded. */
  readonly quarantineSettled?: readonly { id: string; status: 'redriven' | 'discarded'; at: number }[];
  readonly wakes?: readonly Wake[];
  /** Inbox rows that gather has taken in. */
  readonly inboxDone?: readonly number[];
  readonly groups?: readonly Group[];
  readonly groupsGone?: readonly string[];
  readonly members?: readonly Member[];
  readonly membersGone?: readonly Member[];
  readonly correlationWakes?: readonly CorrelationWake[];
  readonly correlationDone?: readonly number[];
  /** `version` is one above what was read, 1 for a new one; when somebody wrote it since, the whole commit rejects with `StaleIncident`. */
  readonly incidents?: readonly Incident[];
  readonly incidentMembers?: readonly IncidentMember[];
  /** In this order, after `incidentMembers`: all members of one incident become members of another. */
  readonly incidentMerges?: readonly { readonly from: string; readonly to: string }[];
  /** `version` as of incidents: when somebody wrote it since, the whole commit rejects with `StaleApproval`. */
  readonly approvals?: readonly Approval[];
  /** `version` as of incidents: when somebody wrote it since, the whole commit rejects with `StaleRun`. */
  readonly workflowRuns?: readonly WorkflowRun[];
  /** What a model is to learn from. */
  readonly outcomes?: readonly Outcome[];
  readonly outcomesDone?: readonly number[];
  readonly models?: readonly ScoreModel[];
  readonly namespaces?: readonly NamespaceRecord[];
  readonly namespaceEntries?: readonly NamespaceEntry[];
  /** What was heard of namespaces, for whoever owns their cluster. */
  readonly namespaceNews?: readonly NamespaceNews[];
  readonly namespaceNewsDone?: readonly number[];
  /** Added to what is there. */
  readonly costs?: readonly CostRow[];
  readonly notifications?: readonly Notification[];
  readonly deliveries?: readonly Delivery[];
  /** When one that is `required` is lost, the whole commit rejects with `StaleDelivery`. */
  readonly moves?: readonly DeliveryMove[];
  readonly attempts?: readonly Attempt[];
  readonly inputs?: readonly InputRow[];
  /** Beside the inputs of folds. */
  readonly prepared?: readonly PreparedRow[];
  /** Those that `prepared` names; one that is there already stays. */
  readonly answers?: readonly AnswerRow[];
  readonly heartbeats?: readonly Heartbeat[];
  /** Sources that were heard of, by whichever node: the newest time counts, and whether one is silent stays as it is. */
  readonly beats?: readonly Beat[];
  readonly connectorState?: readonly { integration: string; key: string; value: string; expiresAt: number }[];
  readonly revision?: { readonly id: string; readonly at: number; readonly document: string };
  /** Feed of the live stream; the store numbers them. */
  readonly changes?: readonly Change[];
}

export interface CommitResult {
  /** Ids of deliveries whose move was not applied, because somebody else moved them first. */
  readonly lost: readonly string[];
}

/** A step through the delivery's transition table; only what is given changes. */
export interface DeliveryMove {
  readonly id: string;
  readonly from: DeliveryStatus;
  readonly to: DeliveryStatus;
  readonly attempts?: number;
  readonly dueAt?: number;
  readonly deadlineAt?: number;
  readonly leaseUntil?: number;
  readonly settledAt?: number;
  readonly fault?: Delivery['fault'];
  readonly summary?: string;
  /** More than the move was decided on where the delivery stood. */
  readonly required?: boolean;
}

/** What became of a signal; written when it is processed. Several records of one signal add up. */
export interface ReceiptRow {
  readonly signal: string;
  readonly integration: string;
  readonly receivedAt: number;
  readonly processedAt: number;
  readonly status: 'processed' | 'quarantined';
  /** How many records the signal was split into, and how many this row accounts for. */
  readonly parts: number;
  readonly partsDone: number;
  readonly alerts: readonly string[];
  /** The earlier signal that said the same. */
  readonly duplicateOf?: string;
  /** Of a command: what came of it. */
  readonly outcome?: CommandOutcome;
}

export interface QuarantineRow {
  /** The signal's id. */
  readonly id: string;
  readonly tenant: string;
  readonly integration: string;
  readonly receivedAt: number;
  readonly status: 'held' | 'redriven' | 'discarded';
  readonly problem: { readonly code: string; readonly detail: string; readonly field?: string };
  readonly request: {
    readonly method: string;
    readonly path: string;
    readonly contentType: string;
    readonly headers: Readonly<Record<string, string>>;
    /** Base64. */
    readonly body: string;
  };
}

/** A recorded input of a step, enough to run it again on the journal (design §2.3). */
export interface InputRow {
  readonly step: 'fold' | 'expire' | 'age' | 'gather' | 'correlate' | 'flush' | 'deliver' | 'command';
  readonly now: number;
  readonly revision: string;
  /** JSON: the positions, inbox ids, group ids or the command. */
  readonly what: string;
}

export interface Beat {
  readonly integration: string;
  readonly lastSeenAt: number;
}

export interface Heartbeat extends Beat {
  readonly silent: boolean;
}

export interface Change {
  readonly at: number;
  readonly tenant: string;
  readonly kind:
    | 'alert'
    | 'incident'
    | 'delivery'
    | 'quarantine'
    | 'config'
    | 'silence'
    | 'approval'
    | 'workflow_run';
  readonly id: string;
  /** The new status. */
  readonly status: string;
}

/** Somebody else owns the partition: throw away what was decided and read again. */
export class StalePosition extends Error {
  readonly code = 'stale_position';
}

/** Somebody else changed an incident since it was read: throw away what was decided and read again. Nothing was changed. */
export class StaleIncident extends Error {
  readonly code = 'stale_incident';
}

/** Somebody else moved a delivery since it was read, and more was decided on it. Nothing was changed. */
export class StaleDelivery extends Error {
  readonly code = 'stale_delivery';
}

/** Somebody else answered or went on with an approval since it was read. Nothing was changed. */
export class StaleApproval extends Error {
  readonly code = 'stale_approval';
}

/** Somebody else changed a run of a workflow since it was read. Nothing was changed. */
export class StaleRun extends Error {
  readonly code = 'stale_run';
}

/** The medium refused: full, read-only, broken. Nothing was changed; the same commit may be repeated. */
export class StoreUnavailable extends Error {
  readonly code = 'store_unavailable';
}

/** The same, but nobody can tell whether a commit that was under way has happened: look before it is repeated. */
export class CommitUnknown extends StoreUnavailable {}
