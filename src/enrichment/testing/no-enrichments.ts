import { NOTHING_ASKED } from '../ask-all.ts';
import type { Enrichments } from '../open-enrichments.ts';

/** For what is tried or measured without enrichment. */
export const NO_ENRICHMENTS: Enrichments = {
  isEmpty: true,
  ask: () => NOTHING_ASKED,
};
