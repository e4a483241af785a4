import type { Circumstances } from './rule-settings.ts';

/** The organization's incident response procedures, as plain data. */
export interface ProcedureSettings {
  /** The document that says so. */
  readonly source?: string;
  /** The gravest first. */
  readonly levels: readonly ResponseLevel[];
  /** What has a level of its own, in the order in which it is asked; before the matrix. */
  readonly criteria: readonly LevelCriterion[];
  /** The gravest first; the last one takes whatever is left. Empty: there is no matrix. */
  readonly impact: readonly Grade[];
  readonly urgency: readonly Grade[];
  /** By impact, then by urgency; every pair is there. */
  readonly matrix: Readonly<Record<string, Readonly<Record<string, Cell>>>>;
}

/** What responders have to do about an alert or an incident of this level. */
export interface ResponseLevel {
  readonly id: string;
  readonly title?: string;
  readonly acknowledgeWithinMs?: number;
  readonly updateEveryMs?: number;
  readonly lead?: string;
  readonly runbookUrl?: string;
  readonly steps: readonly string[];
}

export interface LevelCriterion extends Circumstances, Cell {
  readonly id: string;
  readonly source?: string;
}

/** One degree of impact or of urgency. */
export interface Grade extends Circumstances {
  readonly id: string;
}

export interface Cell {
  readonly level: string;
  /** Where the configuration says so, e.g. `signalbox.yaml:41`; it does not count for the revision. */
  readonly definedAt: string;
}
