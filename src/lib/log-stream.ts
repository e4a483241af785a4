import { isatty } from 'node:tty';
import { styleText } from 'node:util';

/** `auto`: text on a terminal, JSON lines everywhere else. */
export type LogFormat = 'auto' | 'json' | 'logfmt' | 'pretty';

/** What a log writes to: one or more whole JSON lines at a time. */
export interface LogStream {
  write(lines: string): void;
}

const STDERR = 2;

/** Standard error in the wanted format. Works in worker threads, whose `process.stderr` does not know that it is a terminal. */
export function openLogStream(
  format: LogFormat,
  env: Readonly<Record<string, string | undefined>> = process.env,
): LogStream {
  const isTerminal = isatty(STDERR);
  if (format === 'json' || (format === 'auto' && !isTerminal)) {
    return { write: (lines) => void process.stderr.write(lines) };
  }
  if (format === 'logfmt') return { write: (lines) => void process.stderr.write(logfmtLines(lines)) };
  const color = isTerminal && !env.NO_COLOR && env.TERM !== 'dumb';
  return { write: (lines) => void process.stderr.write(prettyLines(lines, color)) };
}

const STYLES = { debug: 'dim', info: 'green', warn: 'yellow', error: 'red' } as const;
/** Said in front, or of no use to a person who looks at one terminal. */
const QUIET_FIELDS = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

/** JSON lines as text for people, one line per entry: `09:14:05 warn  the configuration was not reloaded  reason="…"`. */
export function prettyLines(lines: string, color: boolean): string {
  return lines
    .split('\n')
    .map((line) => (line === '' ? '' : prettyLine(line, color)))
    .join('\n');
}

/** JSON lines as Go programs write them: `time=… level=INFO msg="Listening on" address=127.0.0.1:9093`. */
export function logfmtLines(lines: string): string {
  return lines
    .split('\n')
    .map((line) => (line === '' ? '' : logfmtLine(line)))
    .join('\n');
}

function logfmtLine(line: string): string {
  const entry = readEntry(line);
  if (entry === undefined) return printable(line);
  const { time, level, msg, ...fields } = entry;
  const pairs = Object.entries({ time, level: String(level).toUpperCase(), msg, ...fields });
  return pairs
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${logfmtValue(value)}`)
    .join(' ');
}

function logfmtValue(value: unknown): string {
  const text = printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
  return text !== '' && /^[^\s"=]+$/.test(text) ? text : JSON.stringify(text);
}

function readEntry(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    // Not one of ours; better shown as it is than lost.
    return undefined;
  }
}

function prettyLine(line: string, color: boolean): string {
  const entry = readEntry(line);
  if (entry === undefined) return printable(line);
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const level = String(entry.level);
  const time = String(entry.time).slice(11, 19);
  // The access log has no message; its part says what kind of line it is.
  const isMessage = typeof entry.msg === 'string';
  const message = isMessage ? entry.msg : entry.part;
  const fields = Object.entries(entry)
    .filter(([name]) => !QUIET_FIELDS.has(name) && (isMessage || name !== 'part'))
    .map(([name, value]) => `${paint('dim', `${name}=`)}${valueText(value)}`);
  const style = Object.hasOwn(STYLES, level) ? STYLES[level as keyof typeof STYLES] : 'reset';
  const head = `${paint('dim', time)} ${paint(style, level.padEnd(5))} ${printable(typeof message === 'string' ? message : '')}`;
  return fields.length === 0 ? head : `${head.trimEnd()}  ${fields.join(' ')}`;
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return typeof value === 'string' && /^[\w./:@+-]+$/.test(text)
    ? text
    : printable(JSON.stringify(value) ?? '');
}

/** What a field holds may come from outside; nothing in it may steer the terminal. */
function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters to be replaced
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');
}
