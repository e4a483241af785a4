import type { InclusiveRange, TimeInterval } from '../model/time-interval.ts';
import { wallClockAt } from './time-zone.ts';
import { containsMinute, DAY_MS, edgesOf, epochDayOf, minuteOf, nextEdge, weekdayOf } from './wall-clock.ts';

/**
 * The farthest that is looked ahead, about thirty years: enough for a 29 February that is a Monday, little enough to be
 * walked day by day in some milliseconds.
 */
const FARTHEST_MS = 11_000 * DAY_MS;
const NO_EDGES: readonly number[] = [];
const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * Whether the interval holds at `now`, in milliseconds since the epoch. The wall clock decides: a minute that is repeated when
 * clocks go back counts both times, one that is left out never comes.
 *
 * @example
 * containsTime(parseTimeInterval({ weekdays: ['monday:friday'], location: 'Europe/Berlin' }), Date.UTC(2026, 0, 5));
 */
export function containsTime(interval: TimeInterval, now: number): boolean {
  const wallClock = wallClockAt(interval.timeZone, now);
  if (interval.times !== undefined && !containsMinute(interval.times, minuteOf(wallClock))) return false;
  return containsDate(interval, wallClock);
}

/**
 * When `containsTime` next changes, at most `horizonMs` after `now`; undefined when it does not until then. No more than
 * about thirty years are looked ahead.
 */
export function nextTransition(interval: TimeInterval, now: number, horizonMs: number): number | undefined {
  const before = containsTime(interval, now);
  const last = now + Math.min(horizonMs, FARTHEST_MS);
  const edges = edgesOf(interval.times ?? []);
  let at = now;
  for (;;) {
    const onDate = containsDate(interval, wallClockAt(interval.timeZone, at));
    at = nextEdge(interval.timeZone, at, onDate ? edges : NO_EDGES);
    if (at > last) return undefined;
    if (containsTime(interval, at) !== before) return at;
  }
}

function containsDate(interval: TimeInterval, wallClock: number): boolean {
  const { weekdays, daysOfMonth, months, years } = interval;
  if (weekdays !== undefined && !isInOne(weekdays, weekdayOf(epochDayOf(wallClock)))) return false;
  if (daysOfMonth === undefined && months === undefined && years === undefined) return true;
  const date = new Date(wallClock);
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
  if (years !== undefined && !isInOne(years, year)) return false;
  if (months !== undefined && !isInOne(months, month)) return false;
  return daysOfMonth === undefined || containsDayOfMonth(daysOfMonth, day, daysInMonth(year, month));
}

/** Days beyond the end of the month are cut off, so `30:31` leaves out February and `1:-1` is the whole of any month. */
function containsDayOfMonth(ranges: readonly InclusiveRange[], day: number, length: number): boolean {
  return ranges.some(({ begin, end }) => {
    const first = begin < 0 ? length + begin + 1 : begin;
    const last = end < 0 ? length + end + 1 : end;
    return day >= first && day <= last;
  });
}

function isInOne(ranges: readonly InclusiveRange[], value: number): boolean {
  return ranges.some(({ begin, end }) => value >= begin && value <= end);
}

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : DAYS_IN_MONTH[month - 1]!;
}
