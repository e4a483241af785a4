import type { Matcher } from 're2js';

/** `$1`, `$name`, `${1}`, `${name}` and `$$`; a name without braces is as long as it can be. */
const VARIABLE = /\$(?:\$|(\w+)|\{(\w+)\})/g;

/**
 * Fills in what a match took, as Go's `Regexp.Expand` does (https://pkg.go.dev/regexp#Regexp.Expand): what names no group is empty, and a `$` that begins no
 * variable stands for itself.
 */
export function expand(template: string, match: Matcher): string {
  if (!template.includes('$')) return template;
  return template.replace(VARIABLE, (whole, bare: string | undefined, braced: string | undefined) =>
    whole === '$$' ? '$' : groupOf(match, bare ?? braced ?? ''),
  );
}

function groupOf(match: Matcher, name: string): string {
  if (!/^\d+$/.test(name)) return Object.hasOwn(match.namedGroups, name) ? (match.group(name) ?? '') : '';
  const index = Number(name);
  return index <= match.groupCount() ? (match.group(index) ?? '') : '';
}
