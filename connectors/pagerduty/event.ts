import {
  changesOf,
  compileTemplate,
  contextLinesOf,
  descriptionOf,
  knownOf,
  labelsOf,
  lateText,
  linksOf,
  nameOf,
  severityOf,
  shorten,
  summaryOf,
  templateNote,
  titleOf,
  webAddress,
  worstSeverity,
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';
import type { PagerdutyConfig } from './config.ts';

/** Longer titles are refused. https://developer.pagerduty.com/docs/send-alert-event */
export const SUMMARY_CHARACTERS = 1_024;
/** A larger event is refused with 413. */
export const EVENT_BYTES = 512 * 1024;
/** Room for the details, so that the rest of the event always fits. */
const DETAILS_BYTES = 400 * 1024;
const MAX_LINKS = 10;
const CLIENT = 'Signalbox';

export interface PagerdutyEvent {
  readonly event_action: 'trigger' | 'resolve';
  /** At most 255 characters. */
  readonly dedup_key: string;
  readonly client?: string;
  readonly client_url?: string;
  readonly payload?: Payload;
  readonly links?: readonly { readonly href: string; readonly text?: string }[];
  readonly images?: readonly { readonly src: string; readonly alt?: string; readonly href?: string }[];
}

interface Payload {
  readonly summary: string;
  readonly source: string;
  readonly severity: string;
  readonly timestamp?: string;
  readonly component?: string;
  readonly group?: string;
  readonly class?: string;
  readonly custom_details?: unknown;
}

export interface Composed {
  readonly event: PagerdutyEvent;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

/** One alert at PagerDuty for each group: what fires opens or updates it, and it is resolved when nothing fires any more. */
export function composeEvent(
  notification: Notification,
  config: PagerdutyConfig,
  earlierProblem?: string,
): Composed {
  const { status, commonLabels, externalURL, groupId, alerts } = notification;
  const dedup_key = `signalbox/${groupId}`.slice(0, 255);
  if (status === 'resolved') return { event: { event_action: 'resolve', dedup_key } };
  const { summary, problem = earlierProblem } = summaryText(notification, config);
  const severity = worstSeverity(notification);
  const firing = alerts.filter((alert) => alert.status === 'firing');
  const hub = webAddress(externalURL);
  const links = firing
    .flatMap((alert) => linksOf(alert))
    .filter(({ url }, index, all) => all.findIndex((other) => other.url === url) === index)
    .slice(0, MAX_LINKS);
  const event: PagerdutyEvent = {
    event_action: 'trigger',
    dedup_key,
    client: CLIENT,
    ...(hub === undefined ? {} : { client_url: hub }),
    payload: {
      summary,
      source: labelsOf(commonLabels)[0]?.[1] || CLIENT,
      severity: severity === 'unknown' ? config.severity : severity,
      timestamp: startOf(firing) ?? notification.createdAt,
      ...given({
        component: commonLabels['service'] ?? commonLabels['job'],
        group: commonLabels['cluster'] ?? commonLabels['namespace'],
        class: commonLabels['alertname'],
      }),
      custom_details: detailsOf(notification, config, problem),
    },
    links: links.map(({ title, url }) => ({ href: url, text: title })),
  };
  return { event, ...(problem === undefined ? {} : { problem }) };
}

function summaryText(
  notification: Notification,
  config: PagerdutyConfig,
): { readonly summary: string; readonly problem?: string } {
  const title = titleOf(notification);
  const only = notification.alerts.length === 1 ? summaryOf(notification.alerts[0]!) : '';
  const usual = shorten(only === '' ? title : `${title}: ${only}`, SUMMARY_CHARACTERS);
  if (config.summary === undefined) return { summary: usual };
  const rendering = compileTemplate(config.summary, { field: 'config.summary' }).render(notification);
  if (!rendering.ok) return { summary: usual, problem: rendering.problem };
  return { summary: shorten(rendering.text.trim(), SUMMARY_CHARACTERS) || usual };
}

function startOf(firing: readonly NotifiedAlert[]): string | undefined {
  return firing.map(({ startsAt }) => startsAt).sort()[0];
}

/** As many alerts as fit; people read the first ones. */
function detailsOf(
  notification: Notification,
  { max_alerts }: PagerdutyConfig,
  problem: string | undefined,
): Readonly<Record<string, unknown>> {
  const shown: object[] = [];
  let bytes = 0;
  for (const alert of notification.alerts.slice(0, max_alerts)) {
    const detail = detailOf(alert);
    bytes += Buffer.byteLength(JSON.stringify(detail));
    if (bytes > DETAILS_BYTES) break;
    shown.push(detail);
  }
  const leftOut = notification.alerts.length - shown.length + notification.truncatedAlerts;
  return {
    receiver: notification.receiver,
    alerts: shown,
    ...(leftOut > 0 ? { left_out: leftOut } : {}),
    ...given({
      late: lateText(notification) || undefined,
      template: problem === undefined ? undefined : templateNote(problem),
    }),
  };
}

function detailOf(alert: NotifiedAlert): object {
  const known = knownOf(alert);
  const context = [...contextLinesOf(alert), ...changesOf(alert)];
  return {
    status: alert.status,
    name: nameOf(alert),
    severity: severityOf(alert.labels),
    ...given({ summary: summaryOf(alert) || undefined, description: descriptionOf(alert) || undefined }),
    starts_at: alert.startsAt,
    ...(known.length === 0 ? {} : { known: Object.fromEntries(known) }),
    ...(context.length === 0 ? {} : { context }),
    labels: Object.fromEntries(labelsOf(alert.labels)),
  };
}

/** Without what is not there. */
function given<T>(values: Readonly<Record<string, T | undefined>>): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(values).filter((entry): entry is [string, T] => entry[1] !== undefined && entry[1] !== ''),
  );
}
