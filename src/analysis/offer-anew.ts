import type { Alert } from '../model/alert.ts';
import type { Store } from '../store/port.ts';
import type { AnalysisQueue } from './analysis-queue.ts';

export interface OfferParts {
  readonly store: Pick<Store, 'firingAfter'>;
  readonly partitions: readonly number[];
  readonly now: number;
}

/** About what began longer ago nobody is asked any more: by then people know more than a machine. */
const FRESH_MS = 3_600_000;
const PAGE = 500;
/** So many firing alerts are looked through at most. */
const MAX_LOOKED_AT = 20_000;

/**
 * Offers what began a short while ago in these partitions and has no answer: its question waited when the process died, or when the partition
 * went over from another node. What was asked and never answered is asked once more; an answer that comes twice is taken once.
 */
export async function offerAnew(
  queue: Pick<AnalysisQueue, 'offer'>,
  { store, partitions, now }: OfferParts,
): Promise<void> {
  const own = new Set(partitions);
  const found: Alert[] = [];
  let after = { tenant: '', fingerprint: '' };
  for (let seen = 0; seen < MAX_LOOKED_AT; seen += PAGE) {
    const page = await store.firingAfter(after, PAGE);
    found.push(
      ...page.filter(({ partition, changedAt }) => own.has(partition) && now - changedAt < FRESH_MS),
    );
    if (page.length < PAGE) break;
    const { tenant, fingerprint } = page.at(-1)!;
    after = { tenant, fingerprint };
  }
  queue.offer(found.toSorted((left, right) => left.changedAt - right.changedAt));
}
