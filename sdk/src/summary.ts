import type { AlertStatus } from './event.ts';
import type { NotifiedAlert, Notification } from './notification.ts';
import { cleanLine, cleanText, shorten } from './text.ts';

// The words that every channel shares (BR-NOT-006). Pure: what a notification says depends on the notification alone, so
// that each attempt and each fallback says the same. Texts come back cleaned of control characters, but not escaped for
// any channel: each notifier escapes for its own.

/** How grave an alert is, by its `severity` label; `unknown` when it has none or an unknown word. */
export type Severity = 'critical' | 'error' | 'warning' | 'info' | 'unknown';

const SEVERITIES: readonly Severity[] = ['critical', 'error', 'warning', 'info', 'unknown'];

/** The words of Prometheus, syslog (RFC 5424), PagerDuty, Opsgenie, Zabbix. */
const SEVERITY_WORDS: Readonly<Record<string, Severity>> = {
  critical: 'critical',
  crit: 'critical',
  page: 'critical',
  emergency: 'critical',
  emerg: 'critical',
  alert: 'critical',
  fatal: 'critical',
  disaster: 'critical',
  p1: 'critical',
  sev1: 'critical',
  error: 'error',
  err: 'error',
  high: 'error',
  major: 'error',
  p2: 'error',
  sev2: 'error',
  warning: 'warning',
  warn: 'warning',
  average: 'warning',
  medium: 'warning',
  minor: 'warning',
  p3: 'warning',
  sev3: 'warning',
  info: 'info',
  information: 'info',
  informational: 'info',
  notice: 'info',
  none: 'info',
  debug: 'info',
  low: 'info',
  p4: 'info',
  p5: 'info',
};

/** The severity of one alert by its labels. */
export function severityOf(labels: Readonly<Record<string, string>>): Severity {
  return SEVERITY_WORDS[(labels['severity'] ?? '').toLowerCase()] ?? 'unknown';
}

/** The gravest severity among the alerts that fire; among all of them when none fires any more. */
export function worstSeverity(notification: Notification): Severity {
  const firing = notification.alerts.filter((alert) => alert.status === 'firing');
  const ranks = (firing.length > 0 ? firing : notification.alerts).map((alert) =>
    SEVERITIES.indexOf(severityOf(alert.labels)),
  );
  return SEVERITIES[Math.min(...ranks, SEVERITIES.length - 1)] ?? 'unknown';
}

/** How a state looks on every channel: a colour for bars and badges, an emoji where there is no colour. */
export interface Look {
  /** `#rrggbb`, at least 4.5:1 against white text. */
  readonly color: string;
  readonly emoji: string;
}

const LOOKS: Readonly<Record<Severity | 'resolved', Look>> = {
  critical: { color: '#c62828', emoji: '🔴' },
  error: { color: '#bf4600', emoji: '🟠' },
  warning: { color: '#946200', emoji: '🟡' },
  info: { color: '#1565c0', emoji: '🔵' },
  unknown: { color: '#5f6b7a', emoji: '⚪' },
  resolved: { color: '#2e7d32', emoji: '✅' },
};

export function lookOf(status: AlertStatus, severity: Severity): Look {
  return LOOKS[status === 'resolved' ? 'resolved' : severity];
}

/**
 * The first line on every channel: state, how many fire, what, where, how grave.
 *
 * @example
 * titleOf(notification); // '[FIRING:2] DiskFull · db-1 (critical)'
 */
export function titleOf(notification: Notification): string {
  const place = placeOf(notification.commonLabels);
  const severity = cleanLine(notification.commonLabels['severity'] ?? '');
  const parts = [
    stateOf(notification),
    namesOf(notification),
    ...(place === '' ? [] : ['·', place]),
    ...(severity === '' ? [] : [`(${severity})`]),
  ];
  return shorten(parts.join(' '), 200);
}

/** `[FIRING:2]`, with a plus when alerts are left out, or `[RESOLVED]`. */
function stateOf(notification: Notification): string {
  if (notification.status === 'resolved') return '[RESOLVED]';
  const firing = notification.alerts.filter((alert) => alert.status === 'firing').length;
  return `[FIRING:${firing}${notification.truncatedAlerts > 0 ? '+' : ''}]`;
}

function namesOf(notification: Notification): string {
  const names = [...new Set(notification.alerts.map(nameOf))];
  const [first = nameOf({ labels: notification.groupLabels }), second, ...more] = names;
  if (second === undefined) return first;
  return more.length === 0 ? `${first}, ${second}` : `${first} and ${names.length - 1} more`;
}

/** What the alert is called. */
export function nameOf(alert: Pick<NotifiedAlert, 'labels'>): string {
  return shorten(cleanLine(alert.labels['alertname'] ?? ''), 120) || 'Alert';
}

/** Labels that say where, the most telling first; one is enough for a title. */
const PLACE_LABELS = [
  'instance',
  'host',
  'hostname',
  'node',
  'pod',
  'deployment',
  'service',
  'job',
  'namespace',
  'cluster',
];

function placeOf(labels: Readonly<Record<string, string>>): string {
  const name = PLACE_LABELS.find((label) => (labels[label] ?? '') !== '');
  return name === undefined ? '' : shorten(cleanLine(labels[name] ?? ''), 80);
}

/** Said in the title already, or only of use to machines. */
const QUIET_LABELS = new Set([
  'alertname',
  'severity',
  'prometheus',
  'prometheus_replica',
  'replica',
  'monitor',
  'endpoint',
]);

/**
 * The labels that people read, telling ones first: without the title's, without those in `except`, without `__…__`.
 * Names and values are cleaned; values are cut to 200 characters.
 */
export function labelsOf(
  labels: Readonly<Record<string, string>>,
  except: Readonly<Record<string, string>> = {},
): readonly (readonly [name: string, value: string])[] {
  return Object.entries(labels)
    .filter(([name, value]) => !QUIET_LABELS.has(name) && !name.startsWith('__') && except[name] !== value)
    .sort(([left], [right]) => placeRank(left) - placeRank(right) || (left < right ? -1 : 1))
    .map(([name, value]) => [cleanLine(name), shorten(cleanLine(value), 200)] as const);
}

function placeRank(name: string): number {
  const index = PLACE_LABELS.indexOf(name);
  return index === -1 ? PLACE_LABELS.length : index;
}

/** What happened, in the words of the rule's author: `summary`, else `message`, `title` or `description`. */
export function summaryOf(alert: Pick<NotifiedAlert, 'annotations'>): string {
  const { summary, message, title, description } = alert.annotations;
  return shorten(cleanLine(summary || message || title || description || ''), 500);
}

/** The longer words under the summary; empty when there are none or they say the same. */
export function descriptionOf(alert: Pick<NotifiedAlert, 'annotations'>): string {
  const text = cleanText(alert.annotations['description'] ?? '').trim();
  return cleanLine(text) === summaryOf(alert) ? '' : shorten(text, 2_000);
}

export interface Link {
  readonly title: string;
  readonly url: string;
}

const LINK_ANNOTATIONS: readonly (readonly [annotation: string, title: string])[] = [
  ['runbook_url', 'Runbook'],
  ['runbook', 'Runbook'],
  ['dashboard_url', 'Dashboard'],
  ['dashboard', 'Dashboard'],
  ['panel_url', 'Panel'],
];

/**
 * Where to look next: runbook, dashboard, panel, and the source of the alert, in this order and each at most once. Only absolute
 * http and https addresses: `javascript:` and the like never become a link.
 */
export function linksOf(alert: Pick<NotifiedAlert, 'annotations' | 'generatorURL'>): readonly Link[] {
  const candidates = [
    ...LINK_ANNOTATIONS.map(([annotation, title]) => ({
      title,
      url: webAddress(alert.annotations[annotation]),
    })),
    { title: 'Source', url: webAddress(alert.generatorURL) },
  ];
  return candidates.filter(
    (link, index): link is Link =>
      link.url !== undefined &&
      candidates.findIndex(
        (other) => other.url !== undefined && (other.title === link.title || other.url === link.url),
      ) === index,
  );
}

/** The address in its normal form when it is an absolute http or https one of at most 2,000 characters. */
export function webAddress(address: string | undefined): string | undefined {
  if (address === undefined || address.length > 2_000 || !URL.canParse(address)) return undefined;
  const url = new URL(address);
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
}

/**
 * Since when and for how long, in UTC.
 *
 * @example
 * timesOf(alert, notification); // 'since 2026-11-20 09:14:05 UTC (4m)' or 'resolved 2026-11-20 09:18:05 UTC after 4m'
 */
export function timesOf(alert: NotifiedAlert, notification: Pick<Notification, 'createdAt'>): string {
  const start = Date.parse(alert.startsAt);
  if (alert.status === 'firing')
    return `since ${utc(alert.startsAt)} (${durationText(Date.parse(notification.createdAt) - start)})`;
  const end = alert.endsAt ?? notification.createdAt;
  return `resolved ${utc(end)} after ${durationText(Date.parse(end) - start)}`;
}

/** `2026-11-20 09:14:05 UTC`. */
export function utc(time: string): string {
  const millis = Date.parse(time);
  return Number.isNaN(millis)
    ? 'unknown time'
    : `${new Date(millis).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/**
 * A length of time in its two largest units.
 *
 * @example
 * durationText(93_784_000); // '1d 2h'
 */
export function durationText(millis: number): string {
  if (!Number.isFinite(millis)) return 'unknown time';
  const seconds = Math.max(0, Math.round(millis / 1_000));
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'm'],
    [seconds % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first === -1) return '0s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join(' ');
}

/** How many alerts a channel that shows `shown` of them leaves unsaid, as words; empty when none. */
export function leftOutText(notification: Notification, shown: number): string {
  const count = notification.alerts.length - shown + notification.truncatedAlerts;
  if (count <= 0) return '';
  return `… and ${count} more ${count === 1 ? 'alert' : 'alerts'}`;
}

/** Said when a notification is told late; empty otherwise. */
export function lateText(notification: Pick<Notification, 'late'>): string {
  return notification.late ? 'Told late: the hub was catching up.' : '';
}
