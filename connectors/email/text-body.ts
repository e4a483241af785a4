import {
  leftOutText,
  wordingOf,
  type AlertWording,
  type Link,
  type Notification,
  type Wording,
} from '@signalbox/sdk';

/** The notification as plain text, for readers without HTML and for screens of little width. */
export function textBody(notification: Notification, maxAlerts: number, note: string): string {
  const wording = wordingOf(notification, { maxAlerts });
  const blocks = [
    [wording.title, newsText(wording), wording.late, labelText(wording.shared)],
    [...wording.asked, ...wording.procedure.map(linkText)],
    ...wording.alerts.map((alert) => alertLines(alert, wording)),
    [leftOutText(notification, wording.alerts.length)],
    [note],
    ['-- ', `To ${notification.receiver}, from ${notification.externalURL || 'Signalbox'}`],
  ];
  return `${blocks
    .map((lines) => lines.filter((line) => line !== '').join('\n'))
    .filter((block) => block !== '')
    .join('\n\n')}\n`;
}

function alertLines(alert: AlertWording, { isSingle }: Wording): readonly string[] {
  const state = alert.status === 'resolved' ? 'resolved' : alert.severity;
  return [
    isSingle ? alert.summary : `${alert.name} (${state}) ${alert.summary}`.trim(),
    alert.description,
    labelText(alert.labels),
    alert.known.map(([name, value]) => `${name}: ${value}`).join(', '),
    ...alert.found,
    alert.times,
    ...alert.links.map(linkText),
  ];
}

function linkText({ title, url }: Link): string {
  return `${title}: ${url}`;
}

/** What is new since the last message, as a line of its own. */
function newsText({ news }: Wording): string {
  return news === '' ? '' : `Since the last message: ${news}`;
}

function labelText(labels: AlertWording['labels']): string {
  return labels.map(([name, value]) => `${name}=${value}`).join(', ');
}
