import { containsTime, nextTransition } from '../calendar/time-interval.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import type { TimeInterval } from '../model/time-interval.ts';

/** Why nobody is told for the time being. What is held is told later; nothing is dropped. */
export interface Hold {
  readonly reason: 'muted' | 'inactive';
  /** The time interval that mutes, or those that would have to hold. */
  readonly rule: string;
  /** When it ends, as far as can be told. */
  readonly until?: number;
}

/** Farther ahead than this nobody plans; then the end counts as unknown. */
const HORIZON_MS = 400 * 86_400_000;
/** Intervals that follow one another without a gap are one hold; more of them than this in a row are not followed. */
const MAX_TRANSITIONS = 64;

/**
 * Whether a route tells nobody at `now`, with Alertmanager's meaning of `active_time_intervals` and `mute_time_intervals`
 * (https://prometheus.io/docs/alerting/latest/configuration/#route). Pure.
 */
export function whyHeld(
  route: Pick<RouteSettings, 'muteTimeIntervals' | 'activeTimeIntervals'>,
  intervals: Settings['timeIntervals'],
  now: number,
): Hold | undefined {
  const found = reasonAt(route, intervals, now);
  if (!found) return undefined;
  const named = [...route.muteTimeIntervals, ...route.activeTimeIntervals].flatMap(
    (name) => intervals[name] ?? [],
  );
  const until = endOf(route, intervals, named, now);
  return until === undefined ? found : { ...found, until };
}

function reasonAt(
  {
    muteTimeIntervals,
    activeTimeIntervals,
  }: Pick<RouteSettings, 'muteTimeIntervals' | 'activeTimeIntervals'>,
  intervals: Settings['timeIntervals'],
  now: number,
): Hold | undefined {
  const holds = (name: string): boolean =>
    (intervals[name] ?? []).some((interval) => containsTime(interval, now));
  if (activeTimeIntervals.length > 0 && !activeTimeIntervals.some(holds)) {
    return { reason: 'inactive', rule: activeTimeIntervals.join(', ') };
  }
  const muting = muteTimeIntervals.find(holds);
  return muting === undefined ? undefined : { reason: 'muted', rule: muting };
}

function endOf(
  route: Parameters<typeof reasonAt>[0],
  intervals: Settings['timeIntervals'],
  named: readonly TimeInterval[],
  now: number,
): number | undefined {
  let at = now;
  for (let transitions = 0; transitions < MAX_TRANSITIONS; transitions++) {
    const next = Math.min(
      ...named.map((interval) => nextTransition(interval, at, HORIZON_MS - (at - now)) ?? Infinity),
    );
    if (next === Infinity) return undefined;
    if (!reasonAt(route, intervals, next)) return next;
    at = next;
  }
  return undefined;
}
