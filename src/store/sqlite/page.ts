import { encodeCursor } from '../cursor.ts';
import type { Page } from '../reader.ts';

/** How many rows a filter looks at before it hands out a cursor, so that a rare match never holds up other readers. */
const SCAN_ROWS = 2_000;

/** For the LIMIT of a list: one more than is looked at tells whether anything follows. */
export const SCAN_LIMIT = SCAN_ROWS + 1;

/** Takes rows until the page is full or the scan is over. `pick` gives undefined for a row that the filter leaves out. */
export function scanPage<Row, Item>(
  rows: Iterable<Row>,
  limit: number,
  pick: (row: Row) => Item | undefined,
  keysOf: (row: Row) => readonly number[],
): Page<Item> {
  const items: Item[] = [];
  let scanned = 0;
  let last: Row | undefined;
  for (const row of rows) {
    if (last !== undefined && (items.length >= limit || scanned === SCAN_ROWS)) {
      return { items, next: encodeCursor(keysOf(last)) };
    }
    scanned++;
    last = row;
    const item = pick(row);
    if (item !== undefined) items.push(item);
  }
  return { items };
}
