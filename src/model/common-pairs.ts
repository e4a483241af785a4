import type { Labels } from './matcher.ts';

/** The pairs that all maps share; none for no maps. */
export function commonPairs(maps: readonly Labels[]): Record<string, string> {
  const [first, ...rest] = maps;
  return Object.fromEntries(
    Object.entries(first ?? {}).filter(([name, value]) => rest.every((map) => map[name] === value)),
  );
}
