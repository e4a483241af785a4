import type { MinuteRange } from '../model/time-interval.ts';
import { holidayOn, type HolidayCalendar } from './holidays.ts';
import { wallClockAt } from './time-zone.ts';
import { containsMinute, DAY_MS, edgesOf, epochDayOf, minuteOf, nextEdge, weekdayOf } from './wall-clock.ts';

/** When people are at work: by weekday on the wall clock of one zone, except on holidays. */
export interface BusinessHours {
  /** A name of the IANA time zone database. */
  readonly timeZone: string;
  /** Seven lists from Sunday to Saturday; an empty one means closed. Ranges may touch or overlap. */
  readonly week: readonly (readonly MinuteRange[])[];
  readonly holidays: HolidayCalendar;
}

/** How far openings and closings are looked for: long enough for anything that opens once in a year. */
const FARTHEST_MS = 800 * DAY_MS;
/** The longest time for which open hours are added up. */
const LONGEST_SUM_MS = 11_000 * DAY_MS;

/**
 * Whether it is open at `now`, in milliseconds since the epoch. A minute that is repeated when clocks go back is open both times.
 *
 * @example
 * isOpen(parseBusinessHours({ time_zone: 'Europe/Berlin', hours: { mon: ['09:00-17:30'] } }), Date.UTC(2026, 0, 5, 8));
 */
export function isOpen(hours: BusinessHours, now: number): boolean {
  const wallClock = wallClockAt(hours.timeZone, now);
  return containsMinute(rangesOn(hours, wallClock), minuteOf(wallClock));
}

/** When it opens next, after `now`; the opening that lasts at `now` does not count. Undefined when it stays closed for two years. */
export function nextOpening(hours: BusinessHours, now: number): number | undefined {
  const closed = isOpen(hours, now) ? nextClosing(hours, now) : now;
  return closed === undefined ? undefined : nextChange(hours, closed, closed + FARTHEST_MS);
}

/** When it closes next, after `now`: today's closing when it is open. Undefined when it stays open or closed for two years. */
export function nextClosing(hours: BusinessHours, now: number): number | undefined {
  const open = isOpen(hours, now) ? now : nextChange(hours, now, now + FARTHEST_MS);
  return open === undefined ? undefined : nextChange(hours, open, open + FARTHEST_MS);
}

/**
 * When so much open time has passed since `from`, in elapsed time: an agreement to answer within four open hours is due
 * then. A sum that is complete at a closing is due at the closing, not at the next opening. Without open time to wait for it is `from`
 * itself. Undefined when it takes longer than about thirty years.
 */
export function addOpenTime(hours: BusinessHours, from: number, openMs: number): number | undefined {
  if (!(openMs >= 0)) throw new RangeError('Open time can only be added, so it is not negative');
  const last = from + LONGEST_SUM_MS;
  let at = from;
  let missing = openMs;
  while (missing > 0) {
    const open = isOpen(hours, at);
    const change = nextChange(hours, at, last) ?? last;
    if (open && at + missing <= change) return at + missing;
    if (change >= last) return undefined;
    if (open) missing -= change - at;
    at = change;
  }
  return at;
}

/** How much of the time from `from` until `to` was open, in milliseconds; none when `to` is not later. */
export function openTimeBetween(hours: BusinessHours, from: number, to: number): number {
  let sum = 0;
  let at = from;
  while (at < to) {
    const change = nextChange(hours, at, to) ?? to;
    if (isOpen(hours, at)) sum += change - at;
    at = change;
  }
  return sum;
}

/** When `isOpen` changes next, after `from` and not after `last`. */
function nextChange(hours: BusinessHours, from: number, last: number): number | undefined {
  const before = isOpen(hours, from);
  let at = from;
  for (;;) {
    const ranges = rangesOn(hours, wallClockAt(hours.timeZone, at));
    at = nextEdge(hours.timeZone, at, edgesOf(ranges));
    if (at > last) return undefined;
    if (isOpen(hours, at) !== before) return at;
  }
}

function rangesOn(hours: BusinessHours, wallClock: number): readonly MinuteRange[] {
  const day = epochDayOf(wallClock);
  return holidayOn(hours.holidays, day) === undefined ? hours.week[weekdayOf(day)]! : [];
}
