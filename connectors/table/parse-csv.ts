import { Fault } from '@signalbox/sdk';

/**
 * Reads comma-separated values (RFC 4180): quotes, doubled quotes and line breaks inside them, CRLF and LF. The first line names the columns. A
 * byte order mark, as spreadsheets write it, is left out.
 *
 * @throws Fault `SB_CONFIG` with the line where a row has another number of cells, or a quote is not closed
 */
export function parseCsv(text: string): readonly Readonly<Record<string, string>>[] {
  const [header, ...rows] = readRows(text.replace(/^\uFEFF/, ''));
  if (!header) return [];
  const columns = header.cells;
  if (new Set(columns).size !== columns.length) throw wrong(header.line, 'a column stands twice');
  return rows.map(({ cells, line }) => {
    if (cells.length !== columns.length) {
      throw wrong(line, `expected ${columns.length} cells, found ${cells.length}`);
    }
    return Object.fromEntries(columns.map((column, index) => [column, cells[index]!]));
  });
}

interface Row {
  readonly cells: readonly string[];
  /** From 1. */
  readonly line: number;
}

function readRows(text: string): readonly Row[] {
  const rows: Row[] = [];
  let at = 0;
  let line = 1;
  while (at < text.length) {
    const began = line;
    const cells: string[] = [];
    for (;;) {
      const cell = text[at] === '"' ? readQuoted(text, at, line) : readBare(text, at);
      cells.push(cell.text);
      line += cell.breaks;
      at = cell.end;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (text[at] === '\r') at += 1;
    if (at < text.length && text[at] !== '\n') throw wrong(line, 'something follows a closing quote');
    at += 1;
    line += 1;
    // An empty line is no row, unless there is one column only, where nobody can tell.
    if (cells.length > 1 || cells[0] !== '') rows.push({ cells, line: began });
  }
  return rows;
}

interface Cell {
  readonly text: string;
  readonly end: number;
  /** Line breaks inside it. */
  readonly breaks: number;
}

function readBare(text: string, start: number): Cell {
  let end = start;
  while (end < text.length && !',\n'.includes(text[end]!) && !(text[end] === '\r' && text[end + 1] === '\n'))
    end += 1;
  return { text: text.slice(start, end), end, breaks: 0 };
}

function readQuoted(text: string, start: number, line: number): Cell {
  let cell = '';
  for (let at = start + 1; ; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0) throw wrong(line, 'a quote is not closed');
    cell += text.slice(at, quote);
    if (text[quote + 1] !== '"') {
      return { text: cell, end: quote + 1, breaks: cell.split('\n').length - 1 };
    }
    cell += '"';
    at = quote + 2;
  }
}

function wrong(line: number, what: string): Fault {
  return new Fault('SB_CONFIG', `the table can't be read, line ${line}: ${what}`, { field: 'config.file' });
}
