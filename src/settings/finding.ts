/** One problem of a configuration. An error keeps it from being applied; a warning is merely suspicious. */
export interface Finding {
  /** Stable, e.g. `unknown_key`. */
  readonly code: string;
  /** What is wrong and what was expected. Never holds a value that may be a secret. */
  readonly message: string;
  /** The file as it was named; for other sources `environment variable X` or `flag --x`, with line 0. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Where in the configuration: `integrations.prom.auth.bearer`. */
  readonly path: string;
  /** What to do. */
  readonly hint?: string;
}

/** Where something was written. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export const NOWHERE: Place = { file: 'built-in defaults', line: 0, column: 0 };

/** One line for people: `signalbox.yaml:3:5: unknown key "recievers" (did you mean "receivers"?)`. */
export function formatFinding(finding: Finding): string {
  const place = finding.line === 0 ? finding.file : formatPlace(finding);
  return `${place}: ${finding.message}${finding.hint === undefined ? '' : ` (${finding.hint})`}`;
}

export function formatPlace({ file, line, column }: Place): string {
  return line === 0 ? file : `${file}:${line}:${column}`;
}

/** In reading order, each only once. */
export function sortFindings(findings: readonly Finding[]): readonly Finding[] {
  const unique = new Map(findings.map((finding) => [`${formatFinding(finding)} ${finding.path}`, finding]));
  return [...unique.values()].sort(
    (left, right) =>
      Number(left.file > right.file) - Number(left.file < right.file) ||
      left.line - right.line ||
      left.column - right.column,
  );
}
