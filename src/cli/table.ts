import { cleanLine } from '@signalbox/sdk';
import type { Style, Terminal } from './terminal.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'right';
  /** Gives way when the line is too long; ids and numbers don't, because half of them is of no use. */
  readonly isFlexible?: boolean;
}

export type Cell = string | { readonly text: string; readonly style: Style };

const GAP = 2;
const NARROWEST = 8;

/**
 * Aligned columns under their titles, cut to the terminal's width. Into a file or a pipe nothing is cut. Cells are cleaned of control
 * characters, because much of what is shown was written by senders.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  { columns: width, paint }: Pick<Terminal, 'columns' | 'paint'>,
): string {
  const texts = rows.map((row) => row.map((cell) => cleanLine(typeof cell === 'string' ? cell : cell.text)));
  const widths = columns.map(({ title }, index) =>
    Math.max(displayWidth(title), ...texts.map((row) => displayWidth(row[index] ?? ''))),
  );
  if (width !== undefined) fit(widths, columns, width);
  const line = (cells: readonly string[], styleOf: (index: number) => Style | undefined): string =>
    columns
      .map(({ align }, index) => {
        const text = cut(cells[index] ?? '', widths[index]!);
        const style = styleOf(index);
        const shown = style === undefined || text === '' ? text : paint(style, text);
        const space = ' '.repeat(widths[index]! - displayWidth(text));
        return align === 'right' ? space + shown : shown + space;
      })
      .join(' '.repeat(GAP))
      .trimEnd();
  const head = line(
    columns.map(({ title }) => title),
    () => 'bold',
  );
  const body = texts.map((cells, row) =>
    line(cells, (index) => {
      const cell = rows[row]![index];
      return typeof cell === 'object' ? cell.style : undefined;
    }),
  );
  return [head, ...body].join('\n');
}

/** `name  value` lines for one thing; empty values are left out. */
export function renderFields(
  fields: readonly (readonly [name: string, value: Cell | undefined])[],
  { paint }: Pick<Terminal, 'paint'>,
): string {
  const shown = fields.filter(
    (field): field is readonly [string, Cell] => field[1] !== undefined && field[1] !== '',
  );
  const left = Math.max(...shown.map(([name]) => name.length)) + GAP;
  return shown
    .map(([name, cell]) => {
      const text = cleanLine(typeof cell === 'string' ? cell : cell.text);
      return `${paint('dim', name.padEnd(left))}${typeof cell === 'string' ? text : paint(cell.style, text)}`;
    })
    .join('\n');
}

/** Takes from the widest flexible column until the line fits, or nothing can be taken any more. */
function fit(widths: number[], columns: readonly Column[], limit: number): void {
  const total = (): number => widths.reduce((sum, one) => sum + one, 0) + GAP * (widths.length - 1);
  while (total() > limit) {
    let widest = -1;
    columns.forEach(({ isFlexible }, index) => {
      if (isFlexible && widths[index]! > NARROWEST && widths[index]! > (widths[widest] ?? 0)) widest = index;
    });
    if (widest < 0) return;
    widths[widest]! -= 1;
  }
}

/** Cut to a width, the last place being an ellipsis. */
function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = displayWidth(segment);
    if (used + next > width - 1) break;
    kept += segment;
    used += next;
  }
  return `${kept}…`;
}

const segmenter = new Intl.Segmenter();
const ASCII = /^[\x20-\x7e]*$/;
/** Drawn two columns wide by terminals: East Asian scripts, full-width forms and emoji. */
const WIDE =
  /^(?:\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\uff01-\uff60]|\p{Emoji_Presentation})/u;

/** Columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}
