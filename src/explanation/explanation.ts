import type { AlertStatus, Priority } from '@signalbox/sdk';
import type { DeliveryStatus } from '../model/delivery.ts';

/** Why an alert was or was not told, to whom, and what happens next. Times are milliseconds since the epoch. */
export interface Explanation {
  readonly alert: ExplainedAlert;
  readonly verdict: Verdict;
  /** The verdict as a sentence for people. */
  readonly answer: string;
  /** In the order of the flow; every stage is there, also one that has nothing to say. */
  readonly chain: readonly ChainStep[];
  /** Newest first. */
  readonly told: readonly Telling[];
  /** Earliest first. */
  readonly next: readonly NextEvent[];
}

export interface ExplainedAlert {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly status: AlertStatus;
  readonly severity: string;
  readonly priority: Priority;
  readonly episode: number;
  readonly startsAt: number;
}

export const VERDICTS = [
  /** At least one integration was told that it fires. */
  'told',
  /** Something holds it: a silence, a window, an inhibition, a mute time, a rule. */
  'held',
  /** Its group has not looked yet. */
  'waiting',
  /** A message is on its way for the first time. */
  'sending',
  /** A message was tried, and is tried again. */
  'failing',
  /** Every message was given up. */
  'failed',
  /** The receiver names nobody. */
  'no_recipient',
  /** It was over before anybody was told. */
  'resolved_untold',
  /** A person closed it. */
  'closed',
  /** What is kept does not say. */
  'unknown',
] as const;
export type Verdict = (typeof VERDICTS)[number];

export const CHAIN_STAGES = [
  'receive',
  'normalise',
  'classify',
  'filter',
  'enrich',
  'prioritise',
  'score',
  'fold',
  'lifecycle',
  'analyse',
  'correlate',
  'route',
  'group',
  'suppress',
  'flush',
  'deliver',
  'workflow',
] as const;
export type ChainStage = (typeof CHAIN_STAGES)[number];

export interface ChainStep {
  readonly stage: ChainStage;
  readonly entries: readonly ChainEntry[];
}

export interface ChainEntry {
  readonly text: string;
  /** What said so: a rule, a route, an integration. */
  readonly rule?: string;
  /** When it was last so. */
  readonly at?: number;
  /** How often, when it was counted. */
  readonly count?: number;
  /** `bad`: something failed or is missing; `held`: it keeps people from being told. */
  readonly tone?: 'good' | 'bad' | 'held';
}

/** One message in the alert's name, and what became of it. */
export interface Telling {
  readonly at: number;
  readonly integration: string;
  readonly receiver: string;
  readonly deliveryId: string;
  /** What the message says of the alert. */
  readonly says: AlertStatus;
  /** Why it was told: `first`, `repeat` and so on; absent of messages of older versions. */
  readonly why?: string;
  readonly status: DeliveryStatus;
  /** The integration that it stands in for. */
  readonly insteadOf?: string;
  /** What became of it, in words. */
  readonly outcome: string;
  readonly attempts: readonly { readonly at: number; readonly outcome: string; readonly detail: string }[];
}

export interface NextEvent {
  readonly at: number;
  readonly kind:
    | 'flush'
    | 'repeat'
    | 'retry'
    | 'deadline'
    | 'release'
    | 'expiry'
    | 'lifecycle'
    | 'incident'
    | 'workflow';
  readonly text: string;
}
