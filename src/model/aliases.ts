/** Names that mean the same, because one was renamed to the other. */
export interface Aliases {
  /** What it is called now; itself when it was never renamed. */
  present(name: string): string;
  /** The name, its present one, and all that were renamed to that. */
  allOf(name: string): readonly string[];
}

/** From the present names by the former ones; a present name is no former one of another. */
export function createAliases(table: Readonly<Record<string, string>>): Aliases {
  const present = new Map(Object.entries(table));
  const former = Map.groupBy(present.keys(), (name) => present.get(name)!);
  return {
    present: (name) => present.get(name) ?? name,
    allOf(name) {
      const now = present.get(name) ?? name;
      return [...new Set([name, now, ...(former.get(now) ?? [])])];
    },
  };
}

export const NO_ALIASES = createAliases({});
