import { hash } from 'node:crypto';
import type { Delivery, Notification } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';

/** The first way of getting a notification to an integration. Its id follows from both, and is the idempotency key of every attempt. */
export function newDelivery(
  notification: Notification,
  integration: string,
  settings: Settings,
  now: number,
): Delivery {
  return {
    id: `d_${hash('sha256', `${notification.id}/${integration}/0`, 'hex').slice(0, 24)}`,
    tenant: notification.tenant,
    notificationId: notification.id,
    groupId: notification.groupId,
    generation: notification.generation,
    integration,
    origin: integration,
    receiver: notification.receiver,
    step: 0,
    priority: notification.priority,
    status: 'pending',
    attempts: 0,
    createdAt: now,
    dueAt: now,
    deadlineAt: now + (settings.integrations[integration]?.delivery.deadlineMs ?? 0),
  };
}
