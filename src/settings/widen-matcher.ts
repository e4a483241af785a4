import type { Aliases } from '../model/aliases.ts';
import { createMatcher } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';
import { ALTERNATIVES } from './list-names.ts';

const SPECIAL = /[\\^$.*+?()[\]{}|]/g;

/**
 * A matcher on a label that says whose something is holds for every name of the same: rules outlive a rename, and so do alerts of workloads that still
 * have the old label (BR-QUAL-015). Regular expressions other than alternatives of whole names stay as they are.
 */
export function widenMatcher(matcher: Matcher, ownerLabels: ReadonlySet<string>, aliases: Aliases): Matcher {
  const { name, op, value } = matcher;
  if (!ownerLabels.has(name)) return matcher;
  const isPlain = op === '=' || op === '!=';
  if (value === '' || (!isPlain && !ALTERNATIVES.test(value))) return matcher;
  const written = isPlain ? [value] : value.split('|');
  const all = [...new Set(written.flatMap(aliases.allOf))];
  if (all.length === new Set(written).size) return matcher;
  const pattern = all.map((one) => one.replace(SPECIAL, '\\$&')).join('|');
  return createMatcher(name, op === '=' || op === '=~' ? '=~' : '!~', pattern);
}
