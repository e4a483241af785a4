import { CalendarError } from './calendar-error.ts';
import { DAY_MS, type EpochDay } from './wall-clock.ts';

export interface Holiday {
  /** `2026-12-25` */
  readonly date: string;
  /** What people call it; empty when nobody said. */
  readonly name: string;
}

/** Whole days, wherever the clock on the wall says that it is that day. Plain data, so it can be handed to another thread. */
export interface HolidayCalendar {
  readonly days: ReadonlyMap<EpochDay, Holiday>;
}

export const NO_HOLIDAYS: HolidayCalendar = { days: new Map() };

const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const FIRST_YEAR = 1970;
const LAST_YEAR = 9999;

/** The holiday on a day, by the first entry of the calendar that has one. */
export function holidayOn(calendar: HolidayCalendar, day: EpochDay): Holiday | undefined {
  return calendar.days.get(day);
}

/** The holidays of a year in order of their dates, one for each day. */
export function holidaysOf(calendar: HolidayCalendar, year: number): readonly Holiday[] {
  const holidays: Holiday[] = [];
  for (let day = epochDay(year, 1, 1); day < epochDay(year + 1, 1, 1); day++) {
    const holiday = calendar.days.get(day);
    if (holiday !== undefined) holidays.push(holiday);
  }
  return holidays;
}

/** Several calendars as one; of two names for a day the first stays. */
export function joinCalendars(calendars: readonly HolidayCalendar[]): HolidayCalendar {
  const days = new Map<EpochDay, Holiday>();
  for (const calendar of calendars) {
    for (const [day, holiday] of calendar.days) if (!days.has(day)) days.set(day, holiday);
  }
  return { days };
}

/** Reads `2026-12-25`. Throws `bad_value` for anything else, and for a date that does not exist. */
export function parseHoliday(raw: unknown, field: string): readonly [EpochDay, Holiday] {
  const date = typeof raw === 'string' && DATE.test(raw) ? raw : '';
  const day = Date.parse(date) / DAY_MS;
  if (!Number.isNaN(day) && formatDay(day) === date) return [day, { date, name: '' }];
  throw new CalendarError('bad_value', field, 'expected a date such as 2026-12-25');
}

/** A day as `2026-12-25`. */
export function formatDay(day: EpochDay): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

function epochDay(year: number, month: number, day: number): EpochDay {
  return Date.UTC(Math.min(Math.max(year, FIRST_YEAR), LAST_YEAR + 1), month - 1, day) / DAY_MS;
}
