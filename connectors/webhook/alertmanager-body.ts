import type { NotifiedAlert, Notification } from '@signalbox/sdk';

/** Go's zero time, which Alertmanager sends as `endsAt` of an alert that fires. */
const ZERO_TIME = '0001-01-01T00:00:00Z';

/**
 * The body of Alertmanager's webhook, version 4, with its fields in its order, so that what was written for Alertmanager works
 * unchanged. https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 *
 * @param maxAlerts 0 for all; the alerts over it are counted in `truncatedAlerts`, as with `max_alerts` there.
 */
export function alertmanagerBody(notification: Notification, maxAlerts: number): object {
  const isCut = maxAlerts > 0 && notification.alerts.length > maxAlerts;
  const alerts = isCut ? notification.alerts.slice(0, maxAlerts) : notification.alerts;
  return {
    receiver: notification.receiver,
    status: notification.status,
    alerts: alerts.map(alertBody),
    groupLabels: notification.groupLabels,
    commonLabels: notification.commonLabels,
    commonAnnotations: notification.commonAnnotations,
    externalURL: notification.externalURL,
    version: '4',
    groupKey: notification.groupKey,
    truncatedAlerts: notification.truncatedAlerts + notification.alerts.length - alerts.length,
  };
}

function alertBody(alert: NotifiedAlert): object {
  return {
    status: alert.status,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: alert.startsAt,
    endsAt: alert.status === 'resolved' ? (alert.endsAt ?? alert.startsAt) : ZERO_TIME,
    generatorURL: alert.generatorURL ?? '',
    fingerprint: alert.fingerprint,
  };
}
