import { createMatcher, formatMatchers } from './create-matcher.ts';
import { unquoteGo } from './go-text.ts';
import type { Matcher } from './matcher.ts';
import { classicValue, parseClassicMatcher, parseClassicMatchers } from './parse-classic-matcher.ts';

/** A matcher as written, before its regular expression is compiled. */
export type MatcherText = Pick<Matcher, 'name' | 'op' | 'value'>;

export type ParsedMatchers =
  | { readonly ok: true; readonly matchers: readonly Matcher[] }
  /** `column` counts characters from 0; the message never repeats the input. */
  | { readonly ok: false; readonly message: string; readonly column: number };

/**
 * Reads zero or more matchers as Alertmanager does since 0.27 in its default mode
 * (https://prometheus.io/docs/alerting/latest/configuration/#matcher): first the UTF-8 syntax, then the classic one;
 * when both can read the text but differ, the classic reading stands.
 *
 * @example
 * parseMatchers('{team="db", "with space"=~"x.*"}');
 */
export function parseMatchers(text: string): ParsedMatchers {
  const modern = parseModernMatchers(text);
  const classic = parseClassicMatchers(text);
  const chosen =
    modern.ok && classic && formatMatchers(modern.texts) !== formatMatchers(classic)
      ? classic
      : modern.ok
        ? modern.texts
        : classic;
  if (!chosen) return modern as Extract<typeof modern, { ok: false }>;
  return compile(chosen);
}

/**
 * Reads exactly one matcher, without braces, as the filters of Alertmanager's API are written. A classic one may have commas in a value without
 * quotes.
 *
 * @returns what is wrong in Alertmanager's words when it is none.
 */
export function parseMatcher(text: string): Matcher | string {
  if (text.startsWith('{') || text.endsWith('}')) return `unexpected open or close brace: ${text}`;
  const read = parseModernMatchers(text);
  const modern = read.ok && read.texts.length === 1 ? read.texts[0] : undefined;
  const classic = parseClassicMatcher(text);
  const chosen = classic ?? modern;
  if (chosen === undefined) {
    const value = classicValue(text);
    return value === undefined
      ? `bad matcher format: ${text}`
      : `matcher value contains unescaped double quote: ${value}`;
  }
  try {
    return createMatcher(chosen.name, chosen.op, chosen.value);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function compile(texts: readonly MatcherText[]): ParsedMatchers {
  try {
    return { ok: true, matchers: texts.map(({ name, op, value }) => createMatcher(name, op, value)) };
  } catch {
    return { ok: false, message: 'expected a regular expression in RE2 syntax', column: 0 };
  }
}

type ModernResult =
  | { readonly ok: true; readonly texts: readonly MatcherText[] }
  | { readonly ok: false; readonly message: string; readonly column: number };

interface Token {
  readonly kind: 'open' | 'close' | 'comma' | 'operator' | 'text' | 'invalid' | 'end';
  readonly value: string;
  readonly column: number;
}

function parseModernMatchers(text: string): ModernResult {
  const tokens = tokenize(text);
  const texts: MatcherText[] = [];
  let at = 0;
  const peek = () => tokens[at]!;
  const fail = (expected: string, token = peek()): ModernResult => ({
    ok: false,
    message: token.kind === 'invalid' ? token.value : `expected ${expected}`,
    column: token.column,
  });

  const braced = peek().kind === 'open';
  if (braced) at++;
  while (peek().kind !== 'close' && peek().kind !== 'end') {
    const [name, operator, value] = [tokens[at], tokens[at + 1], tokens[at + 2]];
    if (name?.kind !== 'text') return fail('a label name');
    if (operator?.kind !== 'operator') return fail('an operator: =, !=, =~ or !~', operator);
    if (value?.kind !== 'text') return fail('a value', value);
    texts.push({ name: name.value, op: operator.value as Matcher['op'], value: value.value });
    at += 3;
    if (peek().kind === 'comma') at++;
    else if (peek().kind !== 'close' && peek().kind !== 'end') return fail('a comma or a closing brace');
  }
  if (braced) {
    if (peek().kind !== 'close') return fail('a closing brace');
    at++;
  }
  if (peek().kind !== 'end') return fail(braced ? 'nothing more' : 'an opening brace before the closing one');
  return { ok: true, texts };
}

const SYMBOL = /[{},]|=~|=|!=|!~/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)"/y;
const UNQUOTED = /[^\s\u0085{}!=~,\\"'`]+/y;
const SPACE = /[\s\u0085]+/y;
const SYMBOL_KINDS: Readonly<Record<string, Token['kind']>> = { '{': 'open', '}': 'close', ',': 'comma' };

/** Always ends with `invalid` or `end`, so that a reader can't run off the list. */
function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let column = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = column;
    return pattern.exec(text);
  };
  while (column < text.length) {
    const space = take(SPACE);
    if (space) {
      column += space[0].length;
      continue;
    }
    const found = take(SYMBOL) ?? take(UNQUOTED) ?? take(QUOTED);
    if (!found) {
      const message =
        text[column] === '"'
          ? 'expected a closing double quote'
          : 'this character must stand in double quotes';
      return [...tokens, { kind: 'invalid', value: message, column }, { kind: 'end', value: '', column }];
    }
    const value = found[1] === undefined ? found[0] : unquoteGo(found[1]);
    if (value === undefined) {
      const message = 'expected a quoted string with the escapes of Go and valid UTF-8';
      return [...tokens, { kind: 'invalid', value: message, column }, { kind: 'end', value: '', column }];
    }
    const kind = found[1] === undefined && take(SYMBOL) ? (SYMBOL_KINDS[value] ?? 'operator') : 'text';
    tokens.push({ kind, value, column });
    column += found[0].length;
  }
  return [...tokens, { kind: 'end', value: '', column }];
}
