import type { MinuteRange } from '../model/time-interval.ts';
import type { BusinessHours } from './business-hours.ts';
import { CalendarError } from './calendar-error.ts';
import { joinCalendars, parseHoliday, type HolidayCalendar } from './holidays.ts';
import { readFields, readList } from './read-value.ts';
import { readTimeZone } from './time-zone.ts';
import { parseTimeOfDay } from './wall-clock.ts';

/** In the order of `BusinessHours.week`. */
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Reads business hours: the zone, ranges of times by weekday (a day that is left out is closed) and dates that are holidays. Holidays from
 * iCalendar files are passed as `calendars`. Throws `CalendarError` with the path of the field.
 *
 * @example
 * parseBusinessHours({
 *   time_zone: 'Europe/Berlin',
 *   hours: { mon: ['09:00-12:00', '13:00-17:30'], sat: ['10:00-24:00'] },
 *   holidays: ['2026-12-24'],
 * });
 */
export function parseBusinessHours(
  raw: unknown,
  options: { readonly field?: string; readonly calendars?: readonly HolidayCalendar[] } = {},
): BusinessHours {
  const field = options.field ?? '';
  const path = (name: string) => (field === '' ? name : `${field}.${name}`);
  const fields = readFields(raw, field, ['time_zone', 'hours', 'holidays']);
  const week = readFields(fields['hours'], path('hours'), WEEKDAYS);
  const dates = readList(fields['holidays'] ?? [], path('holidays'), parseHoliday);
  return {
    timeZone: readTimeZone(fields['time_zone'], path('time_zone')),
    week: WEEKDAYS.map((day) => readList(week[day] ?? [], path(`hours.${day}`), readRange)),
    holidays: joinCalendars([...(options.calendars ?? []), { days: new Map(dates) }]),
  };
}

function readRange(raw: unknown, field: string): MinuteRange {
  const [start, end, ...rest] = typeof raw === 'string' ? raw.split('-').map(parseTimeOfDay) : [];
  if (start === undefined || end === undefined || rest.length > 0)
    throw new CalendarError('bad_value', field, 'expected a range of times such as 09:00-17:30');
  if (start < end) return { startMinute: start, endMinute: end };
  throw new CalendarError(
    'bad_value',
    field,
    'the start must be before the end; write hours over midnight as two ranges, the first of them until 24:00',
  );
}
