import {
  compileTemplate,
  descriptionOf,
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
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';
import type { DiscordConfig } from './config.ts';
import { bold, code, cutMarkdown, escapeMarkdown, linkTo } from './markdown.ts';

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
export const TITLE_CHARACTERS = 256;
export const DESCRIPTION_CHARACTERS = 4_096;
/** https://discord.com/developers/docs/resources/webhook#execute-webhook */
export const CONTENT_CHARACTERS = 2_000;
const FOOTER_CHARACTERS = 1_000;
const ALERT_CHARACTERS = 1_500;

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

/** The notification as one embed within Discord's limits: what does not fit is left out alert by alert. */
export function composeMessage(
  notification: Notification,
  config: DiscordConfig,
  earlierProblem?: string,
): Composed {
  const { color, emoji } = lookOf(notification.status, worstSeverity(notification));
  const { text, problem = earlierProblem } = bodyText(notification, config);
  const hub = webAddress(notification.externalURL);
  const mentioned = mentionsOf(notification, config.mention);
  const message: DiscordMessage = {
    ...(mentioned === undefined ? {} : { content: mentioned.content }),
    embeds: [
      {
        title: shorten(`${emoji} ${titleOf(notification)}`, TITLE_CHARACTERS),
        description: text,
        color: Number.parseInt(color.slice(1), 16),
        ...(hub === undefined ? {} : { url: hub }),
        footer: { text: footerText(notification, problem) },
        timestamp: notification.createdAt,
      },
    ],
    allowed_mentions: mentioned?.allowed ?? { parse: [] },
  };
  return { message, ...(problem === undefined ? {} : { problem }) };
}

function bodyText(
  notification: Notification,
  config: DiscordConfig,
): { readonly text: string; readonly problem?: string } {
  if (config.template === undefined) return { text: alertsText(notification, config.max_alerts) };
  const template = compileTemplate(config.template, { field: 'config.template', escape: escapeMarkdown });
  const rendering = template.render(notification);
  if (!rendering.ok) return { text: alertsText(notification, config.max_alerts), problem: rendering.problem };
  return { text: cutMarkdown(rendering.text.trim(), DESCRIPTION_CHARACTERS) };
}

/** Room for the line that counts what is left out. */
const LEFT_OUT_CHARACTERS = 60;

function alertsText(notification: Notification, maxAlerts: number): string {
  const shown: string[] = [];
  for (const alert of notification.alerts.slice(0, maxAlerts)) {
    const text = alertText(alert, notification);
    const characters = [...shown, text].join('\n\n').length;
    if (characters > DESCRIPTION_CHARACTERS - LEFT_OUT_CHARACTERS) break;
    shown.push(text);
  }
  const leftOut = leftOutText(notification, shown.length);
  return [...shown, ...(leftOut === '' ? [] : [`*${leftOut}*`])].join('\n\n');
}

function alertText(alert: NotifiedAlert, notification: Notification): string {
  const isOnly = notification.alerts.length === 1;
  const summary = cutMarkdown(escapeMarkdown(summaryOf(alert)), 500);
  // With one alert the title above has the name already.
  const heading = isOnly
    ? summary
    : `${lookOf(alert.status, severityOf(alert.labels)).emoji} ${bold(nameOf(alert))} ${summary}`;
  const labels = labelsOf(alert.labels, isOnly ? {} : notification.commonLabels);
  const lines = [
    heading.trim(),
    cutMarkdown(escapeMarkdown(descriptionOf(alert)), 600),
    labels.map(([name, value]) => code(`${name}=${value}`)).join(' '),
    [escapeMarkdown(timesOf(alert, notification)), ...linksOf(alert).map(linkTo)].join(' · '),
  ].filter((line) => line !== '');
  if (lines.join('\n').length <= ALERT_CHARACTERS) return lines.join('\n');
  // A line of labels or links is left out whole, because half a mark would show as garbage.
  return lines.filter((line) => line.length <= ALERT_CHARACTERS / 3 || line === lines[0]).join('\n');
}

function footerText(notification: Notification, problem: string | undefined): string {
  const words = [
    `to ${notification.receiver}`,
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    lateText(notification),
    ...(problem === undefined ? [] : [templateNote(problem)]),
  ];
  return shorten(words.filter((word) => word !== '').join(' · '), FOOTER_CHARACTERS);
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
