import type { Cluster } from './cluster.ts';
import type { ChaosNode } from './node.ts';
import type { Arrival } from './receiver.ts';

/** Where a fault strikes. */
export interface Scene {
  readonly cluster: Cluster;
  /** The node that sends most when the round begins. */
  readonly victim: ChaosNode;
  /** Counted from 0. */
  readonly round: number;
}

/** One way in which the world can fail. */
export interface Fault {
  readonly name: string;
  /** For the table: what happens. */
  readonly title: string;
  /** From injecting to healing. Default 10.5 s, longer than a lease. */
  readonly holdMs?: number;
  /** Nobody may notice: not one request refused or left without an answer. */
  readonly isPlanned?: boolean;
  /** The cluster is not whole any more afterwards, and the next fault gets another one. */
  readonly spoils?: boolean;
  /** Why it can't be tried here. */
  whyNot?(cluster: Cluster): string | undefined;
  inject(scene: Scene): Promise<void>;
  heal(scene: Scene): Promise<void>;
  /** What only this fault may not lead to; a line per breach. */
  inspect?(round: Round): readonly string[];
}

/** What happened in one round, for a fault's own inspection. Times are milliseconds since the epoch. */
export interface Round {
  readonly victim: string;
  readonly injectedAt: number;
  readonly healedAt: number;
  /** From the fault until that of the next round. */
  readonly arrivals: readonly Arrival[];
}

export const HOLD_MS = 10_500;
