/** What is wrong with a rule set beyond its form, and where. */
export interface RuleProblem {
  /** `['rules', 3, 'pattern']`. */
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}
