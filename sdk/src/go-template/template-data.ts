import type { NotificationReason, NotifiedAlert, Notification } from '../notification.ts';
import { keyValues, ZERO_TIME, type GoStruct, type GoTime, type GoValue } from './value.ts';

/** What stands in place of what the notification says. */
export interface DataExtras {
  /** Labels of the route, which are templates themselves (since Alertmanager 0.33). */
  readonly routeLabels?: Readonly<Record<string, string>>;
  /** Why it is told, e.g. `first notification` (since Alertmanager 0.32). */
  readonly notificationReason?: string;
}

const REASONS: Readonly<Record<NotificationReason, string>> = {
  first: 'first notification',
  new_alerts: 'new alerts added',
  some_resolved: 'some alerts resolved',
  all_resolved: 'all alerts resolved',
  raised: 'alerts raised',
  snooze_ended: 'snooze ended',
  updated: 'updated',
  repeat: 'repeat interval elapsed',
};

/**
 * The data of Alertmanager's templates, with its names
 * (https://prometheus.io/docs/alerting/latest/notifications/#data). As there, `.Receiver` is escaped for regular expressions, and
 * `.EndsAt` of an alert that fires is Go's zero time.
 */
export function templateData(notification: Notification, extras: DataExtras = {}): GoStruct {
  return struct('template.Data', {
    Receiver: quotedReceiver(notification),
    Status: notification.status,
    Alerts: { kind: 'list', type: 'template.Alerts', items: notification.alerts.map(alertData) },
    NotificationReason: extras.notificationReason ?? reasonText(notification),
    GroupLabels: keyValues(notification.groupLabels),
    CommonLabels: keyValues(notification.commonLabels),
    CommonAnnotations: keyValues(notification.commonAnnotations),
    RouteLabels: keyValues(extras.routeLabels ?? notification.routeLabels ?? {}),
    ExternalURL: notification.externalURL,
  });
}

/** The receiver's name as Alertmanager gives it to templates: escaped for regular expressions. */
export function quotedReceiver({ receiver }: Notification): string {
  return receiver.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

export function reasonText({ reason }: Notification): string {
  return reason === undefined ? '' : REASONS[reason];
}

function alertData(alert: NotifiedAlert): GoStruct {
  const resolvedAt = alert.endsAt ?? alert.startsAt;
  return struct('template.Alert', {
    Status: alert.status,
    Labels: keyValues(alert.labels),
    Annotations: keyValues(alert.annotations),
    StartsAt: timeOf(alert.startsAt),
    EndsAt: alert.status === 'resolved' ? timeOf(resolvedAt) : ZERO_TIME,
    GeneratorURL: alert.generatorURL ?? '',
    Fingerprint: alert.fingerprint,
  });
}

function struct(type: string, fields: Readonly<Record<string, GoValue>>): GoStruct {
  return { kind: 'struct', type, fields: new Map(Object.entries(fields)) };
}

function timeOf(text: string): GoTime {
  return { kind: 'time', nanoseconds: Temporal.Instant.from(text).epochNanoseconds, zone: 'UTC' };
}
