import type { Enrichments } from '../open-enrichments.ts';

/** For what is tried or measured without enrichment. */
export const NO_ENRICHMENTS: Enrichments = {
  isEmpty: true,
  ask: () => ({ enriched: () => [], answers: () => new Map() }),
};
