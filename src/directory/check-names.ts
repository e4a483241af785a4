import type { NamedPlace, NameKind } from '../model/directory-settings.ts';
import { foldCase, type DirectoryIndex } from './index-directory.ts';

/** What is wrong with one name. `renamed` has the present name in `to`. */
export interface NameFinding extends NamedPlace {
  readonly verdict: 'unknown' | 'renamed' | 'inactive';
  readonly to?: string;
  readonly message: string;
  /** What to do. */
  readonly advice: string;
}

export interface NameCheck {
  /** In the order of the places. */
  readonly findings: readonly NameFinding[];
  /** How many places were compared. */
  readonly checked: number;
  /** Kinds of names that the directory does not list at all; nothing is said of those. */
  readonly notListed: readonly NameKind[];
}

const WORDS: Readonly<Record<NameKind, string>> = {
  owner: 'owner',
  team: 'team',
  tenant: 'tenant',
  business_unit: 'business unit',
  cost_center: 'cost center',
  person: 'person',
};

/**
 * Looks every name of a configuration up in the directory (BR-QUAL-011). `aliases` are the renames that the configuration knows itself: present name by
 * former name. Pure.
 *
 * @example
 * checkNames(places, indexDirectory(entries), {}).findings; // [{ verdict: 'renamed', name: 'payments', to: 'commerce-payments', line: 12, … }]
 */
export function checkNames(
  places: readonly NamedPlace[],
  index: DirectoryIndex,
  aliases: Readonly<Record<string, string>>,
): NameCheck {
  const renamed = new Map(Object.entries(aliases).map(([former, present]) => [foldCase(former), present]));
  const listed = places.filter(({ kind }) => index.lists(kind));
  return {
    findings: listed.flatMap((place) => findingOf(place, index, renamed) ?? []),
    checked: listed.length,
    notListed: [...new Set(places.filter(({ kind }) => !index.lists(kind)).map(({ kind }) => kind))],
  };
}

function findingOf(
  place: NamedPlace,
  index: DirectoryIndex,
  renamed: ReadonlyMap<string, string>,
): NameFinding | undefined {
  const { kind, name } = place;
  const what = `the ${WORDS[kind]} ${JSON.stringify(name)}`;
  const known = index.find(kind, name);
  if (known?.entry.isActive && !known.isFormer) return undefined;
  const alias = renamed.get(foldCase(name));
  const target = alias === undefined ? undefined : index.find(kind, alias);
  const to = known?.entry.isActive
    ? known.entry.name
    : target?.entry.isActive
      ? target.entry.name
      : undefined;
  if (to !== undefined) {
    const how =
      alias === undefined
        ? `, or add it to directory.aliases: { ${JSON.stringify(name)}: ${JSON.stringify(to)} }`
        : '';
    return {
      ...place,
      verdict: 'renamed',
      to,
      message: `${what} is called ${JSON.stringify(to)} now`,
      advice: `Write ${JSON.stringify(to)} here${how}.`,
    };
  }
  if (known) {
    const message = `${what} is no longer active`;
    return { ...place, verdict: 'inactive', message, advice: 'Name who took over, or remove it.' };
  }
  const message = `the directory knows no ${WORDS[kind]} ${JSON.stringify(name)}`;
  const advice = 'Correct the name, or enter it in the directory.';
  return { ...place, verdict: 'unknown', message, advice };
}
