import type { AlertStatus, Priority } from '@signalbox/sdk';
import type { Assessment } from './assessment.ts';
import type { Decision } from './decision.ts';

export const INCIDENT_STATUSES = ['open', 'acknowledged', 'resolved', 'closed'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

/** What people respond to: correlated alerts with an owner, an acknowledgement and a timeline. */
export interface Incident {
  /** Begins with its time, so that ids sort as they were opened. */
  readonly id: string;
  readonly tenant: string;
  /** The correlation scope that it was opened in: one writer at a time, as with a group. */
  readonly scopeId: string;
  /** Scopes of incidents that people merged into it: it goes on with their alerts, and new ones of theirs open an incident of their own. */
  readonly takenOver?: readonly string[];
  /** The id of the correlation rule that opened it. */
  readonly rule: string;
  /** Counts changes. Whoever writes names the version that was read, so that no change overwrites another. */
  readonly version: number;
  readonly status: IncidentStatus;
  /** What its cause says of itself, in a line. */
  readonly title: string;
  /** The highest that any of its alerts had; raised by `incidents.escalate_after`, never lowered. */
  readonly severity: string;
  readonly priority: Priority;
  /** Alerts that joined it, and those of them that fire. An alert that a merge finds in both is counted twice. */
  readonly alerts: number;
  readonly firing: number;
  /** Earliest start of its alerts. */
  readonly startsAt: number;
  readonly openedAt: number;
  readonly changedAt: number;
  readonly resolvedAt?: number;
  readonly closedAt?: number;
  /** Set while nothing about it changed for `incidents.stale_after`. */
  readonly staleSince?: number;
  /** The gravest that any of its alerts had. */
  readonly assessment?: Assessment;
  /** By when its level asked for an acknowledgement that did not come; only while it is open. */
  readonly overdueSince?: number;
  readonly assignee?: string;
  readonly acknowledgement?: { readonly by: string; readonly at: number; readonly note?: string };
  /** The alert that most likely caused the others. */
  readonly cause: Cause;
  /** Deployments and changes of configuration near the start, newest last. */
  readonly changes: readonly ChangeNote[];
  /** What later alerts are compared with. */
  readonly facets: readonly Facet[];
  /** How many steps of `incidents.escalate_after` were taken. */
  readonly escalations: number;
  /** The incident that took over its alerts. */
  readonly mergedInto?: string;
  /** Why alerts are in it: which rule, from which inputs. */
  readonly decisions: readonly Decision[];
  /** Newest last, bounded. */
  readonly timeline: readonly TimelineEntry[];
  /** When it changes by itself, if it does. The timer is this column. */
  readonly dueAt?: number;
}

export interface Cause {
  readonly fingerprint: string;
  readonly title: string;
  readonly service?: string;
  readonly startsAt: number;
  /**
   * `parent`: the rule's `parent` matchers name it. `upstream`: its service has the fewest services that it depends on. `first`: it began
   * before the others.
   */
  readonly why: 'parent' | 'upstream' | 'first';
  /** How many services its own depends on; -1 where a rule names it as the parent. The lowest is the cause, then the earliest. */
  readonly depth: number;
}

/** Alerts of an incident that are alike for correlation: same service, same words, starts that lie within the window of each other. */
export interface Facet {
  readonly service?: string;
  /** Hashes of the words, ascending; absent where the rule does not compare texts. */
  readonly words?: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** A deployment or a change of configuration. */
export interface ChangeNote {
  readonly at: number;
  readonly what: string;
  /** The alert or the enrichment that told of it. */
  readonly source: string;
}

export interface TimelineEntry {
  readonly at: number;
  readonly kind:
    | 'opened'
    | 'joined'
    | 'acknowledged'
    | 'assigned'
    | 'resolved'
    | 'reopened'
    | 'closed'
    | 'merged'
    | 'escalated'
    | 'overdue'
    | 'stale';
  /** Who said so; absent: the hub. */
  readonly by?: string;
  readonly text: string;
}

/** An alert's place in an incident. It stays after the alert has resolved, because people ask what belonged to it. */
export interface IncidentMember {
  readonly incidentId: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly joinedAt: number;
}

/** What fold tells correlation: this alert of this scope changed. Which state it is in now is read from the alert. */
export interface CorrelationWake {
  readonly scopeId: string;
  readonly tenant: string;
  readonly rule: string;
  readonly fingerprint: string;
}

/** Whether alerts may still join it or find it as theirs. */
export function isLive({ status }: Pick<Incident, 'status'>): boolean {
  return status !== 'closed';
}
