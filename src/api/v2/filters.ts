import { RE2JS } from 're2js';
import type { Labels, Matcher } from '../../model/matcher.ts';
import { parseMatchers } from '../../model/parse-matcher.ts';

/** A request that Alertmanager answers with a text. */
export class Refusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** `filter` of a query: one matcher each. */
export function readFilters(texts: readonly string[]): readonly Matcher[] {
  return texts.flatMap((text) => {
    const parsed = parseMatchers(text);
    if (parsed.ok) return parsed.matchers;
    throw new Refusal(400, `bad matcher format: ${text}: ${parsed.message}`);
  });
}

/**
 * Alertmanager's meaning of a filter over labels, or over the matchers of a silence by name and value: a matcher for the empty value asks
 * whether the name is there at all.
 */
export function passesFilters(filters: readonly Matcher[], labels: Labels): boolean {
  return filters.every(({ name, op, value, test }) => {
    const isThere = Object.hasOwn(labels, name);
    if (value === '' && (op === '!=' || op === '!~') && isThere) return true;
    if (value === '' && (op === '=' || op === '=~') && !isThere) return true;
    return test(isThere ? labels[name]! : '');
  });
}

/** `receiver` of a query: an anchored regular expression. */
export function readReceiverFilter(text: string | undefined): (receiver: string) => boolean {
  if (text === undefined || text === '') return () => true;
  try {
    const pattern = RE2JS.compile(`^(?:${text})$`);
    return (receiver) => pattern.test(receiver);
  } catch {
    throw new Refusal(400, `failed to parse receiver param: ${text}`);
  }
}
