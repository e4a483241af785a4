import type { NotifiedAlert, Notification } from '../notification.ts';
import { inAlertmanagerOrder } from './alert-order.ts';
import { composeGo } from './compose.ts';
import { templateData } from './template-data.ts';
import { toJson } from './to-json.ts';
import { type GoStruct } from './value.ts';

/**
 * The body of Alertmanager's webhook, version 4, byte for byte as Alertmanager 0.34 writes it: its fields in its order, keys of maps
 * sorted, `<`, `>` and `&` escaped, Go's zero time as the end of an alert that fires, and a line feed at the end.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 *
 * @param maxAlerts 0 for all; the alerts over it are counted in `truncatedAlerts`, and what is common is what the others share.
 */
export function alertmanagerMessage(notification: Notification, maxAlerts: number): string {
  const all = inAlertmanagerOrder(notification.alerts);
  const isCut = maxAlerts > 0 && all.length > maxAlerts;
  const alerts = isCut ? all.slice(0, maxAlerts) : all;
  const shown = isCut ? { ...notification, ...shared(alerts) } : notification;
  const data = templateData({ ...shown, alerts }, { routeLabels: renderedLabels(notification) });
  const message: GoStruct = {
    ...data,
    fields: new Map([
      ...data.fields,
      ['version', '4'],
      ['groupKey', notification.groupKey],
      ['truncatedAlerts', BigInt(notification.truncatedAlerts + all.length - alerts.length)],
    ]),
  };
  return `${toJson(message, () => {})}\n`;
}

/** Of a message that is cut, Alertmanager knows only what is left. */
function shared(alerts: readonly NotifiedAlert[]): Partial<Notification> {
  return {
    status: alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved',
    commonLabels: commonPairs(alerts.map(({ labels }) => labels)),
    commonAnnotations: commonPairs(alerts.map(({ annotations }) => annotations)),
  };
}

function commonPairs(maps: readonly Readonly<Record<string, string>>[]): Readonly<Record<string, string>> {
  const [first = {}, ...rest] = maps;
  return Object.fromEntries(
    Object.entries(first).filter(([name, value]) => rest.every((map) => map[name] === value)),
  );
}

/** A label that can't be rendered is empty, so that the message goes out. */
function renderedLabels(notification: Notification): Readonly<Record<string, string>> {
  const labels = notification.routeLabels ?? {};
  return Object.fromEntries(
    Object.entries(labels).map(([name, source]) => {
      const rendered = composeGo(notification, [], (go) => go.text(source, `route label ${name}`));
      return [name, rendered.ok ? rendered.value : ''];
    }),
  );
}
