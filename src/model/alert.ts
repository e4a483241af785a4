import type { AlertStatus, Priority } from '@signalbox/sdk';
import type { Decision } from './decision.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { Labels } from './matcher.ts';
import type { Facts } from './prepared.ts';
import type { Suppression } from './suppression.ts';

/**
 * The current state of one alert identity (tenant and fingerprint), folded from events. A re-fire after a resolve is a
 * new episode.
 */
export interface Alert {
  readonly tenant: string;
  /** 16 hexadecimal digits: Alertmanager's FNV-1a over the labels, or over the source's key. */
  readonly fingerprint: string;
  readonly status: AlertStatus;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly severity: string;
  readonly priority: Priority;
  /** Integration of the newest event. */
  readonly integration: string;
  /** Counts re-fires, from 1. */
  readonly episode: number;
  /** The newest of its earlier episodes, oldest first; absent until it fires again. */
  readonly past?: readonly Episode[];
  /** Events folded into this episode; duplicates are not counted. */
  readonly occurrences: number;
  /** Milliseconds since the epoch, as are all times of the model. */
  readonly startsAt: number;
  /** When resolved: when it ended. When firing: when it resolves unless repeated, if it does. */
  readonly endsAt?: number;
  /** The end of a firing alert was named by its sender and is no time-out. */
  readonly endsAsSaid?: true;
  /** Its sender asks for this time-out. */
  readonly resolveAfterMs?: number;
  /** Newest signal about it, duplicates included. */
  readonly lastSeenAt: number;
  /** Newest change of status. */
  readonly changedAt: number;
  /** The time that the newest accepted event speaks of; an older one is out of order. */
  readonly eventAt: number;
  readonly generatorURL?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Id, hash and time of the newest signal that was not a duplicate, for duplicate suppression. */
  readonly signal: string;
  readonly signalHash: string;
  readonly signalAt: number;
  /** The journal's partition whose owner writes this alert. */
  readonly partition: number;
  /** What `prepare` found out; absent when it looked for nothing. */
  readonly facts?: Facts;
  /** Set while a rule or the score of `prepare` holds it. */
  readonly hold?: Suppression;
  /** What people and time have done with it. */
  readonly lifecycle?: Lifecycle;
  /** While it fires: when its lifecycle goes on by itself. */
  readonly dueAt?: number;
  /** Groups that it was in and left, because its labels became others. */
  readonly left?: readonly string[];
  /** What fold decided about it and why, newest last. */
  readonly decisions: readonly Decision[];
}

/** One time that an alert fired and resolved, as it is remembered in later ones. */
export interface Episode {
  /** From 1. */
  readonly episode: number;
  readonly startsAt: number;
  readonly endsAt: number;
  /** Events folded into it. */
  readonly occurrences: number;
  readonly severity: string;
}
