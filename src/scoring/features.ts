import { wallClockAt } from '../calendar/time-zone.ts';
import { DAY_MS, epochDayOf, weekdayOf } from '../calendar/wall-clock.ts';
import type { ScoreModel } from '../model/score-model.ts';
import { priorityOf } from '../model/severity.ts';
import type { Subject } from '../rules/subject.ts';
import { fadeHabit } from './fade.ts';

/** The sum that every alert begins with. */
export const BIAS = 'bias';
/** Longer values are cut: they come from senders. */
const MAX_VALUE_CHARS = 100;
const HOUR_MS = 3_600_000;
/** Fewer outcomes than this say nothing of a habit. */
const ENOUGH = 3;

/**
 * What an alert is scored by, in a fixed order: at most nine names such as `alertname=DiskFull`, `environment=staging` or `hours=night`. Pure.
 *
 * @param timeZone on whose clock it is night
 */
export function featuresOf(
  { alert, facts, integration }: Subject,
  model: ScoreModel | undefined,
  timeZone: string,
  now: number,
): readonly string[] {
  const { labels, severity } = alert;
  const name = feature('alertname', labels.alertname ?? '');
  const wallClock = wallClockAt(timeZone, now);
  const weekday = weekdayOf(epochDayOf(wallClock));
  const team = labels.team ?? labels.owner ?? '';
  return [
    BIAS,
    name,
    feature('severity', priorityOf(severity)),
    feature('environment', facts.environment ?? 'unknown'),
    ...(team === '' ? [] : [feature('team', team)]),
    feature('integration', integration),
    feature('hours', hoursOf(wallClock)),
    feature('day', weekday === 0 || weekday === 6 ? 'weekend' : 'weekday'),
    feature('history', historyOf(model, name, now)),
  ];
}

function feature(name: string, value: string): string {
  return `${name}=${value.slice(0, MAX_VALUE_CHARS)}`;
}

function hoursOf(wallClock: number): string {
  const hour = Math.floor((wallClock - epochDayOf(wallClock) * DAY_MS) / HOUR_MS);
  if (hour < 6) return 'night';
  if (hour < 12) return 'morning';
  return hour < 18 ? 'afternoon' : 'evening';
}

function historyOf(model: ScoreModel | undefined, name: string, now: number): string {
  const habit = model && Object.hasOwn(model.habits, name) ? fadeHabit(model.habits[name]!, now) : undefined;
  const sum = habit ? habit.relevant + habit.noise : 0;
  if (!habit || sum < ENOUGH) return 'new';
  const share = habit.relevant / sum;
  if (share >= 0.75) return 'usually_relevant';
  return share <= 0.25 ? 'usually_noise' : 'mixed';
}
