import { problem } from './problem.ts';
import type { Decoded } from './decode/text.ts';

const UNUSUAL = /[\u007f-\u009f]/;

/** Nothing that a person should read is longer; what is cut off stays in the hash of the signal, not in its events. */
export const MAX_TEXT_LENGTH = 65_536;

/** More values than this are an alias bomb or a bulk export, not a signal. */
const MAX_VALUES = 500_000;

// Control characters other than tab, line feed and carriage return: they drive terminals and end C strings.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;

/**
 * Whether parsed JSON of this text can hold anything that `sanitise` changes. JSON allows control characters and lone surrogates
 * only as escapes, and a text that was strict UTF-8 holds none raw but U+007F to U+009F.
 */
export function isSuspicious(text: string, isAscii: boolean): boolean {
  if (text.length > MAX_TEXT_LENGTH || hasStrangeEscape(text)) return true;
  if (text.includes('__proto__') || text.includes('"constructor"')) return true;
  return isAscii ? text.includes('\u007f') : UNUSUAL.test(text);
}

/** Senders escape quotes all the time; what counts is `\u`, `\b` and `\f`. */
function hasStrangeEscape(text: string): boolean {
  for (let at = text.indexOf('\\'); at !== -1; at = text.indexOf('\\', at + 2)) {
    const code = text.charCodeAt(at + 1);
    if (code === 0x75 || code === 0x62 || code === 0x66) return true;
  }
  return false;
}

/** Text without control characters and lone surrogates, each replaced by U+FFFD, cut where it is over-long. */
export function cleanText(text: string): string {
  const printable = CONTROL.test(text) ? text.replace(CONTROLS, '\ufffd') : text;
  const whole = printable.toWellFormed();
  if (whole.length <= MAX_TEXT_LENGTH) return whole;
  return `${whole.slice(0, MAX_TEXT_LENGTH).toWellFormed()}… (cut, ${whole.length} characters)`;
}

/**
 * Cleans all text of a decoded body in place (BR-WH-024) and takes away the keys by which a careless copy would reach a prototype:
 * `__proto__`, and `constructor` where it holds an object.
 */
export function sanitise(value: unknown, depth: number): Decoded<unknown> {
  const budget = { values: MAX_VALUES };
  try {
    return { value: clean(value, depth, budget) };
  } catch (thrown) {
    if (thrown !== TOO_DEEP) throw thrown;
    return { problem: problem('too_deep', `The body is nested deeper than ${depth} levels or too large.`) };
  }
}

const TOO_DEEP = new Error('too deep');

function clean(value: unknown, levels: number, budget: { values: number }): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0 || (budget.values -= 1) < 0) throw TOO_DEEP;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) value[index] = clean(value[index], levels - 1, budget);
    return value;
  }
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record)) {
    const inner = record[key];
    const name = cleanText(key);
    if (name !== key || isTrick(key, inner)) delete record[key];
    if (isTrick(name, inner)) continue;
    record[name] = clean(inner, levels - 1, budget);
  }
  return record;
}

function isTrick(key: string, value: unknown): boolean {
  return key === '__proto__' || (key === 'constructor' && typeof value === 'object' && value !== null);
}
