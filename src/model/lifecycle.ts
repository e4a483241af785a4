/** How far people are with an alert; whether it fires is another question. `closed` only ever together with `resolved`. */
export const LIFECYCLE_STATES = ['open', 'acknowledged', 'closed'] as const;
export type LifecycleState = (typeof LIFECYCLE_STATES)[number];

/**
 * What people have done about an alert, and what the hub has done with time. Absent at an alert that nobody and nothing has touched. Names of
 * people are what they said of themselves; nobody has proven them.
 */
export interface Lifecycle {
  readonly state: LifecycleState;
  /** When this state began. */
  readonly at: number;
  /** Who brought it there; absent when the hub did. */
  readonly by?: string;
  readonly assignee?: string;
  readonly snooze?: { readonly until: number; readonly at: number; readonly by?: string };
  /** Oldest first, at most `MAX_COMMENTS`; older ones are forgotten. */
  readonly comments: readonly Comment[];
  /** When this episode was acknowledged first. */
  readonly acknowledgedAt?: number;
  /** Who ended the episode when its source did not; absent as soon as the source says so as well. */
  readonly endedBy?: 'person' | 'age';
  /** Since when it has not been heard of for too long. */
  readonly staleSince?: number;
  /** By when its level asked for an acknowledgement that did not come; until somebody acknowledges it. */
  readonly overdueSince?: number;
  /** How its duration has raised it in this episode. */
  readonly escalation?: Escalation;
  /** Why and when it became worth telling again to those who were told before. */
  readonly renewed?: { readonly at: number; readonly why: 'raised' | 'snooze_ended' | 'updated' };
}

export interface Comment {
  /** Of the command that brought it. */
  readonly id: string;
  readonly at: number;
  readonly by?: string;
  readonly text: string;
}

export interface Escalation {
  /** The rule's place in `lifecycle.escalate`, from 1. */
  readonly rule: number;
  readonly at: number;
  readonly severity?: string;
  readonly priority?: 'critical' | 'warning' | 'info';
}

export const MAX_COMMENTS = 50;
