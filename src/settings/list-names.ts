import type { NamedPlace, NameKind } from '../model/directory-settings.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import { formatPath, isMap, placeOf, pointerOf, type PathPart, type Tree } from './tree.ts';

/** Keys whose values, or lists of them, are such names wherever they stand. */
const KEYS: ReadonlyMap<string, NameKind> = new Map([
  ['tenant', 'tenant'],
  ['tenants', 'tenant'],
  ['business_unit', 'business_unit'],
  ['business_units', 'business_unit'],
  ['cost_center', 'cost_center'],
]);
const MATCHER_KEYS = new Set(['matchers', 'source_matchers', 'target_matchers']);
/** Labels whose values are such names, whatever the configuration says of owners. */
export const LABEL_KINDS: ReadonlyMap<string, NameKind> = new Map([
  ['team', 'team'],
  ['tenant', 'tenant'],
  ['business_unit', 'business_unit'],
  ['cost_center', 'cost_center'],
]);
/** What stands below these is the connector's, or names labels and not their values. */
const LEFT_OUT = new Set(['config', 'auth', 'http', 'write_labels', 'profiles', 'environments', 'aliases']);
/** `a|b|c`: several whole names. Anything else of a regular expression names nothing in particular. */
export const ALTERNATIVES = /^[\p{L}\p{N} _./@-]+(?:\|[\p{L}\p{N} _./@-]+)*$/u;
/** The hub's own word for what nobody said. */
const NO_TENANT = 'default';

type Source = Pick<Tree, 'value' | 'places' | 'external'>;

/**
 * Every place of a configuration that names an owner, a team, a tenant, a business unit, a cost center or a person: in matchers, in labels that are
 * written, in rules of classification, policies and limits, and in roles. `ownerLabels` are the labels that say whose an alert is.
 */
export function listNames(source: Source, ownerLabels: readonly string[]): readonly NamedPlace[] {
  const found: NamedPlace[] = [];
  const kindOfLabel = (label: string): NameKind | undefined =>
    LABEL_KINDS.get(label) ?? (ownerLabels.includes(label) ? 'owner' : undefined);

  function add(kind: NameKind | undefined, name: unknown, path: readonly PathPart[], at?: 'key'): void {
    const pointer = pointerOf(path);
    if (kind === undefined || typeof name !== 'string' || source.external.has(pointer)) return;
    const isTemplate = name.includes('{{') || name.includes('${');
    if (name.trim() === '' || isTemplate || (kind === 'tenant' && name === NO_TENANT)) return;
    const { file, line, column } = placeOf(source, pointer, at ?? 'value');
    found.push({ kind, name, path: formatPath(pointer), file, line, column });
  }

  function addMatchers(written: unknown, path: readonly PathPart[]): void {
    const parsed = typeof written === 'string' ? parseMatchers(written) : undefined;
    if (!parsed?.ok) return;
    for (const { name, op, value } of parsed.matchers) {
      const names = op === '=' || op === '!=' ? [value] : ALTERNATIVES.test(value) ? value.split('|') : [];
      for (const each of names) add(kindOfLabel(name), each, path);
    }
  }

  function walk(value: unknown, path: readonly PathPart[]): void {
    if (Array.isArray(value)) return value.forEach((item, index) => walk(item, [...path, index]));
    if (!isMap(value)) return;
    const isOfOwner = Array.isArray(value.on) && value.on.length === 1 && value.on[0] === 'owner';
    for (const [key, inner] of Object.entries(value)) {
      const here = [...path, key];
      const each = (take: (item: unknown, at: readonly PathPart[]) => void): void =>
        Array.isArray(inner)
          ? inner.forEach((item, index) => take(item, [...here, index]))
          : take(inner, here);
      if (LEFT_OUT.has(key)) continue;
      if (MATCHER_KEYS.has(key)) each(addMatchers);
      else if (key === 'words' && isOfOwner) each((item, at) => add('owner', item, at));
      else if (key === 'labels' && isMap(inner))
        for (const [label, text] of Object.entries(inner)) add(kindOfLabel(label), text, [...here, label]);
      else if (KEYS.has(key) && !isMap(inner)) {
        if (!Array.isArray(inner) || inner.every((item) => typeof item === 'string'))
          each((item, at) => add(KEYS.get(key), item, at));
        else walk(inner, here);
      } else if (key === 'cost_centers' && isMap(inner))
        for (const name of Object.keys(inner)) add('cost_center', name, [...here, name], 'key');
      else if (key === 'roles' && isMap(inner) && path.at(-1) === 'approvals')
        for (const [role, people] of Object.entries(inner))
          [people].flat().forEach((person, index) => add('person', person, [...here, role, index]));
      else walk(inner, here);
    }
  }

  walk(source.value, []);
  return found;
}
