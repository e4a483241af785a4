import {
  compileTemplate,
  fitAlerts,
  fitting,
  leftOutText,
  shorten,
  templateNote,
  wordingOf,
  type AlertWording,
  type Notification,
  type Wording,
} from '@signalbox/sdk';
import type { DiscordConfig } from './config.ts';
import { bold, code, cutMarkdown, escapeMarkdown, linkTo } from './markdown.ts';

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
export const TITLE_CHARACTERS = 256;
export const DESCRIPTION_CHARACTERS = 4_096;
/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const CONTENT_CHARACTERS = 2_000;
// What one alert, what the procedures ask for and the line that counts the rest have room for: together less than a description, so that one alert
// always fits. Enrichment and changes get what is left.
const SUMMARY_CHARACTERS = 400;
const DETAILS_CHARACTERS = 600;
const LABELS_CHARACTERS = 400;
const KNOWN_CHARACTERS = 400;
const LINKS_CHARACTERS = 800;
const ASKED_CHARACTERS = 700;
const PROCEDURE_CHARACTERS = 400;
const LEFT_OUT_CHARACTERS = 60;
// All texts of an embed together have 6,000 characters, the footer alone 2,048.
const FOOTER_CHARACTERS = 500;
const NOTE_CHARACTERS = 400;

export interface DiscordMessage {
  readonly content?: string;
  readonly embeds: readonly [Embed];
  /** Whom the content may reach; everybody it names when it is left out. */
  readonly allowed_mentions?: AllowedMentions;
}

interface Embed {
  readonly title: string;
  readonly description: string;
  readonly color: number;
  readonly url?: string;
  readonly footer?: { readonly text: string };
  readonly timestamp?: string;
}

interface AllowedMentions {
  readonly parse: readonly string[];
  readonly roles?: readonly string[];
  readonly users?: readonly string[];
}

export interface Composed {
  readonly message: DiscordMessage;
  /** Why the words that were wanted could not be used. */
  readonly problem?: string;
}

/** The notification as one embed within Discord's limits: what does not fit is left out, details first and then alert by alert. */
export function composeMessage(
  notification: Notification,
  config: DiscordConfig,
  earlierProblem?: string,
): Composed {
  const wording = wordingOf(notification, { maxAlerts: config.max_alerts });
  const { color, emoji } = wording.look;
  const { text, problem = earlierProblem } = bodyText(notification, wording, config);
  const [hub] = wording.hub;
  const mentioned = mentionsOf(notification, config.mention);
  const message: DiscordMessage = {
    ...(mentioned === undefined ? {} : { content: mentioned.content }),
    embeds: [
      {
        title: shorten(`${emoji} ${wording.title}`, TITLE_CHARACTERS),
        description: text,
        color: Number.parseInt(color.slice(1), 16),
        ...(hub === undefined ? {} : { url: hub.url }),
        footer: { text: footerText(wording, problem) },
        timestamp: notification.createdAt,
      },
    ],
    allowed_mentions: mentioned?.allowed ?? { parse: [] },
  };
  return { message, ...(problem === undefined ? {} : { problem }) };
}

function bodyText(
  notification: Notification,
  wording: Wording,
  config: DiscordConfig,
): { readonly text: string; readonly problem?: string } {
  if (config.template === undefined) return { text: alertsText(notification, wording) };
  const template = compileTemplate(config.template, { field: 'config.template', escape: escapeMarkdown });
  const rendering = template.render(notification);
  if (!rendering.ok) return { text: alertsText(notification, wording), problem: rendering.problem };
  return { text: cutMarkdown(rendering.text.trim(), DESCRIPTION_CHARACTERS) };
}

function alertsText(notification: Notification, wording: Wording): string {
  const asked = askedText(wording);
  const textOf = (alerts: readonly string[]): string =>
    [asked, ...alerts].filter((part) => part !== '').join('\n\n');
  const shown = fitAlerts(
    wording.alerts,
    (alert) => alertText(alert, wording),
    (alerts) => textOf(alerts).length <= DESCRIPTION_CHARACTERS - LEFT_OUT_CHARACTERS,
  );
  const leftOut = leftOutText(notification, shown.length);
  return textOf(leftOut === '' ? shown : [...shown, `*${leftOut}*`]);
}

/** What the procedures ask for; nothing without. */
function askedText({ asked: [level = '', ...asked], procedure }: Wording): string {
  const lines = fitting([bold(level), ...asked.map(escapeMarkdown)], ASKED_CHARACTERS, lengthOf);
  const links = fitting(procedure.map(linkTo), PROCEDURE_CHARACTERS, lengthOf);
  return [...lines, ...links].filter((line) => line !== '').join('\n');
}

function alertText(alert: AlertWording, { isSingle }: Wording): string {
  const labels = alert.labels.map(([name, value]) => code(`${name}=${value}`));
  const known = alert.known.map(([name, value]) => `${escapeMarkdown(name)}: ${bold(value)}`);
  const links = fitting(alert.links.map(linkTo), LINKS_CHARACTERS, lengthOf);
  const lines = [
    isSingle
      ? cutMarkdown(escapeMarkdown(alert.heading), SUMMARY_CHARACTERS)
      : `${alert.look.emoji} ${bold(alert.heading)} ${cutMarkdown(escapeMarkdown(alert.beside), SUMMARY_CHARACTERS)}`,
    cutMarkdown(escapeMarkdown(alert.description), DETAILS_CHARACTERS),
    fitting(labels, LABELS_CHARACTERS, lengthOf).join(' '),
    fitting(known, KNOWN_CHARACTERS, lengthOf).join(' · '),
    ...alert.found.map((line) => `• ${escapeMarkdown(line)}`),
    [escapeMarkdown(alert.times), ...links].join(' · '),
  ];
  return lines
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}

function footerText({ footer }: Wording, problem: string | undefined): string {
  const words = footer.map((word) => shorten(word, 120));
  return [
    ...fitting(words, FOOTER_CHARACTERS, lengthOf),
    ...(problem === undefined ? [] : [shorten(templateNote(problem), NOTE_CHARACTERS)]),
  ].join(' · ');
}

/** With what stands between it and the next. */
function lengthOf(text: string): number {
  return text.length + 3;
}

function mentionsOf(
  { status, priority }: Notification,
  mention: readonly string[],
): { readonly content: string; readonly allowed: AllowedMentions } | undefined {
  if (status !== 'firing' || priority !== 'critical' || mention.length === 0) return undefined;
  const isAll = (whom: string): boolean => whom === 'here' || whom === 'everyone';
  const some = mention.filter((whom) => !isAll(whom));
  return {
    content: mention.map((whom) => (isAll(whom) ? `@${whom}` : `<@${whom}>`)).join(' '),
    allowed: {
      parse: mention.some(isAll) ? ['everyone'] : [],
      roles: some.filter((whom) => whom.startsWith('&')).map((whom) => whom.slice(1)),
      users: some.filter((whom) => !whom.startsWith('&')),
    },
  };
}
