import { Fault } from './fault.ts';
import { utcTime } from './time.ts';

// Readers for sources: they check one field and throw `SB_REJECTED` with its path. They never copy what is already right,
// because they run for every alert of every signal.

const NOTHING: Readonly<Record<string, string>> = Object.freeze({});

/**
 * The fault of a payload that has not the shape it should have. The message never quotes the value.
 *
 * @example
 * throw wrongShape('alerts[3].labels.severity', 'a text'); // alerts[3].labels.severity must be a text.
 */
export function wrongShape(field: string, expected: string): Fault {
  return new Fault('SB_REJECTED', `${field || 'The body'} must be ${expected}.`, { field });
}

/** An object that is no list. */
export function readObject(value: unknown, field: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrongShape(field, 'an object');
  return value as Readonly<Record<string, unknown>>;
}

export function readList(value: unknown, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongShape(field, 'a list');
  return value;
}

/** A text that is not empty. */
export function readText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value === '') throw wrongShape(field, 'a text that is not empty');
  return value;
}

/** A text; undefined where it is missing, null or empty. */
export function readOptionalText(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  return readText(value, field);
}

/**
 * A map of texts, as labels and annotations are; missing counts as empty. Empty values are left out, because to
 * Prometheus a label without a value is no label. The map is copied only then.
 */
export function readTexts(value: unknown, field: string): Readonly<Record<string, string>> {
  if (value === undefined || value === null) return NOTHING;
  const map = readObject(value, field);
  let full = true;
  for (const name of Object.keys(map)) {
    const text = map[name];
    if (typeof text !== 'string') throw wrongShape(`${field}.${name}`, 'a text');
    if (text === '' || name === '') full = false;
  }
  const texts = map as Readonly<Record<string, string>>;
  return full
    ? texts
    : Object.fromEntries(Object.entries(texts).filter(([name, text]) => name !== '' && text !== ''));
}

/** RFC 3339 in UTC; undefined where it is missing or Go's zero time `0001-01-01T00:00:00Z`. */
export function readTime(value: unknown, field: string): string | undefined {
  if (value === undefined || value === null || value === '' || value === '0001-01-01T00:00:00Z')
    return undefined;
  const time = utcTime(value);
  if (time === undefined && !(typeof value === 'string' && value.startsWith('0001-01-01T'))) {
    throw wrongShape(field, 'a time as in RFC 3339');
  }
  return time;
}

/** A link that is safe to show; anything that is not `http:` or `https:` is left out rather than a reason to lose the alert. */
export function readLink(value: unknown): string | undefined {
  return typeof value === 'string' && /^https?:\/\/[^\s]+$/i.test(value) ? value : undefined;
}
