import { Fault } from '@signalbox/sdk';
import type { TableConfig } from './config.ts';

export type Row = Readonly<Record<string, unknown>>;

/** A table made ready for look-ups. */
export interface RowIndex {
  readonly rows: number;
  /** @param values of the matched columns, in their order */
  find(values: readonly string[]): Row | undefined;
}

/** A cell that takes any value. */
const ANY = '*';
const MAX_ROWS = 200_000;
/** These are tried one after the other. */
const MAX_PATTERNS = 1_000;

/**
 * Rows without `*` are found by their key; the others are tried in their order.
 *
 * @throws Fault `SB_CONFIG` when a row lacks a matched column, or there are too many rows
 */
export function indexRows(rows: readonly Row[], { match, fields }: TableConfig): RowIndex {
  if (rows.length > MAX_ROWS) throw wrong(`it has more than ${MAX_ROWS} rows`);
  const columns = Object.keys(match);
  const exact = new Map<string, Row>();
  const patterns: { readonly values: readonly string[]; readonly row: Row }[] = [];
  rows.forEach((row, index) => {
    const values = columns.map((column) => {
      const cell = Object.hasOwn(row, column) ? row[column] : undefined;
      if (cell === undefined || cell === null || typeof cell === 'object') {
        throw wrong(`row ${index + 1} has no text in the column ${column}`);
      }
      return typeof cell === 'string' ? cell : JSON.stringify(cell);
    });
    const own = pick(row, columns, fields);
    const key = keyOf(values);
    if (values.includes(ANY)) patterns.push({ values, row: own });
    else if (!exact.has(key)) exact.set(key, own);
  });
  if (patterns.length > MAX_PATTERNS) throw wrong(`more than ${MAX_PATTERNS} rows have a cell ${ANY}`);
  return {
    rows: rows.length,
    find: (values) =>
      exact.get(keyOf(values)) ?? patterns.find((pattern) => fits(pattern.values, values))?.row,
  };
}

function pick(row: Row, matched: readonly string[], fields: readonly string[] | undefined): Row {
  const wanted = fields ?? Object.keys(row).filter((column) => !matched.includes(column));
  return Object.fromEntries(
    wanted
      .filter((column) => Object.hasOwn(row, column))
      .map((column) => [column, row[column]] as const)
      .filter(([, cell]) => cell !== '' && cell !== null && cell !== undefined),
  );
}

function fits(pattern: readonly string[], values: readonly string[]): boolean {
  return pattern.every((cell, index) => cell === ANY || cell === values[index]);
}

function keyOf(values: readonly string[]): string {
  return JSON.stringify(values);
}

function wrong(what: string): Fault {
  return new Fault('SB_CONFIG', `the table can't be used: ${what}`, { field: 'config.file' });
}
