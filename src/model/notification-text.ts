import { commonPairs } from './common-pairs.ts';
import type { Notification } from './delivery.ts';

/** A notification as it is kept and passed on. What all its alerts have in common follows from them, and is left out. */
export function notificationText(notification: Notification): string {
  return JSON.stringify({ ...notification, commonLabels: undefined, commonAnnotations: undefined });
}

export function readNotification(text: string): Notification {
  const notification = JSON.parse(text) as Notification;
  return {
    ...notification,
    commonLabels: commonPairs(notification.alerts.map(({ labels }) => labels)),
    commonAnnotations: commonPairs(notification.alerts.map(({ annotations }) => annotations)),
  };
}
