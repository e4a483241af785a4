import type { Delivery } from '../model/delivery.ts';
import type { QuarantineRow } from '../store/port.ts';
import type { Page, PageQuery, StoreReader } from '../store/reader.ts';
import { Problem } from './problem.ts';

export type DeadLetter =
  | { readonly kind: 'delivery'; readonly delivery: Delivery }
  | { readonly kind: 'signal'; readonly signal: Omit<QuarantineRow, 'request'> };

export interface DeadLetterQuery extends PageQuery {
  readonly kind?: DeadLetter['kind'];
  readonly integration?: string;
}

/**
 * Two lists as one: dead deliveries first, because people wait for those, then held signals; each newest first. The cursor says
 * which of the two goes on: `d:` or `s:` and the reader's own cursor.
 */
export async function listDeadLetters(
  reader: StoreReader,
  query: DeadLetterQuery,
): Promise<Page<DeadLetter>> {
  const { kind, cursor, limit } = query;
  const place = readCursor(cursor);
  if (place.kind === 'signal' || kind === 'signal') return signals(reader, query, place.cursor, limit);
  const page = await deliveries(reader, query, place.cursor, limit);
  if (page.next !== undefined || kind === 'delivery') return page;
  const left = limit - page.items.length;
  if (left === 0) return { items: page.items, next: 's:' };
  const rest = await signals(reader, query, undefined, left);
  return { ...rest, items: [...page.items, ...rest.items] };
}

/** One dead letter by its id, whichever kind it is; undefined when it is settled or unknown. */
export async function findDeadLetter(reader: StoreReader, id: string): Promise<DeadLetter | undefined> {
  const delivery = await reader.delivery(id);
  if (delivery?.status === 'dead') return { kind: 'delivery', delivery };
  const signal = await reader.quarantined(id);
  return signal?.status === 'held' ? { kind: 'signal', signal } : undefined;
}

async function deliveries(
  reader: StoreReader,
  { integration }: DeadLetterQuery,
  cursor: string | undefined,
  limit: number,
): Promise<Page<DeadLetter>> {
  const page = await reader.deliveries({ status: ['dead'], limit, ...only({ integration, cursor }) });
  const items = page.items.map((delivery) => ({ kind: 'delivery' as const, delivery }));
  return { items, ...(page.next !== undefined && { next: `d:${page.next}` }) };
}

async function signals(
  reader: StoreReader,
  { integration }: DeadLetterQuery,
  cursor: string | undefined,
  limit: number,
): Promise<Page<DeadLetter>> {
  const page = await reader.quarantine({ status: 'held', limit, ...only({ integration, cursor }) });
  const items = page.items.map((signal) => ({ kind: 'signal' as const, signal }));
  return { items, ...(page.next !== undefined && { next: `s:${page.next}` }) };
}

function readCursor(cursor: string | undefined): { kind: DeadLetter['kind']; cursor: string | undefined } {
  if (cursor === undefined) return { kind: 'delivery', cursor };
  const kind = cursor.startsWith('d:') ? 'delivery' : cursor.startsWith('s:') ? 'signal' : undefined;
  if (!kind)
    throw new Problem('invalid_cursor', 'Use the `next` of a former page of this list.', { field: 'cursor' });
  return { kind, cursor: cursor.slice(2) || undefined };
}

/** Leaves out what is undefined, as the reader's queries demand. */
function only(filters: { integration: string | undefined; cursor: string | undefined }) {
  return {
    ...(filters.integration !== undefined && { integration: filters.integration }),
    ...(filters.cursor !== undefined && { cursor: filters.cursor }),
  };
}
