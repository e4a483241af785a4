/** What became of an alert, as far as it says whether it was worth telling. */
export const OUTCOME_KINDS = ['acknowledged', 'resolved_by_hand', 'resolved_quickly', 'silenced'] as const;
export type OutcomeKind = (typeof OUTCOME_KINDS)[number];

/** One thing to learn from. Fold leaves it; the owner of the tenant's model takes it. */
export interface Outcome {
  readonly tenant: string;
  readonly kind: OutcomeKind;
  readonly at: number;
  readonly fingerprint: string;
  /** What the alert was scored by, so that it is learned from what was seen then. */
  readonly features: readonly string[];
}

/** What was learned about one feature, beside what is assumed of it from the start. */
export interface LearnedWeight {
  /** Added to the assumed weight; halves with time. */
  readonly value: number;
  /** How much was learned from, which slows further learning; halves as well. */
  readonly evidence: number;
  readonly at: number;
}

/** What became of alerts of one name: enough to say whether they are usually noise. */
export interface Habit {
  readonly relevant: number;
  readonly noise: number;
  readonly at: number;
}

/** The relevance model of one tenant: plain data with one writer. */
export interface ScoreModel {
  readonly tenant: string;
  /** Outcomes learned from, ever. */
  readonly learned: number;
  readonly updatedAt: number;
  readonly weights: Readonly<Record<string, LearnedWeight>>;
  /** By the feature that names the alert: `alertname=DiskFull`. */
  readonly habits: Readonly<Record<string, Habit>>;
}

/** The scope that owns a tenant's model: one node writes it at a time, as with a group. */
export function modelScopeId(tenant: string): string {
  return `model/${tenant}`;
}
