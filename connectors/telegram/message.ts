import {
  cleanText,
  compileTemplate,
  escapeHtml,
  fitAlerts,
  fitting,
  leftOutText,
  shorten,
  templateNote,
  wordingOf,
  type AlertWording,
  type Link,
  type Notification,
  type Wording,
} from '@signalbox/sdk';
import type { TelegramConfig } from './config.ts';

/** After entities are parsed. https://core.telegram.org/bots/api#sendmessage */
export const TEXT_CHARACTERS = 4_096;
/** Before that: a longer text is refused however short it reads. */
export const TEXT_BYTES = 32_768;
/** What is between the title and the last line; the line that counts the rest comes on top. */
const BODY_CHARACTERS = 3_200;
const BODY_BYTES = 20_000;
// What one alert and what the procedures ask for have room for, tags included: together less than that, so that one alert always fits. Enrichment and
// changes get what is left.
const DESCRIPTION_CHARACTERS = 800;
const LABELS_CHARACTERS = 500;
const KNOWN_CHARACTERS = 500;
const LINKS_CHARACTERS = 3_000;
const ASKED_CHARACTERS = 600;
const PROCEDURE_CHARACTERS = 1_000;
const FOOTER_CHARACTERS = 300;
const NOTE_CHARACTERS = 300;

export interface TelegramMessage {
  readonly text: string;
  readonly parse_mode?: 'HTML' | 'Markdown' | 'MarkdownV2';
}

export interface Composed {
  readonly message: TelegramMessage;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

/** The notification in Telegram's HTML, within its limits: what does not fit is left out whole, so that no tag is cut. */
export function composeMessage(
  notification: Notification,
  config: TelegramConfig,
  earlierProblem?: string,
): Composed {
  const wording = wordingOf(notification, { maxAlerts: config.max_alerts });
  const { text, problem = earlierProblem } = bodyText(notification, wording, config);
  const title = `${wording.look.emoji} <b>${escape(wording.title)}</b>`;
  const parts = [title, text, lastLine(wording, problem)];
  return {
    message: { text: parts.filter((part) => part !== '').join('\n\n'), parse_mode: 'HTML' },
    ...(problem === undefined ? {} : { problem }),
  };
}

function bodyText(
  notification: Notification,
  wording: Wording,
  config: TelegramConfig,
): { readonly text: string; readonly problem?: string } {
  if (config.template === undefined) return { text: alertsText(notification, wording) };
  const rendering = compileTemplate(config.template, { field: 'config.template', escape: escapeHtml }).render(
    notification,
  );
  if (!rendering.ok) return { text: alertsText(notification, wording), problem: rendering.problem };
  const text = cleanText(rendering.text).trim();
  if (fits(text, BODY_CHARACTERS, BODY_BYTES)) return { text };
  return {
    text: alertsText(notification, wording),
    problem: `config.template: longer than the ${BODY_CHARACTERS} characters that fit`,
  };
}

function alertsText(notification: Notification, wording: Wording): string {
  const asked = askedText(wording);
  const textOf = (alerts: readonly string[]): string =>
    [asked, ...alerts].filter((part) => part !== '').join('\n\n');
  const shown = fitAlerts(
    wording.alerts,
    (alert) => alertText(alert, wording),
    (alerts) => fits(textOf(alerts), BODY_CHARACTERS, BODY_BYTES),
  );
  const leftOut = leftOutText(notification, shown.length);
  return textOf(leftOut === '' ? shown : [...shown, `<i>${leftOut}</i>`]);
}

/** What the procedures ask for; nothing without. */
function askedText({ asked: [level = '', ...asked], procedure }: Wording): string {
  const lines = fitting([bold(level), ...asked.map(escape)], ASKED_CHARACTERS, lengthOf);
  const links = fitting(procedure.map(linkTo), PROCEDURE_CHARACTERS, lengthOf);
  return [...lines, ...links].filter((line) => line !== '').join('\n');
}

function alertText(alert: AlertWording, { isSingle }: Wording): string {
  const labels = alert.labels.map(
    ([name, value]) => `<code>${escape(`${shorten(name, 100)}=${value}`)}</code>`,
  );
  const known = alert.known.map(([name, value]) => `${escape(name)}: ${bold(value)}`);
  const links = fitting(alert.links.map(linkTo), LINKS_CHARACTERS, lengthOf);
  const lines = [
    isSingle
      ? escape(alert.heading)
      : `${alert.look.emoji} ${bold(alert.heading)} ${escape(alert.beside)}`.trim(),
    escape(shorten(alert.description, DESCRIPTION_CHARACTERS)),
    fitting(labels, LABELS_CHARACTERS, lengthOf).join(' '),
    fitting(known, KNOWN_CHARACTERS, lengthOf).join(' · '),
    ...alert.found.map((line) => `• ${escape(line)}`),
    [escape(alert.times), ...links].join(' · '),
  ];
  return lines.filter((line) => line !== '').join('\n');
}

function lastLine({ footer, hub }: Wording, problem: string | undefined): string {
  const words = footer.map((word) => escape(shorten(word, 100)));
  return [
    ...fitting(words, FOOTER_CHARACTERS, lengthOf),
    ...hub.map(linkTo),
    ...(problem === undefined ? [] : [escape(shorten(templateNote(problem), NOTE_CHARACTERS))]),
  ].join(' · ');
}

/** With what stands between it and the next. */
function lengthOf(html: string): number {
  return html.length + 3;
}

function bold(text: string): string {
  return text === '' ? '' : `<b>${escape(text)}</b>`;
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
