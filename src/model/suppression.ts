/**
 * Why nobody is told about an alert for the time being. Suppression holds and never deletes: what still fires when it ends is told then. People
 * and configuration may hold anything; what the hub finds by itself never holds what is critical in production.
 */
export type SuppressionReason = 'muted' | 'inactive' | PeoplesReason | FoundReason | ToldReason;

/** Said by a person or by the configuration. */
type PeoplesReason = 'silenced' | 'maintenance' | 'snoozed' | 'inhibited' | 'filtered';
/** Found by the hub. */
type FoundReason = 'dependency' | 'flapping' | 'storm' | 'low_score';
/** Said by the configuration, found by the hub. */
type ToldReason = 'incident';

export interface Suppression {
  readonly reason: SuppressionReason;
  /** What says so: the id of a silence, a window, a rule, a time interval, or the fingerprint of the alert that inhibits. */
  readonly rule: string;
  /** In the words of whoever said it. */
  readonly comment?: string;
  /** When it ends, as far as can be told. */
  readonly until?: number;
}
