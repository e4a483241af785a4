import { matches, type Labels, type Matcher } from './matcher.ts';
import { beginningsOf } from './pattern-beginnings.ts';

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

/** Where an entry may be filed: under a whole value of a label, or under what the value begins with. */
interface Slot {
  readonly name: string;
  readonly text: string;
  readonly isWhole: boolean;
}

interface Shelf<T> {
  readonly byValue: Map<string, Entry<T>[]>;
  /** By the number of characters, which are few different ones. */
  readonly byBeginning: Map<number, Map<string, Entry<T>[]>>;
}

/**
 * Files each list under one of its matchers that names a value (`team="db"`) or what values begin with (`instance=~"db-.*"`, `team=~"a|b"`), so
 * that an alert is compared with those that share it; what has no such matcher is always compared. Of several the one that fewest lists share is
 * taken.
 */
export function createMatcherIndex<T>(
  items: readonly T[],
  matchersOf: (item: T) => readonly Matcher[],
): MatcherIndex<T> {
  const entries = items.map((value, order): Entry<T> => ({ order, value, matchers: matchersOf(value) }));
  const choices = entries.map(({ matchers }) => matchers.map(slotsOf).filter((slots) => slots.length > 0));
  const popularity = new Map<string, number>();
  for (const slot of choices.flat(2)) popularity.set(keyOf(slot), (popularity.get(keyOf(slot)) ?? 0) + 1);
  const shared = (slots: readonly Slot[]): number =>
    slots.reduce((sum, slot) => sum + popularity.get(keyOf(slot))!, 0);

  const shelves = new Map<string, Shelf<T>>();
  const rest: Entry<T>[] = [];
  entries.forEach((entry, at) => {
    const [best] = choices[at]!.toSorted((left, right) => shared(left) - shared(right));
    if (best) for (const slot of best) fileUnder(shelves, slot, entry);
    else rest.push(entry);
  });

  return {
    size: entries.length,
    find(labels) {
      if (entries.length === 0) return [];
      const found: Entry<T>[] = rest.filter(({ matchers }) => matches(matchers, labels));
      const add = (filed: readonly Entry<T>[] | undefined): void => {
        if (filed) for (const entry of filed) if (matches(entry.matchers, labels)) found.push(entry);
      };
      for (const [name, { byValue, byBeginning }] of shelves) {
        const value = Object.hasOwn(labels, name) ? labels[name]! : '';
        add(byValue.get(value));
        for (const [length, filed] of byBeginning)
          if (value.length >= length) add(filed.get(value.slice(0, length)));
      }
      found.sort((left, right) => left.order - right.order);
      // A value may begin with several of the texts under which one entry is filed.
      return found.filter((entry, at) => entry !== found[at - 1]).map(({ value }) => value);
    },
  };
}

function slotsOf({ name, op, value }: Matcher): readonly Slot[] {
  if (op === '=') return [{ name, text: value, isWhole: true }];
  const beginnings = op === '=~' ? (beginningsOf(value) ?? []) : [];
  return beginnings.map((text) => ({ name, text, isWhole: false }));
}

function keyOf({ name, text, isWhole }: Slot): string {
  return `${name}\0${isWhole ? '=' : '~'}${text}`;
}

function fileUnder<T>(shelves: Map<string, Shelf<T>>, { name, text, isWhole }: Slot, entry: Entry<T>): void {
  const { byValue, byBeginning } = shelves.getOrInsertComputed(name, () => ({
    byValue: new Map(),
    byBeginning: new Map(),
  }));
  const filed = isWhole ? byValue : byBeginning.getOrInsertComputed(text.length, () => new Map());
  filed.getOrInsertComputed(text, () => []).push(entry);
}
