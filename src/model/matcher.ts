/** One label matcher with Alertmanager's meaning: a missing label has the value ''. Regular expressions are anchored. */
export interface Matcher {
  readonly name: string;
  readonly op: '=' | '!=' | '=~' | '!~';
  readonly value: string;
  /** Compiled once; linear in the length of the value. */
  readonly test: (value: string) => boolean;
}

export type Labels = Readonly<Record<string, string>>;

/** Whether all matchers accept the labels. */
export function matches(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every((matcher) => matcher.test(labelValue(labels, matcher.name)));
}

/** Never what an object inherits: `constructor` is a name that a label may have. */
export function labelValue(labels: Labels, name: string): string {
  const value = labels[name];
  return typeof value === 'string' ? value : '';
}
