import type { Settings } from '../model/settings.ts';
import { formatPlace } from './finding.ts';
import { placeOf, pointerOf, type Tree } from './tree.ts';

/** Where the rules stand whose place people are told while the hub runs, by their path as findings write it. */
export function listPlaces(
  { namespaceLimits = [] }: Pick<Settings, 'namespaceLimits'>,
  tree: Pick<Tree, 'places'>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    namespaceLimits.map((_, index) => [
      `namespace_limits[${index}]`,
      formatPlace(placeOf(tree, pointerOf(['namespace_limits', index]))),
    ]),
  );
}
