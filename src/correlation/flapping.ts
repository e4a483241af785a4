import type { Alert } from '../model/alert.ts';
import type { FlappingSettings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import { isCriticalProduction } from './critical-production.ts';

type Flapper = Pick<Alert, 'status' | 'startsAt' | 'endsAt' | 'changedAt' | 'past' | 'priority' | 'facts'>;

/**
 * Whether an alert comes and goes too often to be told of. Two thresholds as in Nagios (https://naemon.io/documentation/usersguide/flapping), so
 * that it does not flap between flapping and not; but over changes in a window of time and not over a percentage of the last 21 checks, because
 * events come when something changes and not at an interval. Pure; the history is that of the alert's last episodes.
 */
export function findFlapping(
  alert: Flapper,
  settings: FlappingSettings,
  now: number,
): Suppression | undefined {
  if (isCriticalProduction(alert)) return undefined;
  const { changes, low, windowMs } = settings;
  const times = changeTimesOf(alert).filter((at) => at <= now);
  const countAt = (at: number, upTo: number) =>
    times.slice(0, upTo).filter((time) => time > at - windowMs).length;
  let flaps = false;
  times.forEach((at, index) => {
    if (flaps && countAt(at, index) < low) flaps = false;
    if (countAt(at, index + 1) >= changes) flaps = true;
  });
  if (!flaps || countAt(now, times.length) < low) return undefined;
  return { reason: 'flapping', rule: 'flapping', until: times.at(-low)! + windowMs };
}

/** When it began and ended, oldest first. */
function changeTimesOf({ status, startsAt, endsAt, changedAt, past = [] }: Flapper): readonly number[] {
  const ended = status === 'resolved' ? [endsAt ?? changedAt] : [];
  return [...past.flatMap((episode) => [episode.startsAt, episode.endsAt]), startsAt, ...ended].toSorted(
    (left, right) => left - right,
  );
}
