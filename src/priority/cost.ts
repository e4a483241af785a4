import type { Alert } from '../model/alert.ts';
import type { CostRow } from '../model/cost.ts';

const DAY_MS = 86_400_000;

/** What an episode that begins is charged to; undefined when no policy names a cost center. Pure. */
export function costOf({ tenant, labels, facts }: Alert, now: number): CostRow | undefined {
  if (facts?.costCenter === undefined) return undefined;
  return {
    tenant,
    day: Math.floor(now / DAY_MS),
    costCenter: facts.costCenter,
    environment: facts.environment ?? '',
    namespace: labels.namespace ?? '',
    businessUnit: facts.businessUnit ?? '',
    episodes: 1,
  };
}
