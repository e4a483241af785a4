import {
  cleanText,
  compileTemplate,
  descriptionOf,
  escapeHtml,
  labelsOf,
  lateText,
  leftOutText,
  linksOf,
  lookOf,
  nameOf,
  severityOf,
  shorten,
  summaryOf,
  templateNote,
  timesOf,
  titleOf,
  webAddress,
  worstSeverity,
  type Link,
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';
import type { TelegramConfig } from './config.ts';

/** After entities are parsed. https://core.telegram.org/bots/api#sendmessage */
export const TEXT_CHARACTERS = 4_096;
/** Before that: a longer text is refused however short it reads. */
export const TEXT_BYTES = 32_768;
/** Room for the title and the last line. */
const ALERTS_CHARACTERS = 3_000;
const ALERTS_BYTES = 20_000;
const DESCRIPTION_CHARACTERS = 800;

export interface TelegramMessage {
  readonly text: string;
  readonly parse_mode?: 'HTML' | 'Markdown' | 'MarkdownV2';
}

export interface Composed {
  readonly message: TelegramMessage;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

/** The notification in Telegram's HTML, within its limits: what does not fit is left out alert by alert, so that no tag is cut. */
export function composeMessage(
  notification: Notification,
  config: TelegramConfig,
  earlierProblem?: string,
): Composed {
  const { emoji } = lookOf(notification.status, worstSeverity(notification));
  const { text, problem = earlierProblem } = bodyText(notification, config);
  const parts = [`${emoji} <b>${escape(titleOf(notification))}</b>`, text, lastLine(notification, problem)];
  return {
    message: { text: parts.filter((part) => part !== '').join('\n\n'), parse_mode: 'HTML' },
    ...(problem === undefined ? {} : { problem }),
  };
}

function bodyText(
  notification: Notification,
  config: TelegramConfig,
): { readonly text: string; readonly problem?: string } {
  const alerts = alertsText(notification, config.max_alerts);
  if (config.template === undefined) return { text: alerts };
  const rendering = compileTemplate(config.template, { field: 'config.template', escape: escapeHtml }).render(
    notification,
  );
  if (!rendering.ok) return { text: alerts, problem: rendering.problem };
  const text = cleanText(rendering.text).trim();
  return fits(text, ALERTS_CHARACTERS, ALERTS_BYTES)
    ? { text }
    : { text: alerts, problem: `config.template: longer than the ${ALERTS_CHARACTERS} characters that fit` };
}

function alertsText(notification: Notification, maxAlerts: number): string {
  const shown: string[] = [];
  for (const alert of notification.alerts.slice(0, maxAlerts)) {
    const text = [...shown, alertText(alert, notification)].join('\n\n');
    if (!fits(text, ALERTS_CHARACTERS, ALERTS_BYTES)) break;
    shown.push(alertText(alert, notification));
  }
  const leftOut = leftOutText(notification, shown.length);
  return [...shown, ...(leftOut === '' ? [] : [`<i>${leftOut}</i>`])].join('\n\n');
}

function alertText(alert: NotifiedAlert, notification: Notification): string {
  const isOnly = notification.alerts.length === 1;
  const summary = escape(summaryOf(alert));
  // With one alert the title above has the name already.
  const heading = isOnly
    ? summary
    : `${lookOf(alert.status, severityOf(alert.labels)).emoji} <b>${escape(nameOf(alert))}</b> ${summary}`;
  const labels = labelsOf(alert.labels, isOnly ? {} : notification.commonLabels).slice(0, 20);
  return [
    heading.trim(),
    escape(shorten(descriptionOf(alert), DESCRIPTION_CHARACTERS)),
    labels.map(([name, value]) => `<code>${escape(`${shorten(name, 100)}=${value}`)}</code>`).join(' '),
    [escape(timesOf(alert, notification)), ...linksOf(alert).map(linkTo)].join(' · '),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function lastLine(notification: Notification, problem: string | undefined): string {
  const hub = webAddress(notification.externalURL);
  const words = [
    `to ${escape(shorten(notification.receiver, 100))}`,
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    escape(lateText(notification)),
    ...(hub === undefined ? [] : [linkTo({ title: 'Signalbox', url: hub })]),
    ...(problem === undefined ? [] : [escape(shorten(templateNote(problem), 400))]),
  ];
  return words.filter((word) => word !== '').join(' · ');
}

function linkTo({ title, url }: Link): string {
  return `<a href="${escapeHtml(url)}">${escape(title)}</a>`;
}

function escape(text: string): string {
  return escapeHtml(cleanText(text));
}

/** Whether Telegram takes it: tags do not count as characters and an entity counts as one, but all of them count as bytes. */
export function fits(html: string, characters = TEXT_CHARACTERS, bytes = TEXT_BYTES): boolean {
  const shown = html.replace(/<[^<>]*>/g, '').replace(/&(?:[a-z]{2,4}|#\d{1,7}|#x[0-9a-f]{1,6});/gi, '_');
  return Array.from(shown).length <= characters && Buffer.byteLength(html) <= bytes;
}
