import { styleText } from 'node:util';
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
  worstSeverity,
  type AlertStatus,
  type Link,
  type NotifiedAlert,
  type Notification,
  type Severity,
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
  const color = colorOf(notification.status, worstSeverity(notification));
  const bar = paint(color, '│');
  const shown = notification.alerts.slice(0, SHOWN_ALERTS);
  const lines = [
    ...headLines(notification, page, paint),
    ...shown.flatMap((alert) => ['', ...alertLines(alert, notification, page, paint)]),
    ...footLines(notification, shown.length, paint),
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

function colorOf(status: AlertStatus, severity: Severity): (typeof COLORS)[Severity] {
  return COLORS[status === 'resolved' ? 'resolved' : severity];
}

function headLines(notification: Notification, page: Page, paint: Paint): readonly string[] {
  const [, state = '', title = ''] = /^\[([^\]]*)\] (.*)$/.exec(titleOf(notification)) ?? [];
  const color = colorOf(notification.status, worstSeverity(notification));
  const badge = paint(
    [BADGES[color], color === 'yellow' ? 'black' : 'white', 'bold'],
    page.color ? ` ${state} ` : `[${state}]`,
  );
  const about = [
    `to ${notification.receiver}`,
    notification.createdAt.slice(0, 19).replace('T', ' ') + ' UTC',
    ...(notification.generation > 1 ? [`update ${notification.generation}`] : []),
    ...[newsOf(notification)].filter(Boolean),
  ].join(' · ');
  const [level, ...asked] = askedOf(notification);
  return [
    `${badge} ${paint('bold', title)}`,
    ...wrap(about, page.width - 2).map((line) => paint('dim', line)),
    ...labelLines(notification.commonLabels, {}, page.width - 2, paint),
    ...(notification.late ? [paint('yellow', lateText(notification))] : []),
    ...(level === undefined ? [] : wrap(level, page.width - 2).map((line) => paint('bold', line))),
    ...asked.flatMap((line) => wrap(line, page.width - 2)),
    ...procedureLink(notification).map((link) => linkLine(link, paint)),
  ];
}

function alertLines(
  alert: NotifiedAlert,
  notification: Notification,
  page: Page,
  paint: Paint,
): readonly string[] {
  const width = page.width - 4;
  const name = nameOf(alert);
  const isNamedAbove = notification.commonLabels['alertname'] === alert.labels['alertname'];
  const words = [...(isNamedAbove ? [] : [name]), summaryOf(alert)].filter(Boolean).join(': ') || name;
  const [first = '', ...more] = wrap(words, width);
  const color = colorOf(alert.status, severityOf(alert.labels));
  const body = [
    ...more.map((line) => paint('bold', line)),
    ...descriptionOf(alert)
      .split('\n')
      .flatMap((line) => wrap(line, width)),
    ...labelLines(alert.labels, notification.commonLabels, width, paint),
    ...pairLines(knownOf(alert), ': ', width, paint),
    ...[...contextLinesOf(alert), ...changesOf(alert)].flatMap((line) => wrap(line, width)),
    paint('dim', timesOf(alert, notification)),
    ...[...linksOf(alert), ...explainLink(alert, notification)].map((link) => linkLine(link, paint)),
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

function labelLines(
  labels: Readonly<Record<string, string>>,
  except: Readonly<Record<string, string>>,
  width: number,
  paint: Paint,
): readonly string[] {
  return pairLines(labelsOf(labels, except), '=', width, paint);
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
