import type { AlertStatus, Notification, Priority } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Approval, ApprovalState, ApprovalSubject } from '../model/approval.ts';
import type { Attempt, Delivery, DeliveryStatus } from '../model/delivery.ts';
import type { Decision } from '../model/decision.ts';
import type { Group } from '../model/group.ts';
import type { Incident, IncidentStatus } from '../model/incident.ts';
import type { LifecycleState } from '../model/lifecycle.ts';
import type { Matcher } from '../model/matcher.ts';
import type { NamespaceEntry, NamespaceRecord } from '../model/namespace.ts';
import type { CostRow } from '../model/cost.ts';
import type { ScoreModel } from '../model/score-model.ts';
import type { Silence, SilenceVersion } from '../model/silence.ts';
import type {
  AlertKey,
  Change,
  Heartbeat,
  IncidentAlert,
  Inhibitor,
  InhibitorQuery,
  Membership,
  QuarantineRow,
  ReceiptRow,
} from './port.ts';
import type { AnswerRow, PreparedRow } from './prepared-row.ts';
import type { Position } from '../model/position.ts';
import type { RunStatus, RunSubject, WorkflowRun } from '../model/workflow-run.ts';

/**
 * What people ask: lists by keyset, newest first, each bounded. A page may be shorter than `limit` although more follow: a
 * filter that reads rows stops after a bounded scan and hands out a cursor.
 */
export interface StoreReader {
  alerts(query: AlertQuery): Promise<Page<Alert>>;
  alert(tenant: string, fingerprint: string): Promise<Alert | undefined>;
  /** Newest start first. */
  silences(query: SilenceQuery): Promise<Page<Silence>>;
  /** As `Store.silences` and `Store.silenceMark`. */
  openSilences(now: number): Promise<readonly Silence[]>;
  silenceMark(): Promise<number>;
  silence(id: string): Promise<Silence | undefined>;
  /** Newest first. */
  approvals(query: ApprovalQuery): Promise<Page<Approval>>;
  approval(id: string): Promise<Approval | undefined>;
  /** Newest first. */
  workflowRuns(query: WorkflowRunQuery): Promise<Page<WorkflowRun>>;
  workflowRun(id: string): Promise<WorkflowRun | undefined>;
  /** As `Store.inhibitors`. */
  inhibitors(keys: readonly InhibitorQuery[]): Promise<readonly Inhibitor[]>;
  decisions(tenant: string, subject: string, limit: number): Promise<readonly Decision[]>;
  groups(query: PageQuery & { receiver?: string }): Promise<Page<Group>>;
  /** Groups that hold this alert. */
  groupsOf(tenant: string, fingerprint: string): Promise<readonly Group[]>;
  incidents(query: IncidentQuery): Promise<Page<Incident>>;
  incident(id: string): Promise<Incident | undefined>;
  /** Its alerts, in the order of their fingerprints; one that is no longer kept has no `alert`. */
  incidentAlerts(id: string, query: PageQuery): Promise<Page<IncidentAlert>>;
  /** Incidents that this alert is or was in, newest first. */
  /** As `Store.memberships`. */
  memberships(keys: readonly AlertKey[]): Promise<readonly Membership[]>;
  incidentsOf(tenant: string, fingerprint: string, limit: number): Promise<readonly Incident[]>;
  notification(id: string): Promise<Notification | undefined>;
  notifications(query: PageQuery & { receiver?: string; groupId?: string }): Promise<Page<Notification>>;
  deliveries(query: DeliveryQuery): Promise<Page<Delivery>>;
  delivery(id: string): Promise<Delivery | undefined>;
  attempts(deliveryId: string): Promise<readonly Attempt[]>;
  quarantine(
    query: PageQuery & { status?: QuarantineRow['status']; integration?: string },
  ): Promise<Page<Omit<QuarantineRow, 'request'>>>;
  quarantined(id: string): Promise<QuarantineRow | undefined>;
  /** The relevance model of a tenant, when it has learned anything. */
  model(tenant: string): Promise<ScoreModel | undefined>;
  /** What cost centers are charged with, summed over the days; `day` is the first that counted. */
  costs(query: CostQuery): Promise<readonly CostRow[]>;
  /** The last changed first. */
  namespaces(query: NamespaceQuery): Promise<Page<NamespaceRecord>>;
  /** What happened to them, the last recorded first. */
  namespaceEntries(query: NamespaceEntryQuery): Promise<Page<NamespaceEntry>>;
  receipt(signal: string): Promise<ReceiptRow | undefined>;
  /** What was prepared for the records of a partition from this offset on, in their order. */
  prepared(partition: number, offset: number, limit: number): Promise<readonly PreparedRow[]>;
  /** Answers that those name; missing ones are left out. */
  answers(digests: readonly string[]): Promise<readonly Pick<AnswerRow, 'digest' | 'text'>[]>;
  /** What silences and windows were between two times, in the order of the changes. */
  silenceVersions(query: SilenceVersionQuery): Promise<readonly SilenceVersion[]>;
  /** As `Store.connectorState`. */
  connectorState(integration: string, key: string, now: number): Promise<string | undefined>;
  heartbeats(): Promise<readonly Heartbeat[]>;
  positions(): Promise<readonly Position[]>;
  /** Changes after `cursor`, oldest first; `oldest` tells a reader that its cursor has expired. */
  changes(
    cursor: number,
    limit: number,
  ): Promise<{
    readonly rows: readonly ChangeRow[];
    readonly oldest: number;
    readonly newest: number;
  }>;
  revisions(limit: number): Promise<readonly { id: string; at: number }[]>;
  counts(): Promise<StoreCounts>;
  close(): Promise<void>;
}

export interface PageQuery {
  readonly limit: number;
  /** Opaque, from a former page's `next`. */
  readonly cursor?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

export interface AlertQuery extends PageQuery {
  readonly tenant?: string;
  readonly status?: AlertStatus;
  readonly state?: LifecycleState;
  readonly assignee?: string;
  /** A level of the incident response procedures. */
  readonly level?: string;
  /** Only those that fire and that nobody has acknowledged in time, or only others. */
  readonly overdue?: boolean;
  readonly severity?: string;
  readonly integration?: string;
  readonly matchers?: readonly Matcher[];
}

export interface SilenceQuery extends PageQuery {
  readonly tenant?: string;
  readonly kind?: Silence['kind'];
  /** Only those that end after this time. */
  readonly endsAfter?: number;
}

export interface SilenceVersionQuery {
  /** Those that stood at some time from `from` on, and before `to`. */
  readonly from: number;
  readonly to: number;
  /** The `seq` of the last one of the page before; 0 for the first page. */
  readonly after: number;
  readonly limit: number;
}

export interface NamespaceQuery extends PageQuery {
  readonly tenant?: string;
  readonly cluster?: string;
  readonly namespace?: string;
  readonly environment?: string;
  readonly state?: NamespaceRecord['state'];
}

export interface NamespaceEntryQuery extends Omit<NamespaceQuery, 'environment' | 'state'> {
  /** Only what went past every gate. */
  readonly isUnapproved?: boolean;
}

export interface ApprovalQuery extends PageQuery {
  readonly tenant?: string;
  readonly state?: ApprovalState;
  readonly subject?: ApprovalSubject;
}

export interface WorkflowRunQuery extends PageQuery {
  readonly tenant?: string;
  readonly status?: RunStatus;
  readonly rule?: string;
  readonly subject?: RunSubject;
}

export interface CostQuery {
  readonly tenant?: string;
  /** Days since 1 January 1970, the last one exclusive. */
  readonly fromDay: number;
  readonly toDay: number;
  readonly limit: number;
}

export interface IncidentQuery extends PageQuery {
  readonly tenant?: string;
  /** As in `AlertQuery`. */
  readonly level?: string;
  readonly overdue?: boolean;
  readonly status?: readonly IncidentStatus[];
  readonly severity?: string;
  readonly assignee?: string;
}

export interface DeliveryQuery extends PageQuery {
  readonly status?: readonly DeliveryStatus[];
  readonly integration?: string;
  readonly receiver?: string;
  readonly priority?: Priority;
  readonly notificationId?: string;
  readonly groupId?: string;
}

export interface StoreCounts {
  readonly alertsFiring: number;
  readonly alertsResolved: number;
  readonly groups: number;
  readonly deliveries: Readonly<Partial<Record<DeliveryStatus, number>>>;
  readonly quarantined: number;
  /** Milliseconds since the epoch at which the oldest pending delivery was created. */
  readonly oldestPendingAt?: number;
}

/** One entry of the live stream. */
export interface ChangeRow extends Change {
  readonly seq: number;
  /** What a list needs to show of it, as it is now; empty when it was forgotten since. */
  readonly data: Readonly<Record<string, unknown>>;
}
