import type { NotifiedAlert, Notification } from '../notification.ts';
import { inAlertmanagerOrder } from './alert-order.ts';
import { composeGo } from './compose.ts';
import { quotedReceiver, reasonText } from './template-data.ts';
import { escapeJson } from './to-json.ts';
import { inGoOrder } from './value.ts';

/** Go's zero time: the end of what fires. */
const NO_END = '"0001-01-01T00:00:00Z"';
const UTC_TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:[0-5]\d)(?:\.(\d{1,9}?)0*)?Z$/;

/**
 * The body of Alertmanager's webhook, version 4, byte for byte as Alertmanager 0.34 writes it: its fields in its order, keys of maps
 * sorted, `<`, `>` and `&` escaped, Go's zero time as the end of an alert that fires, and a line feed at the end. It is written piece by
 * piece, because most notifications are told this way; a test holds it against the slow way over the values of templates.
 * https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
 *
 * @param maxAlerts 0 for all; the alerts over it are counted in `truncatedAlerts`, and what is common is what the others share.
 */
export function alertmanagerMessage(notification: Notification, maxAlerts: number): string {
  const all = inAlertmanagerOrder(notification.alerts);
  const isCut = maxAlerts > 0 && all.length > maxAlerts;
  const alerts = isCut ? all.slice(0, maxAlerts) : all;
  const shown = isCut ? { ...notification, ...shared(alerts) } : notification;
  const truncated = notification.truncatedAlerts + all.length - alerts.length;
  const pairs = createPairWriter();
  const body =
    `{"receiver":${text(quotedReceiver(shown))},"status":"${shown.status}","alerts":[${alerts.map((alert) => alertText(alert, pairs)).join(',')}]` +
    `,"notification_reason":${text(reasonText(shown))},"groupLabels":${pairs(shown.groupLabels)}` +
    `,"commonLabels":${pairs(shown.commonLabels)},"commonAnnotations":${pairs(shown.commonAnnotations)}` +
    `,"routeLabels":${pairs(renderRouteLabels(notification))},"externalURL":${text(shown.externalURL)}` +
    `,"version":"4","groupKey":${text(shown.groupKey)},"truncatedAlerts":${truncated}}\n`;
  return escapeJson(body);
}

function alertText(alert: NotifiedAlert, pairs: PairWriter): string {
  const endsAt = alert.status === 'resolved' ? time(alert.endsAt ?? alert.startsAt) : NO_END;
  return (
    `{"status":"${alert.status}","labels":${pairs(alert.labels)},"annotations":${pairs(alert.annotations)}` +
    `,"startsAt":${time(alert.startsAt)},"endsAt":${endsAt}` +
    `,"generatorURL":${text(alert.generatorURL ?? '')},"fingerprint":${text(alert.fingerprint)}}`
  );
}

/** Texts that stand in JSON as they are, which nearly all do; to look is cheaper than to write them as JSON. */
const NOT_PLAIN = /[^ !#-[\]-~]/;

function text(value: string): string {
  return NOT_PLAIN.test(value) ? JSON.stringify(value.toWellFormed()) : `"${value}"`;
}

type PairWriter = (labels: Readonly<Record<string, string>>) => string;

/** Labels of a group of one alert stand in its message three times, and its annotations twice: what was just written is written again. */
function createPairWriter(): PairWriter {
  const written: { readonly labels: Readonly<Record<string, string>>; readonly text: string }[] = [];
  return (labels) => {
    const names = Object.keys(labels);
    const known = written.find((earlier) => isSame(earlier.labels, labels, names));
    if (known) return known.text;
    const pairs = inGoOrder(names).map((name) => `${text(name)}:${text(labels[name]!)}`);
    const made = { labels, text: `{${pairs.join(',')}}` };
    if (written.length < REMEMBERED) written.push(made);
    return made.text;
  };
}

/** The labels and the annotations of the first alert. */
const REMEMBERED = 2;

function isSame(
  known: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>>,
  names: readonly string[],
): boolean {
  return (
    names.every((name) => Object.hasOwn(known, name) && known[name] === labels[name]) &&
    Object.keys(known).length === names.length
  );
}

/** In UTC, without zeros at the end of the fraction. */
function time(value: string): string {
  const match = UTC_TIME.exec(value);
  if (match === null) return `"${Temporal.Instant.from(value).toString()}"`;
  return match[2] === undefined || match[2] === '0' ? `"${match[1]}Z"` : `"${match[1]}.${match[2]}Z"`;
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

/** The labels of the route as its messages have them: Go templates rendered. One that can't be rendered is empty, so that the message goes out. */
export function renderRouteLabels(notification: Notification): Readonly<Record<string, string>> {
  const labels = notification.routeLabels ?? {};
  return Object.fromEntries(
    Object.entries(labels).map(([name, source]) => {
      const rendered = composeGo(notification, [], (go) => go.text(source, `route label ${name}`));
      return [name, rendered.ok ? rendered.value : ''];
    }),
  );
}
