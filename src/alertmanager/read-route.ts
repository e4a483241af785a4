import { createMatcher } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import { parseDuration } from '../settings/quantity.ts';
import type { Report } from '../settings/report.ts';
import type { PathPart } from '../settings/tree.ts';
import type { AlertmanagerRoute } from './config.ts';
import type { Decoded } from './shape.ts';

type Path = readonly PathPart[];
type Fields = Readonly<Record<string, Decoded>>;

/** The names that the deprecated forms take; matchers take any. */
const CLASSIC_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/** The tree as written: nothing is inherited yet. */
export function readRoute(fields: Fields, path: Path, report: Report): AlertmanagerRoute {
  checkGroupBy(fields, path, report);
  for (const key of ['group_interval', 'repeat_interval']) {
    const written = fields[key];
    if (typeof written === 'string' && parseDuration(written) === 0) {
      report.error([...path, key], { code: 'wrong_value', message: 'expected a duration above zero' });
    }
  }
  const labels = textsOf(fields['labels']);
  if (Object.hasOwn(labels, '')) {
    report.error([...path, 'labels'], { code: 'wrong_value', message: 'a label needs a name' });
  }
  const children = (fields['routes'] as readonly (Fields | undefined)[] | undefined) ?? [];
  return {
    path,
    ...optional('receiver', fields['receiver'] || undefined),
    ...optional('group_by', fields['group_by']),
    ...optional('group_wait', fields['group_wait']),
    ...optional('group_interval', fields['group_interval']),
    ...optional('repeat_interval', fields['repeat_interval']),
    matchers: readMatchers(fields, path, report, { match: 'match', regex: 'match_re', matchers: 'matchers' }),
    mute_time_intervals: listOf(fields['mute_time_intervals']),
    active_time_intervals: listOf(fields['active_time_intervals']),
    continue: fields['continue'] === true,
    labels,
    routes: children.map((child, index) => readRoute(child ?? {}, [...path, 'routes', index], report)),
  };
}

function optional(key: string, value: Decoded): Readonly<Record<string, never>> {
  return (value === undefined ? {} : { [key]: value }) as Readonly<Record<string, never>>;
}

export function listOf(value: Decoded): readonly string[] {
  return ((value as readonly (string | undefined)[] | undefined) ?? []).map((text) => text ?? '');
}

export function textsOf(value: Decoded): Readonly<Record<string, string>> {
  const map = (value as Readonly<Record<string, string | undefined>> | undefined) ?? {};
  // What is undefined was refused already.
  return Object.fromEntries(
    Object.entries(map).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

function checkGroupBy(fields: Fields, path: Path, report: Report): void {
  const labels = listOf(fields['group_by']);
  const at = [...path, 'group_by'];
  if (labels.includes('...') && labels.some((label) => label !== '...')) {
    report.error(at, { code: 'wrong_value', message: 'expected either "..." alone or names of labels' });
  }
  labels.forEach((label, index) => {
    if (label === '') report.error([...at, index], { code: 'wrong_value', message: 'a label needs a name' });
    else if (label !== '...' && labels.indexOf(label) !== index) {
      report.error([...at, index], { code: 'wrong_value', message: 'this label stands twice in group_by' });
    }
  });
}

/** The keys that hold the three forms of matchers; inhibition rules have them twice. */
interface MatcherKeys {
  readonly match: string;
  readonly regex: string;
  readonly matchers: string;
}

/** All forms together, in the order of the file: all of them have to match. */
export function readMatchers(
  fields: Fields,
  path: Path,
  report: Report,
  keys: MatcherKeys,
): readonly Matcher[] {
  const old = (key: string, op: '=' | '=~'): readonly Matcher[] =>
    Object.entries(textsOf(fields[key])).flatMap(([name, value]) =>
      readOldMatcher({ name, op, value }, [...path, key, name], report),
    );
  const written = listOf(fields[keys.matchers]);
  return [
    ...old(keys.match, '='),
    ...old(keys.regex, '=~'),
    ...written.flatMap((text, index) => {
      const parsed = parseMatchers(text);
      if (parsed.ok) return parsed.matchers;
      const message = `not a matcher: ${parsed.message} at character ${parsed.column + 1}`;
      const hint = 'write it as severity="critical" or team=~"shop|pay"';
      report.error([...path, keys.matchers, index], { code: 'bad_matcher', message, hint });
      return [];
    }),
  ];
}

function readOldMatcher(
  { name, op, value }: Pick<Matcher, 'name' | 'op' | 'value'>,
  path: Path,
  report: Report,
): readonly Matcher[] {
  if (!CLASSIC_NAME.test(name)) {
    const message = 'expected a name of letters, digits and "_"';
    report.error(path, { code: 'wrong_value', message, hint: 'matchers take any name' }, 'key');
    return [];
  }
  try {
    return [createMatcher(name, op, value)];
  } catch {
    report.error(path, { code: 'bad_matcher', message: 'expected a regular expression in RE2 syntax' });
    return [];
  }
}
