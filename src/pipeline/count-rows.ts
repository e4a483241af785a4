import type { RouteTrouble } from '../rules/find-routes.ts';
import { countFailure, countMatch, type Tally } from '../rules/tally.ts';
import type { Commit } from '../store/port.ts';

/** What a batch did to alerts, as far as rules are counted by it. */
interface CountedRows extends Pick<Commit, 'wakes' | 'inhibitors'> {
  readonly routeTroubles?: readonly RouteTrouble[];
}

/**
 * Counts what stands in the rows of a committed batch: the routes that alerts came to, those whose expressions failed, and the inhibition rules
 * that alerts became sources of. An alert that leaves a route or ends is not counted there again.
 */
export function countRows(
  tally: Tally,
  { wakes = [], inhibitors = [], routeTroubles = [] }: CountedRows,
  now: number,
): void {
  for (const wake of wakes)
    if (wake.status === 'firing') countMatch(tally, 'route', wake.routeKey, wake, now);
  for (const { route } of routeTroubles) countFailure(tally, 'route', route);
  for (const source of inhibitors) {
    for (const { rule } of source.keys)
      if (rule !== undefined) countMatch(tally, 'inhibition_source', rule, source, now);
  }
}
