import type { Labels } from '../model/matcher.ts';
import type { PolicyReason } from '../model/prepared.ts';

/** What can be expected of an alert; an empty cell is not asked. */
export const ANSWERS = [
  'priority',
  'criticality',
  'slo',
  'cost_center',
  'business_unit',
  'compliance',
  'level',
] as const;
export type Answer = PolicyReason['field'] | 'level';
/** In a cell: nothing is right. */
export const NOTHING = '-';

/** An alert with the answers that are right. */
export interface ExpectedPriority {
  readonly environment?: string;
  readonly labels: Labels;
  readonly at: number;
  readonly expected: Readonly<Partial<Record<Answer, string>>>;
  /** From 1, in the file. */
  readonly line: number;
}

export interface CaseProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

const COLUMNS = ['environment', 'labels', 'at', ...ANSWERS] as const;
const MAX_LINES = 1_000_000;
const PRIORITIES = ['critical', 'warning', 'info'];

/**
 * Reads a table of alerts with expected answers: comma-separated, with a first line that names the columns: `labels` as `key=value;key=value` and `at` in
 * RFC 3339, and as wanted `environment` (empty: nobody knows), `priority`, `criticality`, `slo`, `cost_center`, `business_unit`, `compliance` (several with
 * `;`) and `level`. `-` means that nothing is right. Values have no commas and no quotes. Empty lines and lines that begin with `#` are left out.
 *
 * @example
 * parsePriorityCases('labels,at,priority\nseverity=page,2026-01-05T10:00:00Z,critical\n').cases[0]?.expected.priority; // 'critical'
 */
export function parsePriorityCases(text: string): {
  readonly cases: readonly ExpectedPriority[];
  readonly problems: readonly CaseProblem[];
} {
  const lines = text.split(/\r?\n/, MAX_LINES + 1);
  const problems: CaseProblem[] = [];
  const cases: ExpectedPriority[] = [];
  if (lines.length > MAX_LINES)
    return { cases, problems: [{ line: MAX_LINES + 1, column: 1, message: `more than ${MAX_LINES} lines` }] };
  let columns: readonly string[] | undefined;
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '' || content.startsWith('#')) continue;
    const line = index + 1;
    const cells = content.split(',').map((cell) => cell.trim());
    if (columns === undefined) {
      columns = cells;
      problems.push(...checkColumns(cells, line));
      if (problems.length > 0) break;
    } else {
      const read = readCase(content, columns, cells, line);
      if ('message' in read) problems.push(read);
      else cases.push(read);
    }
  }
  if (columns === undefined) problems.push({ line: 1, column: 1, message: 'the table is empty' });
  return { cases, problems };
}

function checkColumns(cells: readonly string[], line: number): readonly CaseProblem[] {
  const unknown = cells.filter((cell) => !(COLUMNS as readonly string[]).includes(cell));
  const missing = ['labels', 'at'].filter((column) => !cells.includes(column));
  const twice = cells.filter((cell, index) => cells.indexOf(cell) !== index);
  return [
    ...unknown.map((cell) => `there is no column ${JSON.stringify(cell)}; known: ${COLUMNS.join(', ')}`),
    ...missing.map((column) => `the column ${column} is missing`),
    ...twice.map((column) => `the column ${column} stands here twice`),
  ].map((message) => ({ line, column: 1, message }));
}

function readCase(
  content: string,
  columns: readonly string[],
  cells: readonly string[],
  line: number,
): ExpectedPriority | CaseProblem {
  const problem = (column: string, message: string): CaseProblem => {
    const before = cells.slice(0, columns.indexOf(column));
    return { line, column: before.reduce((sum, cell) => sum + cell.length + 1, 1), message };
  };
  if (content.includes('"'))
    return { line, column: content.indexOf('"') + 1, message: 'quotes are not understood here' };
  if (cells.length !== columns.length)
    return { line, column: 1, message: `expected ${columns.length} values, found ${cells.length}` };
  const valueOf = (column: string): string => cells[columns.indexOf(column)] ?? '';
  const at = Date.parse(valueOf('at'));
  if (Number.isNaN(at)) return problem('at', 'expected a time such as 2026-01-05T10:00:00Z');
  const labels = readLabels(valueOf('labels'));
  if (!labels) return problem('labels', 'expected labels as key=value;key=value');
  const priority = valueOf('priority');
  if (![...PRIORITIES, ''].includes(priority))
    return problem('priority', `expected ${PRIORITIES.join(', ')} or nothing`);
  const expected = ANSWERS.map((answer) => [answer, valueOf(answer)] as const).filter(
    ([, value]) => value !== '',
  );
  const environment = valueOf('environment');
  return {
    ...(environment === '' ? {} : { environment }),
    labels,
    at,
    expected: Object.fromEntries(expected),
    line,
  };
}

function readLabels(text: string): Labels | undefined {
  const pairs = text === '' ? [] : text.split(';').map((pair) => /^([^=]+)=(.*)$/.exec(pair.trim()));
  if (pairs.includes(null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair![1]!, pair![2]!]));
}
