import type { Matcher } from '../model/matcher.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import { Problem } from './problem.ts';

/** Matchers of a request; what can't be read is refused with its place. */
export function readMatchers(texts: readonly string[]): readonly Matcher[] {
  return texts.flatMap((text, index) => {
    const parsed = parseMatchers(text);
    if (parsed.ok) return parsed.matchers;
    const where = `matcher ${index + 1}, character ${parsed.column + 1}`;
    throw new Problem('invalid_parameter', `In ${where}: ${parsed.message}.`, { field: 'matcher' });
  });
}
