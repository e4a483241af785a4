import { CalendarError } from './calendar-error.ts';
import { parseCalendarText } from './calendar-text.ts';
import { readDayEvent, type DayEvent, type SkipReason } from './event-days.ts';
import { formatDay, type Holiday, type HolidayCalendar } from './holidays.ts';
import { parseRecurrenceRule } from './parse-recurrence-rule.ts';
import { createRecurrence } from './recurrence.ts';
import { DAY_MS, epochDayOf, type EpochDay } from './wall-clock.ts';

export interface ParsedHolidays {
  readonly calendar: HolidayCalendar;
  /** Events that are no holidays, by their place among the events of the text from 0, so that nobody misses one silently. */
  readonly skipped: readonly { readonly index: number; readonly reason: SkipReason }[];
}

const MOST_EVENTS = 5_000;
const MOST_DAYS = 30_000;
/** Rules without an end are followed until here, so that the calendar is plain data that needs no rule when it is asked. */
const LAST_DAY: EpochDay = Date.UTC(2099, 11, 31) / DAY_MS;

/**
 * The holidays of an iCalendar text (RFC 5545): its all-day events with their rules, added, excluded and changed occurrences. Events that are
 * cancelled are none.
 *
 * Throws `bad_calendar`, `bad_rule`, `never_occurs` or `too_large`: at most 1 MiB, 5,000 events, 366 days an event and 30,000 days in
 * all until 2099. It loads a parser and an engine for rules, so it belongs where configuration is read.
 *
 * @example
 * parseHolidays(await readFile('holidays.ics', 'utf8'), 'calendars.bavaria').calendar;
 */
export function parseHolidays(text: string, field = ''): ParsedHolidays {
  const raw = parseCalendarText(text, field).flatMap((calendar) =>
    calendar.components.filter(({ name }) => name === 'vevent').map((event) => ({ calendar, event })),
  );
  if (raw.length > MOST_EVENTS)
    throw new CalendarError('too_large', field, `expected at most ${MOST_EVENTS} events`);
  const path = (index: number) => `${field === '' ? '' : `${field}.`}vevent[${index}]`;
  const read = raw.map(({ calendar, event }, index) => readDayEvent(calendar, event, path(index)));

  const events = read.flatMap((event, index) => (typeof event === 'string' ? [] : [{ event, index }]));
  const replaced = new Set(
    events.flatMap(({ event }) =>
      event.replaces === undefined ? [] : [occurrenceKey(event, event.replaces)],
    ),
  );
  const days = new Map<EpochDay, Holiday>();
  let seen = 0;
  for (const { event, index } of events) {
    if (event.cancelled) continue;
    for (const first of occurrencesOf(event, path(index))) {
      if (event.replaces === undefined && replaced.has(occurrenceKey(event, first))) continue;
      seen += event.count;
      if (seen > MOST_DAYS)
        throw new CalendarError('too_large', field, `expected at most ${MOST_DAYS} days until 2099`);
      for (let day = first; day < first + event.count; day++)
        if (!days.has(day)) days.set(day, { date: formatDay(day), name: event.name });
    }
  }
  const skipped = read.flatMap((reason, index) => (typeof reason === 'string' ? [{ index, reason }] : []));
  return { calendar: { days }, skipped };
}

/** The first days of all occurrences. The start of an event is one of them, also when its rule would not say so (RFC 5545 §3.8.5.3). */
function* occurrencesOf(event: DayEvent, field: string): Generator<EpochDay> {
  const excluded = new Set(event.excluded);
  const given = new Set([event.first, ...event.added]);
  for (const day of given) if (!excluded.has(day)) yield day;
  if (event.rule === undefined) return;
  const rule = parseRecurrenceRule(event.rule, event.timeZone, `${field}.rrule`);
  if (rule.freq === 'HOURLY' || rule.freq === 'MINUTELY')
    throw new CalendarError('bad_rule', `${field}.rrule`, 'a holiday recurs by days, weeks, months or years');
  const { next } = createRecurrence(rule, event.first * DAY_MS, `${field}.rrule`);
  let reading = next(event.first * DAY_MS);
  while (reading !== undefined && epochDayOf(reading) <= LAST_DAY) {
    const day = epochDayOf(reading);
    if (!excluded.has(day) && !given.has(day)) yield day;
    reading = next(reading);
  }
}

function occurrenceKey({ uid }: DayEvent, first: EpochDay): string {
  return `${first} ${uid}`;
}
