import type { Incident } from '../model/incident.ts';
import { commandAlerts, type AlertWish, type WishCaller } from './command-alerts.ts';
import type { Services } from './services.ts';

const PAGE = 100;
/** More alerts of an incident than this are left as they are; whoever has so many has acknowledged the incident. */
const MAX_ALERTS = 500;

/**
 * Acknowledges the firing alerts of an incident, each through the journal as if somebody had asked for it by itself. What is not applied within
 * the time of `commandAlerts` is on disk and is applied later.
 */
export async function acknowledgeAlerts(
  services: Services,
  { id, tenant }: Pick<Incident, 'id' | 'tenant'>,
  by: string,
  caller: WishCaller,
): Promise<void> {
  const wishes: AlertWish[] = [];
  let cursor: string | undefined;
  do {
    const page = await services.reader.incidentAlerts(id, { limit: PAGE, ...(cursor ? { cursor } : {}) });
    for (const { alert } of page.items) {
      if (alert?.status !== 'firing' || alert.lifecycle?.state === 'acknowledged') continue;
      const { fingerprint } = alert;
      wishes.push({ alert, command: { tenant, fingerprint, action: { kind: 'acknowledge' }, by } });
    }
    cursor = page.next;
  } while (cursor !== undefined && wishes.length < MAX_ALERTS);
  await commandAlerts(services, wishes.slice(0, MAX_ALERTS), caller);
}
