import type { Matcher } from './matcher.ts';

type MatcherText = Pick<Matcher, 'name' | 'op' | 'value'>;

/**
 * Alertmanager's syntax before UTF-8 names, which it still reads: names of letters, digits, `_` and `:`; values with or
 * without quotes, in which a backslash that escapes nothing stands for itself. Undefined when the text is not such.
 */
export function parseClassicMatchers(text: string): readonly MatcherText[] | undefined {
  const matchers: MatcherText[] = [];
  for (const part of splitOutsideQuotes(text.replace(/^\{/, '').replace(/\}$/, ''))) {
    const matcher = parseClassicMatcher(part);
    if (!matcher) return undefined;
    matchers.push(matcher);
  }
  return matchers;
}

/** A trailing comma is fine, two in a row are not: the empty part between them is not a matcher. */
function splitOutsideQuotes(text: string): readonly string[] {
  const parts: string[] = [];
  let part = '';
  let quoted = false;
  let escaped = false;
  for (const char of text) {
    if (char === ',' && !quoted) {
      parts.push(part);
      part = '';
      continue;
    }
    if (char === '"') {
      if (!escaped) quoted = !quoted;
      escaped = false;
    } else if (char === '\\') {
      escaped = !escaped;
    } else if (char !== ',') {
      escaped = false;
    }
    part += char;
  }
  return part.trim() === '' ? parts : [...parts, part.trim()];
}

const CLASSIC =
  /^[\t\n\f\r ]*([a-zA-Z_:][a-zA-Z0-9_:]*)[\t\n\f\r ]*(=~|=|!=|!~)[\t\n\f\r ]*([^]*?)[\t\n\f\r ]*$/;

/** A single one: a comma belongs to its value. */
export function parseClassicMatcher(text: string): MatcherText | undefined {
  const found = CLASSIC.exec(text);
  if (!found) return undefined;
  const value = unescape(found[3]!);
  return value === undefined ? undefined : { name: found[1]!, op: found[2] as Matcher['op'], value };
}

/** The value of a matcher as it is written; undefined where there is no matcher. */
export function classicValue(text: string): string | undefined {
  return CLASSIC.exec(text)?.[3];
}

function unescape(written: string): string | undefined {
  const quoted = written.startsWith('"');
  const inner = quoted ? written.slice(1) : written;
  let value = '';
  let closed = !quoted;
  for (let at = 0; at < inner.length; at++) {
    const char = inner[at]!;
    if (char === '\\' && at < inner.length - 1) {
      const next = inner[++at]!;
      value += next === 'n' ? '\n' : next === '"' || next === '\\' ? next : `\\${next}`;
    } else if (char === '"') {
      if (closed || at < inner.length - 1) return undefined;
      closed = true;
    } else {
      value += char;
    }
  }
  return closed ? value : undefined;
}
