/**
 * The stored explanation of one stage for one alert or group. It is part of the row that it explains and has the same
 * single writer: fold writes an alert's, gather and flush write a group's. A repeat bumps `count` instead of adding a row.
 */
export interface Decision {
  readonly stage:
    | 'normalise'
    | 'classify'
    | 'filter'
    | 'enrich'
    | 'prioritise'
    | 'score'
    | 'fold'
    | 'lifecycle'
    | 'analyse'
    | 'correlate'
    | 'route'
    | 'suppress'
    | 'flush'
    | 'regroup';
  /** Which rule: an integration, a route key, a setting. */
  readonly rule: string;
  readonly outcome: string;
  /** When it was last decided so. */
  readonly at: number;
  readonly count: number;
}

/** Older decisions than these are forgotten; an alert that flaps must not grow without bound. */
export const MAX_DECISIONS = 24;

/** The list with one more decision, newest last; the same outcome of the same rule again is counted. */
export function decide(
  decisions: readonly Decision[],
  next: Omit<Decision, 'at' | 'count'>,
  at: number,
): readonly Decision[] {
  const same = decisions.findLastIndex(
    ({ stage, rule, outcome }) => stage === next.stage && rule === next.rule && outcome === next.outcome,
  );
  if (same >= 0) {
    const known = decisions[same]!;
    return [
      ...decisions.slice(0, same),
      ...decisions.slice(same + 1),
      { ...known, at, count: known.count + 1 },
    ];
  }
  return [...decisions, { ...next, at, count: 1 }].slice(-MAX_DECISIONS);
}
