import type { Alert } from '../model/alert.ts';
import type { Suppression } from '../model/suppression.ts';
import type { Tally } from '../rules/tally.ts';
import { readSuppressions } from '../suppression/read-suppressions.ts';
import type { StepContext } from './step.ts';
import { readStormCounts } from './storm-counts.ts';

/** Per tenant: the fingerprints about which nobody is told now, with the reason. */
export type Suppressed = ReadonlyMap<string, ReadonlyMap<string, Suppression>>;

/**
 * Reads everything that may hold these alerts and asks it. Read anew at every flush, because people change their minds.
 *
 * @param tally where inhibition rules are counted; absent: they are only looked at
 */
export async function suppress(
  { store, silences, settings }: Pick<StepContext, 'store' | 'silences' | 'settings'>,
  alerts: readonly Alert[],
  now: number,
  tally?: Tally,
): Promise<Suppressed> {
  const configured = settings();
  const storms = configured.storm ? await readStormCounts(store, now) : {};
  const source = {
    silences,
    inhibitors: store.inhibitors,
    memberships: store.memberships,
    storms,
    ...(tally && { tally }),
  };
  const reasonsOf = await readSuppressions(source, configured, alerts, now);
  const found = new Map<string, Map<string, Suppression>>();
  for (const alert of alerts) {
    const [reason] = reasonsOf(alert);
    if (!reason) continue;
    let own = found.get(alert.tenant);
    if (!own) found.set(alert.tenant, (own = new Map()));
    own.set(alert.fingerprint, reason);
  }
  return found;
}
