import {
  compileTemplate,
  leftOutText,
  templateNote,
  wordingOf,
  type AlertWording,
  type Notification,
  type Wording,
} from '@signalbox/sdk';
import type { SlackConfig } from './config.ts';
import { bold, code, cutMrkdwn, escapeMrkdwn, linkTo } from './mrkdwn.ts';

// https://docs.slack.dev/reference/block-kit/blocks/section-block
const SECTION_CHARACTERS = 3_000;
const HEADING_CHARACTERS = 600;
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
  const wording = wordingOf(notification, { maxAlerts: config.max_alerts });
  const { title } = wording;
  const { color, emoji } = wording.look;
  const { blocks, problem = earlierProblem } = bodyBlocks(notification, wording, config);
  const message: SlackMessage = {
    text: [`${emoji} ${bold(title)}`, mentionsOf(notification, config)].filter(Boolean).join(' '),
    attachments: [
      { color, fallback: escapeMrkdwn(title), blocks: [...blocks, contextBlock(wording, problem)] },
    ],
    unfurl_links: false,
    unfurl_media: false,
  };
  return { message, ...(problem === undefined ? {} : { problem }) };
}

function bodyBlocks(
  notification: Notification,
  wording: Wording,
  config: SlackConfig,
): { blocks: readonly Block[]; problem?: string } {
  if (config.template === undefined) return { blocks: alertBlocks(notification, wording) };
  const template = compileTemplate(config.template, { field: 'config.template', escape: escapeMrkdwn });
  const rendering = template.render(notification);
  if (!rendering.ok) return { blocks: alertBlocks(notification, wording), problem: rendering.problem };
  const text = rendering.text.trim();
  return { blocks: text === '' ? [] : [section(text)] };
}

function alertBlocks(notification: Notification, wording: Wording): readonly Block[] {
  const asked = askedText(wording);
  const head = asked === '' ? [] : [section(asked)];
  const blocks: Block[] = [];
  let characters = asked.length;
  for (const alert of wording.alerts) {
    const text = alertText(alert, wording);
    characters += text.length;
    if (characters > MESSAGE_CHARACTERS) break;
    blocks.push(section(text));
  }
  const leftOut = leftOutText(notification, blocks.length);
  return [...head, ...blocks, ...(leftOut === '' ? [] : [section(`_${leftOut}_`)])];
}

/** What the procedures ask for; nothing without. */
function askedText({ asked: [level = '', ...asked], procedure }: Wording): string {
  return [bold(level), ...asked.map(escapeMrkdwn), ...procedure.map(linkTo)].filter(Boolean).join('\n');
}

function alertText(alert: AlertWording, { isSingle }: Wording): string {
  const heading = bold(alert.heading);
  const lines = [
    isSingle ? heading : `${alert.look.emoji} ${heading} ${escapeMrkdwn(alert.beside)}`,
    escapeMrkdwn(alert.description),
    alert.labels.map(([name, value]) => code(`${name}=${value}`)).join(' '),
    alert.known.map(([name, value]) => `${escapeMrkdwn(name)}: ${bold(value)}`).join(' · '),
    ...alert.found.map((line) => `• ${escapeMrkdwn(line)}`),
    [escapeMrkdwn(alert.times), ...alert.links.map(linkTo)].join(' · '),
  ];
  return cutText(lines.filter(Boolean));
}

/** Leaves out the longest lines, and then the last ones, because a cut through a link or a code mark would show as garbage. */
function cutText(lines: readonly string[]): string {
  const text = lines.join('\n');
  if (text.length <= SECTION_CHARACTERS) return text;
  const [heading = '', ...rest] = lines;
  const kept = new Set<number>();
  let room = SECTION_CHARACTERS - HEADING_CHARACTERS;
  // The last one has the links.
  for (const index of [rest.length - 1, ...rest.keys()]) {
    const characters = rest[index]!.length + 1;
    if (kept.has(index) || characters > Math.min(room, SECTION_CHARACTERS / 4)) continue;
    kept.add(index);
    room -= characters;
  }
  return [cutMrkdwn(heading, HEADING_CHARACTERS), ...rest.filter((_, index) => kept.has(index))].join('\n');
}

function contextBlock({ footer, hub }: Wording, problem: string | undefined): Block {
  const words = [
    ...footer.map(escapeMrkdwn),
    ...hub.map(linkTo),
    ...(problem === undefined ? [] : [`:warning: ${escapeMrkdwn(templateNote(problem))}`]),
  ];
  return { type: 'context', elements: [mrkdwn(words.join(' · '))] };
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
