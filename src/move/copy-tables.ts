import { placeAlert, type Partitions } from './alert-partition.ts';
import type { Dump, Key, Row, WritableDump } from './dump.ts';
import { formatNote, type Note } from './note.ts';
import { TABLES, type Table } from './table.ts';

export interface TableCopy {
  readonly source: Dump;
  readonly target: WritableDump;
  readonly about: Omit<Note, 'stage'>;
  readonly partitions: Partitions;
  /** Rows that were written by this call, one batch after the other. */
  readonly onRows: (table: Table, rows: number) => void;
}

/** Copies all tables, or those that an interrupted copy left over. A batch and the note that it is there are one transaction. */
export async function copyTables(copy: TableCopy, begun?: { table: string; after?: Key }): Promise<void> {
  const first = TABLES.findIndex(({ name }) => name === begun?.table);
  for (const table of TABLES.slice(Math.max(0, first))) {
    await copyTable(copy, table, table.name === begun?.table ? begun.after : undefined);
  }
}

async function copyTable(copy: TableCopy, table: Table, begun: Key | undefined): Promise<void> {
  const { source, target, about, partitions } = copy;
  let after = begun;
  for (;;) {
    const { rows, end } = await source.read(table, after);
    if (rows.length === 0) break;
    after = end;
    const note = formatNote({ ...about, stage: { name: 'tables', table: table.name, after } });
    await target.write(table, place(table, rows, partitions), note);
    copy.onRows(table, rows.length);
  }
  if (table.counter !== undefined) await target.raise(table, await source.highest(table));
}

function place(table: Table, rows: readonly Row[], partitions: Partitions): readonly Row[] {
  return table.name === 'alerts' ? rows.map((row) => placeAlert(row, partitions)) : rows;
}
