import type { AlertStatus } from './event.ts';
import { askedOf, changesOf, contextLinesOf, explainLink, knownOf, newsOf, procedureLink } from './known.ts';
import type { NotifiedAlert, Notification } from './notification.ts';
import {
  descriptionOf,
  labelsOf,
  lateText,
  linksOf,
  lookOf,
  nameOf,
  severityOf,
  summaryOf,
  timesOf,
  titleOf,
  webAddress,
  worstSeverity,
  type Link,
  type Look,
  type Severity,
} from './summary.ts';

// What is said of a notification, decided in one place, so that whoever is told hears the same on every channel (BR-NOT-006). A channel
// only formats: it makes things bold, escapes them for its own markup and leaves out what its limits do not hold (`fit.ts`).

type Pair = readonly [name: string, value: string];

/** One alert in plain words, in the order in which they are shown. Cleaned, not escaped; empty where there is nothing to say. */
export interface AlertWording {
  readonly status: AlertStatus;
  readonly severity: Severity;
  readonly look: Look;
  readonly name: string;
  readonly summary: string;
  /** What stands out: the name; of a single alert what happened, because the title has its name. Never empty. */
  readonly heading: string;
  /** What stands beside the heading: what happened; empty for a single alert. */
  readonly beside: string;
  /** May have several lines, and up to 2,000 characters. */
  readonly description: string;
  /** Its labels, without those that are said of all alerts. */
  readonly labels: readonly Pair[];
  /** Level, environment, owner and what policies said; at most seven. */
  readonly known: readonly Pair[];
  /** What enrichment found, and then what changed; at most seven lines. The first to be left out where room is short. */
  readonly found: readonly string[];
  readonly times: string;
  /** Runbook, dashboard, source, explanation. */
  readonly links: readonly Link[];
}

/** A notification in plain words, in the order in which they are shown. Cleaned, not escaped; empty where there is nothing to say. */
export interface Wording {
  readonly title: string;
  readonly status: AlertStatus;
  /** Of the gravest alert that fires. */
  readonly severity: Severity;
  readonly look: Look;
  /** What is new since the last message. */
  readonly news: string;
  /** That it is told late. */
  readonly late: string;
  /** What the procedures ask for: the level with its title, then a line each. */
  readonly asked: readonly string[];
  /** Where they are written; none or one. */
  readonly procedure: readonly Link[];
  /** Labels that all alerts share. */
  readonly shared: readonly Pair[];
  readonly isSingle: boolean;
  readonly alerts: readonly AlertWording[];
  /** For one small line at the end: to whom, the shared labels, the number of the update, the news, that it is late. */
  readonly footer: readonly string[];
  /** Where the hub is; none or one. */
  readonly hub: readonly Link[];
}

export interface WordingOptions {
  /** Most alerts to be worded; `leftOutText` counts the rest. */
  readonly maxAlerts: number;
  /** Whether labels that all alerts share are said apart, of a single alert as well; by default a single alert keeps its labels. */
  readonly sharesAlways?: boolean;
}

/** Shared labels in the footer. */
const FOOTER_LABELS = 5;

/**
 * What a notification says, for a channel to format.
 *
 * @example
 * wordingOf(notification, { maxAlerts: 10 }).footer; // ['to on-call', 'cluster=eu-1', 'update 2', 'some have resolved']
 */
export function wordingOf(
  notification: Notification,
  { maxAlerts, sharesAlways = false }: WordingOptions,
): Wording {
  const { status, receiver, generation, commonLabels, alerts } = notification;
  const severity = worstSeverity(notification);
  const isSingle = alerts.length === 1;
  const sharedLabels = sharesAlways || alerts.length > 1 ? commonLabels : {};
  const shared = labelsOf(sharedLabels);
  const news = newsOf(notification);
  const late = lateText(notification);
  const hub = webAddress(notification.externalURL);
  return {
    title: titleOf(notification),
    status,
    severity,
    look: lookOf(status, severity),
    news,
    late,
    asked: askedOf(notification),
    procedure: procedureLink(notification),
    shared,
    isSingle,
    alerts: alerts
      .slice(0, maxAlerts)
      .map((alert) => alertWording(alert, notification, isSingle, sharedLabels)),
    footer: [
      `to ${receiver}`,
      ...shared.slice(0, FOOTER_LABELS).map(([name, value]) => `${name}=${value}`),
      ...(generation > 1 ? [`update ${generation}`] : []),
      news,
      late,
    ].filter((words) => words !== ''),
    hub: hub === undefined ? [] : [{ title: 'Signalbox', url: hub }],
  };
}

function alertWording(
  alert: NotifiedAlert,
  notification: Notification,
  isSingle: boolean,
  sharedLabels: Readonly<Record<string, string>>,
): AlertWording {
  const severity = severityOf(alert.labels);
  const name = nameOf(alert);
  const summary = summaryOf(alert);
  return {
    status: alert.status,
    severity,
    look: lookOf(alert.status, severity),
    name,
    summary,
    heading: isSingle ? summary || name : name,
    beside: isSingle ? '' : summary,
    description: descriptionOf(alert),
    labels: labelsOf(alert.labels, sharedLabels),
    known: knownOf(alert),
    found: [...contextLinesOf(alert), ...changesOf(alert)],
    times: timesOf(alert, notification),
    links: [...linksOf(alert), ...explainLink(alert, notification)],
  };
}
