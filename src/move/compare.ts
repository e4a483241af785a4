import type { Position } from '../model/position.ts';
import { unplaceAlert } from './alert-partition.ts';
import { createDigest, type Summary } from './digest.ts';
import type { Dump, Key, Row } from './dump.ts';
import { MoveError } from './move-error.ts';
import { nextOf, readRecords, recordText, type RecordSource } from './read-records.ts';
import { TABLES, type Table } from './table.ts';

export interface Side {
  readonly dump: Dump;
  readonly journal: RecordSource;
  /** Records before these count as processed. */
  readonly positions: readonly Position[];
}

/** What was compared, by table; `records` are the journal's. */
export type Comparison = Readonly<Record<string, Summary>>;

/**
 * Reads everything on both sides and compares counts and hashes. Records that a broker holds twice, because an acknowledgement was lost, count
 * once, as the hub counts them.
 *
 * @throws MoveError `not_the_same`, naming the first table that differs
 */
export async function compareSides(
  source: Side,
  target: Side,
  onRows: (what: string, rows: number) => void,
): Promise<Comparison> {
  const found: Record<string, Summary> = {};
  for (const table of TABLES) {
    const [there, here] = await Promise.all([
      summarizeTable(source.dump, table, () => undefined),
      summarizeTable(target.dump, table, (rows) => onRows(table.name, rows)),
    ]);
    found[table.name] = assertSame(table.name, there, here);
  }
  const [there, here] = await Promise.all([
    summarizeRecords(source, () => undefined),
    summarizeRecords(target, (rows) => onRows('records', rows)),
  ]);
  found['records'] = assertSame('records', there, here);
  return found;
}

function assertSame(what: string, there: Summary, here: Summary): Summary {
  if (there.rows === here.rows && there.hash === here.hash) return here;
  throw new MoveError(
    'not_the_same',
    `${what}: the source has ${there.rows} with hash ${there.hash.slice(0, 12)}…, and ${here.rows} with hash ${here.hash.slice(0, 12)}… arrived. ` +
      'Was the source used meanwhile? Empty the target and begin anew; the source is as it was',
  );
}

async function summarizeTable(dump: Dump, table: Table, onRows: (rows: number) => void): Promise<Summary> {
  const digest = createDigest();
  let after: Key | undefined;
  for (;;) {
    const { rows, end } = await dump.read(table, after);
    if (rows.length === 0) return digest.summary();
    for (const row of rows) digest.add(JSON.stringify(canonical(table, row)));
    after = end;
    onRows(rows.length);
  }
}

function canonical(table: Table, row: Row): Row {
  return table.name === 'alerts' ? unplaceAlert(row) : row;
}

async function summarizeRecords(
  { journal, positions }: Side,
  onRows: (rows: number) => void,
): Promise<Summary> {
  const digest = createDigest();
  for (let partition = 0; partition < journal.partitions; partition++) {
    const isNew = rememberRecent();
    for await (const records of readRecords(journal, partition, nextOf(positions, partition))) {
      for (const record of records) {
        const text = recordText(record);
        if (isNew(text)) digest.add(text);
      }
      onRows(records.length);
    }
  }
  return digest.summary();
}

/** A repeat comes with the batch after the one it repeats, at the latest. */
const RECENT = 2_000;

function rememberRecent(): (text: string) => boolean {
  const recent = new Set<string>();
  return (text) => {
    if (recent.has(text)) return false;
    recent.add(text);
    if (recent.size > RECENT) recent.delete(recent.values().next().value!);
    return true;
  };
}
