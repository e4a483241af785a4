import type { Matcher } from '../model/matcher.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import type { Report } from './report.ts';
import { widenMatcher } from './widen-matcher.ts';
import type { PathPart } from './tree.ts';

/** One matcher or a list of them; those that can't be read go to the report. */
export function readMatchers(
  written: string | readonly string[],
  path: readonly PathPart[],
  report: Report,
): readonly Matcher[] {
  const texts =
    typeof written === 'string'
      ? [{ text: written, at: path }]
      : written.map((text, index) => ({ text, at: [...path, index] }));
  return texts.flatMap(({ text, at }) => {
    const parsed = parseMatchers(text);
    if (parsed.ok) {
      const { aliases, ownerLabels } = report.renames;
      return parsed.matchers.map((matcher) => widenMatcher(matcher, ownerLabels, aliases));
    }
    const message = `not a matcher: ${parsed.message} at character ${parsed.column + 1}`;
    report.error(at, {
      code: 'bad_matcher',
      message,
      hint: 'write it as severity="critical" or team=~"shop|pay"',
    });
    return [];
  });
}
