import type { Alert } from '../model/alert.ts';
import type { Suppression } from '../model/suppression.ts';
import { createSuppressor, inhibitorsNeeded } from '../suppression/why-suppressed.ts';
import type { StepContext } from './step.ts';

/** Per tenant: the fingerprints about which nobody is told now, with the reason. */
export type Suppressed = ReadonlyMap<string, ReadonlyMap<string, Suppression>>;

const NOBODY: Suppressed = new Map();

/** Reads everything that may hold these alerts and asks it. Read anew at every flush, because people change their minds. */
export async function suppress(
  { store, silences, settings }: Pick<StepContext, 'store' | 'silences' | 'settings'>,
  alerts: readonly Alert[],
  now: number,
): Promise<Suppressed> {
  const configured = settings();
  const open = await silences.open(configured.maintenanceWindows, now);
  const needed = inhibitorsNeeded(configured, alerts);
  const isHeld = alerts.some(({ hold }) => hold !== undefined);
  if (open.all.length === 0 && needed.length === 0 && !isHeld) return NOBODY;
  const inhibitors = needed.length === 0 ? [] : await store.inhibitors(needed);
  const suppressor = createSuppressor({ settings: configured, silences: open, inhibitors });
  const found = new Map<string, Map<string, Suppression>>();
  for (const alert of alerts) {
    const suppression = suppressor(alert, now);
    if (!suppression) continue;
    let own = found.get(alert.tenant);
    if (!own) found.set(alert.tenant, (own = new Map()));
    own.set(alert.fingerprint, suppression);
  }
  return found;
}
