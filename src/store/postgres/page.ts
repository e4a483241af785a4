import { encodeCursor } from '../cursor.ts';
import type { Page } from '../reader.ts';

/** How many rows a filter looks at before it hands out a cursor, so that a rare match never holds up other readers. */
const SCAN_ROWS = 2_000;
/** The first statement asks for what fills a page when everything matches, each further one for so many. */
const CHUNK_ROWS = 500;

export interface Scan<Row, Item> {
  readonly limit: number;
  /** The keys of the last row of the page before. */
  readonly start: readonly number[];
  /** So many rows after these keys; fewer when there are no more. */
  readonly read: (after: readonly number[], count: number) => Promise<readonly Row[]>;
  /** Undefined for a row that the filter leaves out. */
  readonly pick: (row: Row) => Item | undefined;
  readonly keysOf: (row: Row) => readonly number[];
}

/** Takes rows until the page is full or the scan is over. One row more than is needed tells whether anything follows. */
export async function scanPage<Row, Item>(scan: Scan<Row, Item>): Promise<Page<Item>> {
  const items: Item[] = [];
  let scanned = 0;
  let keys = scan.start;
  for (let count = scan.limit + 1; ; count = CHUNK_ROWS) {
    const rows = await scan.read(keys, count);
    for (const row of rows) {
      if (scanned > 0 && (items.length >= scan.limit || scanned === SCAN_ROWS))
        return { items, next: encodeCursor(keys) };
      scanned++;
      keys = scan.keysOf(row);
      const item = scan.pick(row);
      if (item !== undefined) items.push(item);
    }
    if (rows.length < count) return { items };
  }
}
