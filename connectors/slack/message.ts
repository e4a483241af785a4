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
  summaryOf,
  templateNote,
  timesOf,
  titleOf,
  webAddress,
  worstSeverity,
  type NotifiedAlert,
  type Notification,
} from '@signalbox/sdk';
import type { SlackConfig } from './config.ts';
import { bold, code, cutMrkdwn, escapeMrkdwn, linkTo } from './mrkdwn.ts';

// https://docs.slack.dev/reference/block-kit/blocks/section-block
const SECTION_CHARACTERS = 3_000;
// Slack refuses a message as `msg_blocks_too_long` at about 13,200 characters over all blocks, a limit that it does not
// document (https://github.com/slackapi/bolt-js/issues/2509). The line at the end, with links of alerts, comes on top of this.
const MESSAGE_CHARACTERS = 10_000;

export interface SlackMessage {
  /** What shows in desktop notifications, and above the coloured part. */
  readonly text: string;
  readonly attachments: readonly [
    { readonly color: string; readonly fallback: string; readonly blocks: readonly Block[] },
  ];
  readonly unfurl_links: false;
  readonly unfurl_media: false;
}

type Block =
  | { readonly type: 'section'; readonly text: Text }
  | { readonly type: 'context'; readonly elements: readonly Text[] };

interface Text {
  readonly type: 'mrkdwn';
  readonly text: string;
}

export interface Composed {
  readonly message: SlackMessage;
  /** Why the template could not be used. */
  readonly problem?: string;
}

/**
 * The notification as a Slack message within Slack's limits. Links stand in the text: a button needs an app that answers clicks.
 *
 * @param earlierProblem Why the wording that was wanted could not be used.
 */
export function composeMessage(
  notification: Notification,
  config: SlackConfig,
  earlierProblem?: string,
): Composed {
  const severity = worstSeverity(notification);
  const { color, emoji } = lookOf(notification.status, severity);
  const title = titleOf(notification);
  const { blocks, problem = earlierProblem } = bodyBlocks(notification, config);
  const message: SlackMessage = {
    text: [`${emoji} ${bold(title)}`, mentionsOf(notification, config)].filter(Boolean).join(' '),
    attachments: [
      { color, fallback: escapeMrkdwn(title), blocks: [...blocks, contextBlock(notification, problem)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
  return { message, ...(problem === undefined ? {} : { problem }) };
}

function bodyBlocks(
  notification: Notification,
  config: SlackConfig,
): { blocks: readonly Block[]; problem?: string } {
  if (config.template === undefined) return { blocks: alertBlocks(notification, config.max_alerts) };
  const template = compileTemplate(config.template, { field: 'config.template', escape: escapeMrkdwn });
  const rendering = template.render(notification);
  if (!rendering.ok)
    return { blocks: alertBlocks(notification, config.max_alerts), problem: rendering.problem };
  const text = rendering.text.trim();
  return { blocks: text === '' ? [] : [section(text)] };
}

function alertBlocks(notification: Notification, maxAlerts: number): readonly Block[] {
  const blocks: Block[] = [];
  let characters = 0;
  for (const alert of notification.alerts.slice(0, maxAlerts)) {
    const text = alertText(alert, notification);
    characters += text.length;
    if (characters > MESSAGE_CHARACTERS) break;
    blocks.push(section(text));
  }
  const leftOut = leftOutText(notification, blocks.length);
  return leftOut === '' ? blocks : [...blocks, section(`_${leftOut}_`)];
}

function alertText(alert: NotifiedAlert, notification: Notification): string {
  const isOnly = notification.alerts.length === 1;
  const { emoji } = lookOf(alert.status, severityOf(alert.labels));
  const summary = summaryOf(alert);
  // With one alert the title above has the name already.
  const heading = isOnly
    ? bold(summary || nameOf(alert))
    : `${emoji} ${bold(nameOf(alert))} ${escapeMrkdwn(summary)}`;
  const labels = labelsOf(alert.labels, isOnly ? {} : notification.commonLabels);
  const lines = [
    heading,
    escapeMrkdwn(descriptionOf(alert)),
    labels.map(([name, value]) => code(`${name}=${value}`)).join(' '),
    [escapeMrkdwn(timesOf(alert, notification)), ...linksOf(alert).map(linkTo)].join(' · '),
  ];
  return cutText(lines.filter(Boolean));
}

/** Cuts the longest lines first, because a cut through a link or a code mark would show as garbage. */
function cutText(lines: readonly string[]): string {
  const text = lines.join('\n');
  if (text.length <= SECTION_CHARACTERS) return text;
  const [heading = '', ...rest] = lines;
  const kept = rest.filter((line) => line.length <= SECTION_CHARACTERS / 4);
  return [cutMrkdwn(heading, 600), ...kept].join('\n').slice(0, SECTION_CHARACTERS);
}

function contextBlock(notification: Notification, problem: string | undefined): Block {
  const labels = notification.alerts.length > 1 ? labelsOf(notification.commonLabels) : [];
  const hub = webAddress(notification.externalURL);
  const words = [
    `to ${escapeMrkdwn(notification.receiver)}`,
    ...labels.slice(0, 5).map(([name, value]) => escapeMrkdwn(`${name}=${value}`)),
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    escapeMrkdwn(lateText(notification)),
    ...(hub === undefined ? [] : [linkTo({ title: 'Signalbox', url: hub })]),
    ...(problem === undefined ? [] : [`:warning: ${escapeMrkdwn(templateNote(problem))}`]),
  ];
  return { type: 'context', elements: [mrkdwn(words.filter(Boolean).join(' · '))] };
}

function mentionsOf(notification: Notification, config: SlackConfig): string {
  if (notification.status !== 'firing' || notification.priority !== 'critical') return '';
  return config.mention
    .map((whom) =>
      /^[UW]/.test(whom) ? `<@${whom}>` : whom.startsWith('S') ? `<!subteam^${whom}>` : `<!${whom}>`,
    )
    .join(' ');
}

function section(text: string): Block {
  return { type: 'section', text: mrkdwn(text) };
}

function mrkdwn(text: string): Text {
  return { type: 'mrkdwn', text: cutMrkdwn(text, SECTION_CHARACTERS) };
}
