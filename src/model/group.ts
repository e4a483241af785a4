import type { AlertStatus } from '@signalbox/sdk';
import type { Decision } from './decision.ts';
import type { Labels } from './matcher.ts';

/** Alerts batched for notification by a route, with Alertmanager's meaning. */
export interface Group {
  /** Hash of tenant, route key and group labels: the scope that gather owns. */
  readonly id: string;
  readonly tenant: string;
  readonly routeKey: string;
  /** Alertmanager's group key: `{}:{alertname="DiskFull"}`. */
  readonly groupKey: string;
  readonly labels: Labels;
  readonly receiver: string;
  /** Counts flushes that told something. */
  readonly generation: number;
  /** The newest tick of the group's interval; 0 before the first flush. */
  readonly anchorAt: number;
  /** When the next flush is due. The timer is this column. */
  readonly flushAt: number;
  /** `now` of the newest input; never decreases. */
  readonly now: number;
  /** What each integration of the receiver was told, as Alertmanager's notification log. */
  readonly told: readonly Told[];
  /** Set while what it has to say is held back: since when, why, and until when as far as known. */
  readonly held?: {
    readonly reason: 'muted' | 'inactive';
    readonly rule: string;
    readonly since: number;
    readonly until?: number;
  };
  /** What was decided about it and why, newest last. */
  readonly decisions: readonly Decision[];
}

/** The newest notification to one integration: which fingerprints fired, which were resolved, and when. */
export interface Told {
  readonly integration: string;
  readonly at: number;
  readonly firing: readonly string[];
  /** All that fired, also those beyond what a flush loads. */
  readonly firingCount: number;
  readonly resolved: readonly string[];
  /** First generation since this integration was last told that nothing fires. */
  readonly sinceGeneration: number;
  /** Told as firing before, and suppressed when it was last told: it is owed the resolve. */
  readonly hushed?: readonly string[];
}

/** An alert's place in a group. A resolved member leaves after a flush has told it. */
export interface Member {
  readonly groupId: string;
  readonly fingerprint: string;
}

/** What fold tells gather: this alert, which belongs to this group, changed. */
export interface Wake {
  readonly groupId: string;
  readonly tenant: string;
  readonly routeKey: string;
  readonly labels: Labels;
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly startsAt: number;
}
