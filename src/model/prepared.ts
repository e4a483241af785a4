import type { AlertData, Priority } from '@signalbox/sdk';
import type { Analysis } from './analysis.ts';
import type { Assessment } from './assessment.ts';
import type { Decision } from './decision.ts';
import type { Suppression } from './suppression.ts';

/**
 * What is known of an alert beside what its source said: found in `prepare`, stored with the alert, and read by rules, templates and people.
 * A field is absent when nothing said anything about it.
 */
export interface Facts {
  /** `production`, `staging`, `development`, `testing` or one that the rules declare; unknown and contradictory count as production. */
  readonly environment?: string;
  readonly certainty?: 'certain' | 'contradictory' | 'unknown';
  /** Whether it is to be treated as production; environments that rules declare may say so as well. */
  readonly isProduction?: boolean;
  /** Breaches of naming standards by its namespace. */
  readonly findings?: readonly {
    readonly standard: string;
    readonly message: string;
    readonly advice: string;
  }[];
  readonly businessUnit?: string;
  /** How much the workload matters, by the words of the configuration, e.g. `tier-1`. */
  readonly criticality?: string;
  readonly slo?: string;
  readonly costCenter?: string;
  readonly compliance?: readonly string[];
  /** Which policy of business priority set what, by its place in the list from 1. */
  readonly reasons?: readonly PolicyReason[];
  /** Its level under the incident response procedures. */
  readonly assessment?: Assessment;
  /** Relevance from 0 to 1 with what spoke for it; a rule decides what it may do, and it never drops. */
  readonly score?: { readonly value: number; readonly why: readonly { feature: string; weight: number }[] };
  /** What enrichment found, by the id of the enrichment; plain JSON. */
  readonly context?: Readonly<Record<string, unknown>>;
  /** Enrichments that found nothing in time, with the reason. */
  readonly missing?: Readonly<Record<string, string>>;
  /** What machines made of this episode, after it was stored; it stays with the episode, whatever is said of the alert later. */
  readonly analysis?: Analysis;
}

export interface PolicyReason {
  readonly field: 'priority' | 'criticality' | 'slo' | 'cost_center' | 'business_unit' | 'compliance';
  readonly value: string;
  readonly policy: string;
  readonly position: number;
}

/** A decision as a stage makes it; when and how often is added where it is stored. */
export type Made = Omit<Decision, 'at' | 'count'>;

/** One event after `prepare`, ready for the fold. Everything impure is over: replay reads this and calls nobody. */
export interface Prepared {
  /** Mapped and relabelled. The fingerprint was taken before. */
  readonly data: AlertData;
  /** Absent: by the severity. */
  readonly priority?: Priority;
  readonly facts: Facts;
  /** A rule or the score holds it; it is kept and shown, and nobody is told while this stands. */
  readonly hold?: Suppression;
  readonly decisions: readonly Made[];
}

/** How the outcome of a stage begins that could not do its work; the alert went on without it. */
export const FAILED = 'failed: ';
