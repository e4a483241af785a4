import { RE2JS } from 're2js';
import { quoteGo } from './go-text.ts';
import type { Matcher } from './matcher.ts';

/** In the order in which Alertmanager sorts matchers that are alike otherwise. */
export const MATCHER_OPS = ['=', '!=', '=~', '!~'] as const;

/**
 * Compiles one matcher. Throws when the regular expression is not RE2 (https://github.com/google/re2/wiki/Syntax): no
 * look-around and no back-references, which is what keeps it linear.
 *
 * @example
 * createMatcher('namespace', '=~', 'shop-.*').test('shop-eu'); // true
 */
export function createMatcher(name: string, op: Matcher['op'], value: string): Matcher {
  if (op === '=') return { name, op, value, test: (text) => text === value };
  if (op === '!=') return { name, op, value, test: (text) => text !== value };
  const accepts = compileAnchored(value);
  return { name, op, value, test: op === '=~' ? accepts : (text) => !accepts(text) };
}

const LITERAL = /^[^\\.+*?()|[\]{}^$]*$/;

/**
 * Most patterns in route trees are plain words, `a|b|c` or `prefix.*`. They are compared without the regular expression engine,
 * which takes a third of a millisecond to compile one.
 */
function compileAnchored(pattern: string): (text: string) => boolean {
  if (LITERAL.test(pattern)) return (text) => text === pattern;
  const choices = choicesOf(pattern);
  if (choices) {
    const accepted = new Set(choices);
    return (text) => accepted.has(text);
  }
  const prefix = pattern.slice(0, -2);
  if (LITERAL.test(prefix) && (pattern.endsWith('.*') || pattern.endsWith('.+'))) {
    const least = prefix.length + (pattern.endsWith('+') ? 1 : 0);
    // The dot does not match a line feed, as in Go.
    return (text) =>
      text.length >= least && text.startsWith(prefix) && text.indexOf('\n', prefix.length) === -1;
  }
  const compiled = RE2JS.compile(`^(?:${pattern})$`);
  return (text) => compiled.test(text);
}

function choicesOf(pattern: string): readonly string[] | undefined {
  const choices = pattern.split('|');
  return choices.every((choice) => LITERAL.test(choice)) ? choices : undefined;
}

/** All values that a matcher takes, where it names them: `team="db"`, `team=~"db|web"`. */
export function valuesOf({ op, value }: Pick<Matcher, 'op' | 'value'>): readonly string[] | undefined {
  if (op === '=') return [value];
  return op === '=~' ? choicesOf(value) : undefined;
}

/** What has to be quoted in a label name, so that both of Alertmanager's parsers read the same. */
const RESERVED = /[\s\u0085{}!=~,\\"'`]/;

/** As Alertmanager prints it: `team="db"`. */
export function formatMatcher({ name, op, value }: Pick<Matcher, 'name' | 'op' | 'value'>): string {
  if (RESERVED.test(name)) return `${quoteGo(name)}${op}${quoteGo(value)}`;
  const escaped = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');
  return `${name}${op}"${escaped}"`;
}

/** All of them in braces: `{severity=~"critical|page",team="db"}`. */
export function formatMatchers(matchers: readonly Pick<Matcher, 'name' | 'op' | 'value'>[]): string {
  return `{${matchers.map(formatMatcher).join(',')}}`;
}

/** By name, then value, then operator, which is the order in Alertmanager's route keys. */
export function sortMatchers<M extends Pick<Matcher, 'name' | 'op' | 'value'>>(matchers: readonly M[]): M[] {
  return [...matchers].sort(
    (left, right) =>
      Buffer.compare(Buffer.from(left.name), Buffer.from(right.name)) ||
      Buffer.compare(Buffer.from(left.value), Buffer.from(right.value)) ||
      MATCHER_OPS.indexOf(left.op) - MATCHER_OPS.indexOf(right.op),
  );
}
