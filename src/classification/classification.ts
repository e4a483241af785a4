/** What is known of a namespace. Everything but the name is optional; what is missing says nothing. */
export interface NamespaceFacts {
  readonly namespace: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly cluster?: string;
  /** What a directory or catalog knows of the owner: `{ team: 'payments', cost_center: '4711' }`. */
  readonly owner?: Readonly<Record<string, string>>;
}

export const SOURCES = ['name', 'label', 'annotation', 'cluster', 'owner'] as const;
export type Source = (typeof SOURCES)[number];

/** The environments that always exist; rule sets may declare more. */
export const ENVIRONMENTS = ['production', 'staging', 'development', 'testing'] as const;

/**
 * `certain`: all that was said agrees. `contradictory`: it does not, so the namespace counts as production. `unknown`: nothing was
 * said, so it counts as production as well.
 */
export type Certainty = 'certain' | 'contradictory' | 'unknown';

/** A rule whose expression failed on the namespace. It was passed over, and what it would have said is unclear. */
export interface Trouble {
  readonly rule: string;
  /** Which part failed and why; never what the namespace holds. */
  readonly problem: string;
}

/** One thing that was said about the environment, by which rule, and whether it was heard. */
export interface Reason {
  /** The id of the rule; `not-understood` for the value of an environment label that no rule knows. */
  readonly rule: string;
  /** `condition` for a rule that has an expression alone. */
  readonly source: Source | 'condition';
  /** Of a label, an annotation or a field of the owner. */
  readonly key?: string;
  /** The words that the rule saw: `pre-prod`; the expression that held, or failed. */
  readonly input: string;
  /** An environment, `nonproduction`, or `unclear`. */
  readonly says: string;
  /** False when something that goes before it said otherwise; `why` tells what. */
  readonly isHeard: boolean;
  readonly why?: string;
}

/** One breach of a naming standard. */
export interface Finding {
  /** The id of the standard. */
  readonly standard: string;
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

export interface Classification {
  readonly namespace: string;
  /** `production`, `staging`, `development`, `testing`, or one that the rules declare. */
  readonly environment: string;
  /** Whether it has to be treated as production; also true for declared environments that say so. */
  readonly isProduction: boolean;
  readonly certainty: Certainty;
  /** Empty when nothing was said. */
  readonly reasons: readonly Reason[];
  readonly tenant?: string;
  readonly businessUnit?: string;
  /** Breaches of naming standards, and tenants that can't be told apart. */
  readonly findings: readonly Finding[];
  /** Absent when nothing failed. */
  readonly troubles?: readonly Trouble[];
}
