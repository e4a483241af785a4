import type { AlertStatus } from './event.ts';

/** `critical` goes first and is sent again when it is unknown whether it arrived; `info` is not. */
export type Priority = 'critical' | 'warning' | 'info';

/** Why a group is told: the words of the flush that decided it. */
export type NotificationReason =
  | 'first'
  | 'new_alerts'
  | 'some_resolved'
  | 'all_resolved'
  /** An alert counts for more than when it was told. */
  | 'raised'
  /** What was snoozed after it was told fires on. */
  | 'snooze_ended'
  /** What the hub says of an incident or an approval is no longer what it was. */
  | 'updated'
  | 'repeat';

/** One alert as a notification shows it. Times are RFC 3339 in UTC. */
export interface NotifiedAlert {
  readonly status: AlertStatus;
  /** 16 hexadecimal digits, as in Alertmanager. */
  readonly fingerprint: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  /** Set when resolved. */
  readonly endsAt?: string;
  readonly generatorURL?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** What the hub knows of it beside that, plain JSON: `environment`, `criticality`, `slo`, `costCenter`, `compliance`, `reasons`, `assessment` (level and what gave it), `score`. */
  readonly facts?: Readonly<Record<string, unknown>>;
  /** What enrichment found, by the names that the configuration gives; plain JSON. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Enrichments that found nothing in time, with the reason. */
  readonly missing?: Readonly<Record<string, string>>;
  /** What machines made of it, once they have answered: no person has checked it, and messages that show it say so. */
  readonly analysis?: {
    readonly machineMade: true;
    readonly summary?: string;
    readonly probableCause?: string;
    readonly runbook?: string;
    /** The integration that said so, and when. */
    readonly by?: string;
    readonly at?: string;
    /** Relevance from 0 to 1 by another system. */
    readonly score?: {
      readonly value: number;
      readonly why: string;
      readonly by: string;
      readonly at: string;
    };
  };
}

/** What made the hub hand something over: the alert fires, it resolved, an incident was opened, or a person asked for it. */
export type WorkflowTrigger = 'firing' | 'resolved' | 'incident' | 'person';

/** What an engine is asked for. */
export interface WorkflowRequest {
  /** The hub's id of the run, `w_` and hexadecimal digits: the same for every attempt to start it. */
  readonly id: string;
  /** The rule of the configuration that asks for it. */
  readonly rule: string;
  readonly trigger: WorkflowTrigger;
  /** What the rule's `inputs` came to. */
  readonly inputs: Readonly<Record<string, string>>;
  /** Of a run about an incident. Its cause is the one alert of the notification. */
  readonly incident?: {
    readonly id: string;
    readonly title: string;
    readonly severity: string;
    /** How many alerts it has, and how many of them fire. */
    readonly alerts: number;
    readonly firing: number;
  };
  /** Who asked for it, as claimed; absent when the hub did by itself. */
  readonly requestedBy?: string;
  /** Who agreed to it, as claimed; absent when nobody was asked. */
  readonly approvedBy?: string;
}

/**
 * How critical something is under the organization's incident response procedures, and what they ask for. Durations are in milliseconds.
 *
 * @example
 * { level: 'SEV1', rule: 'extensive × high', definedAt: 'signalbox.yaml:41', acknowledgeWithinMs: 300000, lead: 'incident commander' }
 */
export interface NotifiedAssessment {
  /** The level of the procedures. */
  readonly level: string;
  readonly title?: string;
  /** What gave the level: a criterion by its id, or a cell of the matrix. */
  readonly rule: string;
  /** Where the configuration says so. */
  readonly definedAt: string;
  /** Where the organization says so. */
  readonly source?: string;
  readonly impact?: string;
  readonly urgency?: string;
  readonly acknowledgeWithinMs?: number;
  /** RFC 3339: by when that is. */
  readonly acknowledgeBy?: string;
  readonly updateEveryMs?: number;
  /** Who leads the response. */
  readonly lead?: string;
  readonly runbookUrl?: string;
  /** The first steps. */
  readonly steps?: readonly string[];
}

/**
 * A message meant for a receiver: a snapshot of one group at one flush. It never changes after it was created,
 * so that every attempt and every fallback says the same thing.
 *
 * @example
 * { id: 'n_…', groupId: 'g_…', generation: 3, status: 'firing', receiver: 'on-call', priority: 'critical', alerts: [ … ] }
 */
export interface Notification {
  readonly id: string;
  readonly tenant: string;
  /** Stable for the life of a group: what a notifier keeps its message or thread under. */
  readonly groupId: string;
  /** Alertmanager's group key, e.g. `{}:{alertname="DiskFull"}`. */
  readonly groupKey: string;
  /** Counts the flushes of the group, from 1. A higher generation supersedes a lower one. */
  readonly generation: number;
  readonly receiver: string;
  /** `firing` while at least one alert fires. */
  readonly status: AlertStatus;
  readonly priority: Priority;
  /** Why it is told; absent in notifications that nothing caused, such as a test. */
  readonly reason?: NotificationReason;
  /** The gravest level of the alerts that fire (of all when none fires); absent where there are no procedures. */
  readonly assessment?: NotifiedAssessment;
  /** Labels of the route, as Go templates: Alertmanager's `routeLabels`. */
  readonly routeLabels?: Readonly<Record<string, string>>;
  readonly groupLabels: Readonly<Record<string, string>>;
  readonly commonLabels: Readonly<Record<string, string>>;
  readonly commonAnnotations: Readonly<Record<string, string>>;
  /** Firing first, then resolved; within each by start time. At most `maxAlerts` of the route's group. */
  readonly alerts: readonly NotifiedAlert[];
  /** How many alerts of the group are left out of `alerts`. */
  readonly truncatedAlerts: number;
  /** RFC 3339: when the flush decided to tell. */
  readonly createdAt: string;
  /** True when it is told late, after an outage or a slow start. */
  readonly late: boolean;
  /** Where people find this hub, without a trailing slash. */
  readonly externalURL: string;
  /** Set when it is meant for a workflow engine, and not for people. */
  readonly run?: WorkflowRequest;
}

/** What the vendor said when it took the notification. */
export interface Receipt {
  /** The vendor's id of the message, when it gives one. */
  readonly vendorId?: string;
  /** One line for people, e.g. `202 Accepted`. Never holds a secret. */
  readonly summary: string;
}
