import type { Silence } from '../model/silence.ts';
import type { StoreReader } from '../store/reader.ts';

const PAGE = 200;
const MAX_SILENCES = 20_000;

/** Silences and windows that end after a time, as they are now: one that was changed since counts as it was changed last. */
export async function readSilences(
  reader: Pick<StoreReader, 'silences'>,
  endsAfter: number,
): Promise<readonly Silence[]> {
  const found: Silence[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.silences({
      limit: PAGE,
      endsAfter,
      ...(cursor === undefined ? {} : { cursor }),
    });
    found.push(...page.items);
    cursor = page.next;
  } while (cursor !== undefined && found.length < MAX_SILENCES);
  return found;
}
