import type { StormCounts } from '../correlation/storm.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Commit, Store } from '../store/port.ts';

const STORM_KEY = 'storms';
/** Longer than any count is of use. */
const KEEP_MS = 2 * 3_600_000;

export async function readStormCounts(
  store: Pick<Store, 'connectorState'>,
  now: number,
): Promise<StormCounts> {
  const stored = await store.connectorState(OWN_INTEGRATION, STORM_KEY, now);
  return stored === undefined ? {} : (JSON.parse(stored) as StormCounts);
}

export function stormCountsRow(
  counts: StormCounts,
  now: number,
): NonNullable<Commit['connectorState']>[number] {
  return {
    integration: OWN_INTEGRATION,
    key: STORM_KEY,
    value: JSON.stringify(counts),
    expiresAt: now + KEEP_MS,
  };
}
