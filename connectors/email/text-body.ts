import {
  askedOf,
  changesOf,
  contextLinesOf,
  descriptionOf,
  explainLink,
  knownOf,
  labelsOf,
  lateText,
  leftOutText,
  linksOf,
  nameOf,
  newsOf,
  procedureLink,
  severityOf,
  summaryOf,
  timesOf,
  titleOf,
  type Link,
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';

/** The notification as plain text, for readers without HTML and for screens of little width. */
export function textBody(notification: Notification, maxAlerts: number, note: string): string {
  const shown = notification.alerts.slice(0, maxAlerts);
  const blocks = [
    [
      titleOf(notification),
      newsText(notification),
      lateText(notification),
      ...(notification.alerts.length > 1 ? [labelText(notification.commonLabels)] : []),
    ],
    [...askedOf(notification), ...procedureLink(notification).map(linkText)],
    ...shown.map((alert) => alertLines(alert, notification)),
    [leftOutText(notification, shown.length)],
    [note],
    ['-- ', `To ${notification.receiver}, from ${notification.externalURL || 'Signalbox'}`],
  ];
  return `${blocks
    .map((lines) => lines.filter((line) => line !== '').join('\n'))
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

function alertLines(alert: NotifiedAlert, notification: Notification): readonly string[] {
  const isOnly = notification.alerts.length === 1;
  const state = alert.status === 'resolved' ? 'resolved' : severityOf(alert.labels);
  const heading = isOnly ? summaryOf(alert) : `${nameOf(alert)} (${state}) ${summaryOf(alert)}`.trim();
  return [
    heading,
    descriptionOf(alert),
    labelText(alert.labels, isOnly ? {} : notification.commonLabels),
    knownOf(alert)
      .map(([name, value]) => `${name}: ${value}`)
      .join(', '),
    ...contextLinesOf(alert),
    ...changesOf(alert),
    timesOf(alert, notification),
    ...[...linksOf(alert), ...explainLink(alert, notification)].map(linkText),
  ];
}

function linkText({ title, url }: Link): string {
  return `${title}: ${url}`;
}

/** What is new since the last message, as a line of its own. */
function newsText(notification: Notification): string {
  const news = newsOf(notification);
  return news === '' ? '' : `Since the last message: ${news}`;
}

function labelText(
  labels: Readonly<Record<string, string>>,
  except: Readonly<Record<string, string>> = {},
): string {
  return labelsOf(labels, except)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
