import { styleText } from 'node:util';
import {
  leftOutText,
  wordingOf,
  type AlertStatus,
  type AlertWording,
  type Link,
  type Notification,
  type Severity,
  type Wording,
} from '@signalbox/sdk';

export interface Page {
  /** Columns to wrap at. */
  readonly width: number;
  readonly color: boolean;
}

/** Alerts shown in full; the rest is counted. */
const SHOWN_ALERTS = 20;

type Style = Parameters<typeof styleText>[0];

const COLORS: Readonly<
  Record<Severity | 'resolved', 'red' | 'yellow' | 'blue' | 'green' | 'magenta' | 'gray'>
> = {
  critical: 'red',
  error: 'magenta',
  warning: 'yellow',
  info: 'blue',
  unknown: 'gray',
  resolved: 'green',
};

const BADGES = {
  red: 'bgRed',
  yellow: 'bgYellow',
  blue: 'bgBlue',
  green: 'bgGreen',
  magenta: 'bgMagenta',
  gray: 'bgGray',
} as const;

/**
 * The notification for a terminal: a badge and a title, what all alerts share, then one paragraph per alert, held
 * together by a bar in the colour of the severity. Ends with an empty line.
 */
export function prettyText(notification: Notification, page: Page): string {
  const paint = (style: Style, text: string) =>
    page.color ? styleText(style, text, { validateStream: false }) : text;
  const wording = wordingOf(notification, { maxAlerts: SHOWN_ALERTS, sharesAlways: true });
  const color = colorOf(wording);
  const bar = paint(color, '│');
  const lines = [
    ...headLines(notification, wording, page, paint),
    ...wording.alerts.flatMap((alert, index) => {
      const isNamedAbove =
        notification.commonLabels['alertname'] === notification.alerts[index]?.labels['alertname'];
      return ['', ...alertLines(alert, isNamedAbove, page, paint)];
    }),
    ...footLines(notification, wording.alerts.length, paint),
  ];
  const [head = '', ...body] = lines;
  return [
    `${paint(color, '┌')} ${head}`,
    ...body.map((line) => `${bar} ${line}`.trimEnd()),
    paint(color, '└'),
    '',
  ].join('\n');
}

type Paint = (style: Style, text: string) => string;

interface State {
  readonly status: AlertStatus;
  readonly severity: Severity;
}

function colorOf({ status, severity }: State): (typeof COLORS)[Severity] {
  return COLORS[status === 'resolved' ? 'resolved' : severity];
}

function headLines(
  notification: Notification,
  wording: Wording,
  page: Page,
  paint: Paint,
): readonly string[] {
  const [, state = '', title = ''] = /^\[([^\]]*)\] (.*)$/.exec(wording.title) ?? [];
  const color = colorOf(wording);
  const badge = paint(
    [BADGES[color], color === 'yellow' ? 'black' : 'white', 'bold'],
    page.color ? ` ${state} ` : `[${state}]`,
  );
  const about = [
    `to ${notification.receiver}`,
    notification.createdAt.slice(0, 19).replace('T', ' ') + ' UTC',
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    ...[wording.news].filter(Boolean),
  ].join(' · ');
  const [level, ...asked] = wording.asked;
  return [
    `${badge} ${paint('bold', title)}`,
    ...wrap(about, page.width - 2).map((line) => paint('dim', line)),
    ...pairLines(wording.shared, '=', page.width - 2, paint),
    ...(wording.late === '' ? [] : [paint('yellow', wording.late)]),
    ...(level === undefined ? [] : wrap(level, page.width - 2).map((line) => paint('bold', line))),
    ...asked.flatMap((line) => wrap(line, page.width - 2)),
    ...wording.procedure.map((link) => linkLine(link, paint)),
  ];
}

function alertLines(alert: AlertWording, isNamedAbove: boolean, page: Page, paint: Paint): readonly string[] {
  const width = page.width - 4;
  const { name, summary } = alert;
  const words = [...(isNamedAbove ? [] : [name]), summary].filter(Boolean).join(': ') || name;
  const [first = '', ...more] = wrap(words, width);
  const color = colorOf(alert);
  const body = [
    ...more.map((line) => paint('bold', line)),
    ...alert.description.split('\n').flatMap((line) => wrap(line, width)),
    ...pairLines(alert.labels, '=', width, paint),
    ...pairLines(alert.known, ': ', width, paint),
    ...alert.found.flatMap((line) => wrap(line, width)),
    paint('dim', alert.times),
    ...alert.links.map((link) => linkLine(link, paint)),
  ].filter((line) => line !== '');
  const mark = paint(color, alert.status === 'firing' ? '●' : '✔');
  return [`${mark} ${paint('bold', first)}`, ...body.map((line) => `  ${line}`)];
}

function footLines(notification: Notification, shown: number, paint: Paint): readonly string[] {
  const leftOut = leftOutText(notification, shown);
  return leftOut === '' ? [] : ['', paint('dim', leftOut)];
}

function linkLine({ title, url }: Link, paint: Paint): string {
  return `${paint('dim', title.padEnd(9))} ${paint(['underline', 'cyan'], url)}`;
}

/** Names with their values on as few lines as fit; a pair is never split. */
function pairLines(
  pairs: readonly (readonly [name: string, value: string])[],
  mark: string,
  width: number,
  paint: Paint,
): readonly string[] {
  const lines: string[] = [];
  let columns = Infinity;
  for (const [name, value] of pairs) {
    const length = name.length + value.length + mark.length;
    const pair = `${paint('dim', `${name}${mark}`)}${value}`;
    if (columns + 2 + length > width) {
      lines.push(pair);
      columns = length;
    } else {
      lines[lines.length - 1] += `  ${pair}`;
      columns += 2 + length;
    }
  }
  return lines;
}

/** Breaks at spaces; a word that is longer than the line stays whole, so that addresses can be clicked. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}
