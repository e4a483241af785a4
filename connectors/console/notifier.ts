import { isatty } from 'node:tty';
import { titleOf, worstSeverity, type Notification, type Notifier } from '@signalbox/sdk';
import type { ConsoleConfig } from './config.ts';
import { prettyText, type Page } from './pretty.ts';
import { writeAll } from './write-all.ts';

const STDOUT = 1;
const DEFAULT_WIDTH = 80;
// Times and badges do not fit into less; prose is hard to read in more.
const MIN_WIDTH = 60;
const MAX_WIDTH = 120;

export const notifier: Notifier<ConsoleConfig> = {
  // Two notifications at once would mix their lines when the reader of the output is slow.
  limits: { concurrency: 1 },
  idempotency: 'none',

  async deliver(notification, { config, signal }) {
    const isTerminal = isatty(STDOUT);
    const isPretty = config.format === 'pretty' || (config.format === 'auto' && isTerminal);
    const text = isPretty ? prettyText(notification, pageOf(config, isTerminal)) : jsonLine(notification);
    await writeAll(STDOUT, text, signal);
    return { summary: isPretty ? 'printed' : 'printed as a JSON line' };
  },

  render(notification, config) {
    if (config.format === 'json') return { contentType: 'application/json', body: jsonLine(notification) };
    const page = { width: DEFAULT_WIDTH, color: config.color === 'always' };
    return { contentType: 'text/plain', body: prettyText(notification, page) };
  },
};

function pageOf(config: ConsoleConfig, isTerminal: boolean): Page {
  const { NO_COLOR, TERM, COLUMNS } = process.env;
  // A worker thread's stdout does not know its columns; terminals that export COLUMNS tell it there.
  const columns = process.stdout.columns ?? (Number(COLUMNS) || DEFAULT_WIDTH);
  const isWanted = config.color === 'auto' && isTerminal && !NO_COLOR && TERM !== 'dumb';
  return {
    width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, columns)),
    color: config.color === 'always' || isWanted,
  };
}

/** One JSON object on one line: the notification with its title and severity in front. */
export function jsonLine(notification: Notification): string {
  const line = JSON.stringify({
    title: titleOf(notification),
    severity: worstSeverity(notification),
    ...notification,
  });
  return `${line.replace(UNESCAPED_CONTROLS, escapeUnicode)}\n`;
}

/** JSON leaves DEL, C1, line separators and reading-direction overrides as they are; a terminal obeys some of them. */
const UNESCAPED_CONTROLS = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

function escapeUnicode(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
