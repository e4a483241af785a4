import { matches, type Labels, type Matcher } from './matcher.ts';

/** Many lists of matchers, asked which of them take an alert, without trying all of them. */
export interface MatcherIndex<T> {
  /** In the order in which they were given. */
  find(labels: Labels): readonly T[];
  readonly size: number;
}

interface Entry<T> {
  readonly order: number;
  readonly matchers: readonly Matcher[];
  readonly value: T;
}

/**
 * Files each list under one of its matchers that names a value (`team="db"`), so that an alert is compared with those that share a value
 * with it; what has no such matcher is always compared. Of several the one that fewest lists share is taken.
 */
export function createMatcherIndex<T>(
  items: readonly T[],
  matchersOf: (item: T) => readonly Matcher[],
): MatcherIndex<T> {
  const popularity = new Map<string, number>();
  const entries = items.map((value, order): Entry<T> => ({ order, value, matchers: matchersOf(value) }));
  for (const { matchers } of entries)
    for (const matcher of matchers.filter(namesValue))
      popularity.set(slotOf(matcher), (popularity.get(slotOf(matcher)) ?? 0) + 1);

  const filed = new Map<string, Map<string, Entry<T>[]>>();
  const rest: Entry<T>[] = [];
  for (const entry of entries) {
    const [best] = entry.matchers
      .filter(namesValue)
      .toSorted((left, right) => popularity.get(slotOf(left))! - popularity.get(slotOf(right))!);
    if (best) fileUnder(filed, best, entry);
    else rest.push(entry);
  }

  return {
    size: entries.length,
    find(labels) {
      if (entries.length === 0) return [];
      const found: Entry<T>[] = rest.filter(({ matchers }) => matches(matchers, labels));
      for (const [name, byValue] of filed) {
        const value = Object.hasOwn(labels, name) ? labels[name]! : '';
        for (const entry of byValue.get(value) ?? []) if (matches(entry.matchers, labels)) found.push(entry);
      }
      return found.sort((left, right) => left.order - right.order).map(({ value }) => value);
    },
  };
}

function namesValue(matcher: Matcher): boolean {
  return matcher.op === '=';
}

function slotOf({ name, value }: Matcher): string {
  return `${name}\0${value}`;
}

function fileUnder<T>(filed: Map<string, Map<string, Entry<T>[]>>, matcher: Matcher, entry: Entry<T>): void {
  let byValue = filed.get(matcher.name);
  if (!byValue) filed.set(matcher.name, (byValue = new Map()));
  const list = byValue.get(matcher.value);
  if (list) list.push(entry);
  else byValue.set(matcher.value, [entry]);
}
