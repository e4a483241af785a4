import { DIRECTORY_KINDS, Fault, type DirectoryEntry } from '@signalbox/sdk';
import type { Integration } from '../host/integration.ts';

/** The largest organizations have some 500,000 accounts; what is over it is most likely a list that never ends. */
const MAX_ENTRIES = 1_000_000;
const MAX_PAGES = 20_000;

/** All that a directory lists, page by page. Throws the fault of the page that could not be had: half a directory would make the other half unknown. */
export async function readDirectory(
  integration: Pick<Integration, 'id' | 'list'>,
  signal: AbortSignal,
): Promise<readonly DirectoryEntry[]> {
  const entries: DirectoryEntry[] = [];
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let pages = 0; pages < MAX_PAGES && entries.length <= MAX_ENTRIES; pages += 1) {
    const page = await integration.list(cursor, signal);
    for (const entry of page.entries) entries.push(checked(entry));
    if (page.next === undefined) return entries;
    if (seen.has(page.next)) throw new Fault('SB_UNAVAILABLE', `${integration.id} lists the same page again`);
    seen.add(page.next);
    cursor = page.next;
  }
  throw new Fault('SB_UNAVAILABLE', `${integration.id} lists more than ${MAX_ENTRIES} entries`);
}

/** A connector may come from anywhere. */
function checked(entry: DirectoryEntry): DirectoryEntry {
  const { id, kind, name, isActive } = entry;
  const isWhole =
    typeof id === 'string' && typeof name === 'string' && name !== '' && typeof isActive === 'boolean';
  if (!isWhole || !DIRECTORY_KINDS.includes(kind))
    throw new Fault('SB_UNAVAILABLE', 'the directory lists something without id, kind or name');
  return entry;
}
