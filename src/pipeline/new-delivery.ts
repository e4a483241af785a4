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
    id: deliveryId(notification.id, integration, 0, now),
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

/** Ordered by time, because rows that are written together should lie together on disk. */
export function deliveryId(notificationId: string, integration: string, step: number, now: number): string {
  const stem = hash('sha256', `${notificationId}/${integration}/${step}`, 'hex').slice(0, 20);
  return `d_${now.toString(16).padStart(12, '0')}${stem}`;
}
