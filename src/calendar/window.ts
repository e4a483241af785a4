import { CalendarError } from './calendar-error.ts';
import { parseRecurrenceRule } from './parse-recurrence-rule.ts';
import { createRecurrence, type Recurrence } from './recurrence.ts';
import { latestWallClock, reachedAt, readTimeZone, wallClockAt } from './time-zone.ts';
import { DAY_MS } from './wall-clock.ts';

/** A time in which maintenance is expected; all instants are milliseconds since the epoch, ends do not belong to it. */
export type MaintenanceWindow = SingleWindow | RecurringWindow;

export interface SingleWindow {
  readonly startsAt: number;
  readonly endsAt: number;
}

export interface RecurringWindow {
  /** No occurrence begins before this instant. It gives the time of day and whatever else the rule does not say. */
  readonly startsAt: number;
  /** A rule of RFC 5545, nothing finer than a minute: `FREQ=WEEKLY;BYDAY=SU`. */
  readonly rrule: string;
  /**
   * How long each occurrence lasts in elapsed time, whatever the clocks do meanwhile: two hours from 01:30 on end at 04:30 in the night
   * in which 02:00 becomes 03:00. At most 366 days.
   */
  readonly durationMs: number;
  /** The zone whose wall clock the rule follows. */
  readonly timeZone: string;
}

export interface Occurrence {
  readonly startsAt: number;
  readonly endsAt: number;
}

const LONGEST_MS = 366 * DAY_MS;
/** The end of the year 9999. */
const LATEST_MS = 253_402_300_799_999;

/** What was last found for a window: the occurrences on both sides of a stretch of the wall clock. */
interface Followed {
  /** In its canonical case. */
  readonly timeZone: string;
  readonly recurrence: Recurrence;
  previous: number | undefined;
  next: number | undefined;
  found: boolean;
}

/** Rules that were read, for as long as their window lives. Only a memory: the same window always gets the same answers. */
const followed = new WeakMap<RecurringWindow, Followed>();

/**
 * Throws `CalendarError` when a window can't be used: an end before its start, a duration that is not positive, an unknown zone, a
 * rule that is wrong, too fine, or never occurs. The other functions throw the same for a window that was not checked.
 *
 * @example
 * checkWindow({ startsAt, rrule: 'FREQ=WEEKLY;BYDAY=SU', durationMs: 7_200_000, timeZone: 'Europe/Berlin' });
 */
export function checkWindow(window: MaintenanceWindow): void {
  checkInstant(window.startsAt, 'startsAt');
  if (isRecurring(window)) {
    follow(window);
    return;
  }
  checkInstant(window.endsAt, 'endsAt');
  if (window.endsAt <= window.startsAt)
    throw new CalendarError('bad_value', 'endsAt', 'a window ends after its start');
}

/**
 * The end of the occurrence that holds `now`, or undefined when none does. Of occurrences that overlap it is the one that began last.
 *
 * An occurrence whose local time is left out when clocks go forward begins at that moment (02:30 becomes 03:00); one whose local time is
 * repeated begins the first time. RFC 5545 would drop the former, and then nobody had announced the maintenance that runs all the same.
 */
export function activeUntil(window: MaintenanceWindow, now: number): number | undefined {
  const occurrence = isRecurring(window) ? latestOccurrence(window, now) : window;
  if (occurrence === undefined || now < occurrence.startsAt || now >= occurrence.endsAt) return undefined;
  return occurrence.endsAt;
}

/** The first occurrence that begins after `now`; undefined when there is none, or none within reach of a bounded search. */
export function nextOccurrence(window: MaintenanceWindow, now: number): Occurrence | undefined {
  if (!isRecurring(window)) {
    return window.startsAt > now ? { startsAt: window.startsAt, endsAt: window.endsAt } : undefined;
  }
  const { next, timeZone } = around(window, now);
  return next === undefined ? undefined : toOccurrence(window, timeZone, next);
}

function latestOccurrence(window: RecurringWindow, now: number): Occurrence | undefined {
  const { previous, timeZone } = around(window, now);
  return previous === undefined ? undefined : toOccurrence(window, timeZone, previous);
}

/** The occurrences on both sides of `now`; searched only when it has left the stretch between those found before. */
function around(window: RecurringWindow, now: number): Followed {
  const known = follow(window);
  // An occurrence has begun exactly when its reading is not later than this one.
  const reading =
    now < window.startsAt
      ? wallClockAt(known.timeZone, window.startsAt) - 1
      : latestWallClock(known.timeZone, now);
  const { recurrence, previous = -Infinity, next = Infinity } = known;
  if (!known.found || reading < previous || reading >= next) {
    known.previous = recurrence.previous(reading);
    known.next = recurrence.next(reading);
    known.found = true;
  }
  return known;
}

function toOccurrence(window: RecurringWindow, timeZone: string, reading: number): Occurrence {
  // A start in the second pass of a repeated hour shows a reading that was reached an hour before.
  const startsAt = Math.max(reachedAt(timeZone, reading), window.startsAt);
  return { startsAt, endsAt: startsAt + window.durationMs };
}

function follow(window: RecurringWindow): Followed {
  const known = followed.get(window);
  if (known !== undefined) return known;
  checkInstant(window.startsAt, 'startsAt');
  const { durationMs } = window;
  if (!Number.isSafeInteger(durationMs) || durationMs <= 0 || durationMs > LONGEST_MS)
    throw new CalendarError(
      'bad_value',
      'duration',
      'expected whole milliseconds, more than none and at most 366 days',
    );
  const timeZone = readTimeZone(window.timeZone, 'timeZone');
  const rule = parseRecurrenceRule(window.rrule, timeZone, 'rrule');
  const recurrence = createRecurrence(rule, wallClockAt(timeZone, window.startsAt), 'rrule');
  const fresh: Followed = { timeZone, recurrence, previous: undefined, next: undefined, found: false };
  followed.set(window, fresh);
  return fresh;
}

function checkInstant(instant: number, field: string): void {
  if (Number.isSafeInteger(instant) && instant >= 0 && instant <= LATEST_MS) return;
  throw new CalendarError('bad_value', field, 'expected milliseconds from 1970 to the year 9999');
}

function isRecurring(window: MaintenanceWindow): window is RecurringWindow {
  return 'rrule' in window;
}
