import type { Alert } from '../model/alert.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Change } from '../store/port.ts';

/** What the live stream shows of a changed alert; labels are all that a list needs. */
export function alertChange(alert: Alert, now: number): Change {
  const { fingerprint, status, severity, episode, labels } = alert;
  const data = JSON.stringify({
    fingerprint,
    status,
    severity,
    episode,
    labels,
    starts_at: new Date(alert.startsAt).toISOString(),
  });
  return { at: now, tenant: alert.tenant, kind: 'alert', id: fingerprint, status, data };
}

/** What the live stream shows of a delivery that reached a status. */
export function deliveryChange(delivery: Delivery, status: string, now: number): Change {
  const { id, integration, receiver, attempts } = delivery;
  const data = JSON.stringify({
    id,
    integration,
    receiver,
    status,
    attempts,
    notification_id: delivery.notificationId,
  });
  return { at: now, tenant: delivery.tenant, kind: 'delivery', id, status, data };
}
