import type { NamespaceFacts } from './classification.ts';

/** A namespace with the answer that is expected. */
export interface ExpectedCase {
  readonly facts: NamespaceFacts;
  readonly environment: string;
  /** Whether the answer is clear. What is not has to count as production. */
  readonly isClear: boolean;
  /** From 1, in the file. */
  readonly line: number;
}

export interface CaseProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const COLUMNS = ['name', 'labels', 'cluster', 'environment', 'clarity', 'scheme'] as const;
const REQUIRED = ['name', 'environment'] as const;
/** A list of every namespace of a large company is some 100,000 lines. */
const MAX_LINES = 1_000_000;

type Column = (typeof COLUMNS)[number];

/**
 * Reads a table of expected answers: comma-separated, with a first line that names the columns (`name` and `environment`, and if
 * need be `labels` as `key=value;key=value`, `cluster`, `clarity` as `clear` or `ambiguous`, `scheme`). Values have no commas and no quotes,
 * because names and labels of Kubernetes have none. `required` are the columns without which there is nothing to do. Empty lines and lines that begin with `#` are left out.
 *
 * @example
 * parseCases('name,environment\nshop-dev,development\n').cases[0]?.environment; // 'development'
 */
export function parseCases(
  text: string,
  required: readonly Column[] = REQUIRED,
): {
  readonly cases: readonly ExpectedCase[];
  readonly problems: readonly CaseProblem[];
} {
  const lines = text.split(/\r?\n/, MAX_LINES + 1);
  const problems: CaseProblem[] = [];
  const cases: ExpectedCase[] = [];
  if (lines.length > MAX_LINES) {
    return { cases, problems: [{ line: MAX_LINES + 1, column: 1, message: `more than ${MAX_LINES} lines` }] };
  }
  let columns: readonly string[] | undefined;
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '' || content.startsWith('#')) continue;
    const line = index + 1;
    const cells = content.split(',').map((cell) => cell.trim());
    if (columns === undefined) {
      columns = cells;
      problems.push(...checkColumns(content, cells, line, required));
      if (problems.length > 0) break;
    } else {
      const read = readCase(content, columns as readonly Column[], cells, line, required);
      if ('message' in read) problems.push(read);
      else cases.push(read);
    }
  }
  if (columns === undefined) problems.push({ line: 1, column: 1, message: 'the table is empty' });
  return { cases, problems };
}

function checkColumns(
  content: string,
  cells: readonly string[],
  line: number,
  required: readonly Column[],
): readonly CaseProblem[] {
  const unknown = cells.filter((cell) => !(COLUMNS as readonly string[]).includes(cell));
  const missing = required.filter((column) => !cells.includes(column));
  return [
    ...unknown.map((cell) => ({
      line,
      column: Math.max(0, content.indexOf(cell)) + 1,
      message: `unknown column ${JSON.stringify(cell)}; known: ${COLUMNS.join(', ')}`,
    })),
    ...missing.map((column) => ({ line, column: 1, message: `the column "${column}" is missing` })),
  ];
}

function readCase(
  content: string,
  columns: readonly Column[],
  cells: readonly string[],
  line: number,
  required: readonly Column[],
): ExpectedCase | CaseProblem {
  const columnOf = (index: number): number =>
    cells.slice(0, index).reduce((sum, cell) => sum + cell.length + 1, 1);
  if (content.includes('"')) {
    return { line, column: content.indexOf('"') + 1, message: 'quotes are not understood here' };
  }
  if (cells.length !== columns.length) {
    return { line, column: 1, message: `expected ${columns.length} values, found ${cells.length}` };
  }
  const valueOf = (column: Column): string => cells[columns.indexOf(column)] ?? '';
  const empty = required.find((column) => valueOf(column) === '');
  if (empty !== undefined) {
    return { line, column: columnOf(columns.indexOf(empty)), message: `the ${empty} is missing` };
  }
  const clarity = valueOf('clarity');
  if (!['', 'clear', 'ambiguous'].includes(clarity)) {
    return { line, column: columnOf(columns.indexOf('clarity')), message: 'expected clear or ambiguous' };
  }
  const labels = readLabels(valueOf('labels'));
  if (!labels) {
    return {
      line,
      column: columnOf(columns.indexOf('labels')),
      message: 'expected labels as key=value;key=value',
    };
  }
  const cluster = valueOf('cluster');
  return {
    facts: { namespace: valueOf('name'), labels, ...(cluster === '' ? {} : { cluster }) },
    environment: valueOf('environment'),
    isClear: clarity !== 'ambiguous',
    line,
  };
}

function readLabels(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text === '' ? [] : text.split(';').map((pair) => /^([^=]+)=(.*)$/.exec(pair.trim()));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]));
}
