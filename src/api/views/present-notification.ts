import type { NotifiedAlert, Notification } from '@signalbox/sdk';
import { Type, type Static } from '@signalbox/sdk';
import { deliverySchema } from './present-delivery.ts';
import { alertStatus, fingerprint, priority, ref, stringMap, tenantName, timestamp } from './schema.ts';

const fields = {
  id: Type.String(),
  tenant: tenantName,
  group_id: Type.String(),
  group_key: Type.String({ examples: ['{}:{alertname="DiskFull"}'] }),
  generation: Type.Integer({ minimum: 1, description: 'Counts the flushes of the group.' }),
  receiver: Type.String({ examples: ['on-call'] }),
  status: alertStatus,
  priority,
  group_labels: stringMap('The labels that the group is made by.', { alertname: 'DiskFull' }),
  created_at: timestamp('When the flush decided to tell.'),
  late: Type.Boolean({ description: 'Told late, after an outage or a slow start.' }),
  alert_count: Type.Integer({ description: 'All alerts of the group at that moment.' }),
};

export const notificationSchema = Type.Object(fields, {
  $id: 'Notification',
  description: 'A message meant for a receiver: a snapshot of one group at one flush.',
});
export type NotificationView = Static<typeof notificationSchema>;

const notifiedAlertSchema = Type.Object({
  status: alertStatus,
  fingerprint,
  labels: stringMap('What identifies and routes the alert.', { alertname: 'DiskFull', instance: 'db-1' }),
  annotations: stringMap('What describes the alert.', { summary: 'Disk of db-1 is 97% full' }),
  starts_at: Type.String({ description: 'RFC 3339.' }),
  ends_at: Type.Optional(Type.String({ description: 'RFC 3339; only for resolved alerts.' })),
  generator_url: Type.Optional(Type.String()),
});

export const notificationDetailSchema = Type.Object(
  {
    ...fields,
    common_labels: stringMap('Labels that all its alerts share.', { alertname: 'DiskFull' }),
    common_annotations: stringMap('Annotations that all its alerts share.', {
      runbook: 'https://example.org',
    }),
    alerts: Type.Array(notifiedAlertSchema, { description: 'Firing first.' }),
    truncated_alerts: Type.Integer({ minimum: 0, description: 'How many alerts are left out of `alerts`.' }),
    deliveries: Type.Array(ref(deliverySchema), { description: 'How it travels, at most 100.' }),
  },
  { $id: 'NotificationDetail', description: 'A notification as it was told, with its deliveries.' },
);
export type NotificationDetailView = Static<typeof notificationDetailSchema>;

export function presentNotification(notification: Notification): NotificationView {
  return {
    id: notification.id,
    tenant: notification.tenant,
    group_id: notification.groupId,
    group_key: notification.groupKey,
    generation: notification.generation,
    receiver: notification.receiver,
    status: notification.status,
    priority: notification.priority,
    group_labels: notification.groupLabels,
    created_at: notification.createdAt,
    late: notification.late,
    alert_count: notification.alerts.length + notification.truncatedAlerts,
  };
}

export function presentNotificationDetail(
  notification: Notification,
): Omit<NotificationDetailView, 'deliveries'> {
  return {
    ...presentNotification(notification),
    common_labels: notification.commonLabels,
    common_annotations: notification.commonAnnotations,
    alerts: notification.alerts.map(presentNotifiedAlert),
    truncated_alerts: notification.truncatedAlerts,
  };
}

function presentNotifiedAlert(alert: NotifiedAlert): Static<typeof notifiedAlertSchema> {
  return {
    status: alert.status,
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: alert.annotations,
    starts_at: alert.startsAt,
    ...(alert.endsAt !== undefined && { ends_at: alert.endsAt }),
    ...(alert.generatorURL !== undefined && { generator_url: alert.generatorURL }),
  };
}
