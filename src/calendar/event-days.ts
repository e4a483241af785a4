import { CalendarError } from './calendar-error.ts';
import { findProperty, findText, type Component, type Property } from './calendar-text.ts';
import { findCalendarZone } from './calendar-zone.ts';
import { wallClockAt } from './time-zone.ts';
import { DAY_MS, type EpochDay } from './wall-clock.ts';

/** An event that covers whole days, as it is written: its rule is not followed yet. */
export interface DayEvent {
  /** Shared by an event and its changed occurrences; empty when it has none. */
  readonly uid: string;
  readonly name: string;
  readonly first: EpochDay;
  readonly count: number;
  /** Where the end of a rule in UTC is converted to. */
  readonly timeZone: string;
  readonly rule?: string;
  readonly added: readonly EpochDay[];
  readonly excluded: readonly EpochDay[];
  /** The occurrence of the event with the same uid that this one stands for. */
  readonly replaces?: EpochDay;
  readonly cancelled: boolean;
}

/**
 * Why an event is no holiday. `not_all_day`: it does not begin and end at midnight. `unknown_time_zone`: its dates depend on a zone
 * that nobody knows. `this_and_future`: it changes all later occurrences of another event, which is not supported.
 */
export type SkipReason = 'not_all_day' | 'unknown_time_zone' | 'this_and_future';

const LONGEST_EVENT_DAYS = 366;
const LONGEST_NAME = 200;
const DURATION = /^P(?:([0-9]{1,3})W)?(?:([0-9]{1,4})D)?(?:T(?:([0-9]{1,5})H)?(?:0+M)?(?:0+S)?)?$/;

/**
 * Reads one event of a calendar. An event from midnight to midnight in its own zone covers whole days like one of dates; Outlook writes them so.
 * Times in UTC are read in the zone of the event, or else of the calendar (X-WR-TIMEZONE), or else as they are. Throws `bad_calendar`
 * for dates that are none, `bad_rule` for more than one rule and `too_large` for more than 366 days.
 */
export function readDayEvent(calendar: Component, event: Component, field: string): DayEvent | SkipReason {
  const start = findProperty(event, 'dtstart');
  if (start === undefined)
    throw new CalendarError('bad_calendar', field, 'expected a DTSTART, the day of the event');
  const replaced = findProperty(event, 'recurrence-id');
  if (replaced?.parameters['range'] !== undefined) return 'this_and_future';
  const rule = readRule(event, field);
  const timeZone = findZone(calendar, start);
  if (timeZone === undefined && isZoneNeeded(event, rule)) return 'unknown_time_zone';
  const zone = timeZone ?? 'UTC';

  const readDays = (name: string) =>
    event.properties
      .filter((property) => property.name === name)
      .flatMap((property) => property.values.map((value) => readReading(value, zone, `${field}.${name}`)))
      .map((reading) => reading / DAY_MS);
  const first = readReading(start.values[0], zone, `${field}.dtstart`) / DAY_MS;
  const count = countDays(event, first, start.type === 'date', zone, field);
  if (!Number.isInteger(first) || !Number.isInteger(count) || count < 1) return 'not_all_day';
  if (count > LONGEST_EVENT_DAYS)
    throw new CalendarError('too_large', field, `an event has at most ${LONGEST_EVENT_DAYS} days`);
  const [replaces] = readDays('recurrence-id');
  return {
    uid: findText(event, 'uid') ?? '',
    name: (findText(event, 'summary') ?? '').slice(0, LONGEST_NAME),
    first,
    count,
    timeZone: zone,
    ...(rule === undefined ? {} : { rule }),
    added: readDays('rdate'),
    excluded: readDays('exdate'),
    ...(replaces === undefined ? {} : { replaces }),
    cancelled: findText(event, 'status')?.toUpperCase() === 'CANCELLED',
  };
}

function countDays(
  event: Component,
  first: EpochDay,
  isDate: boolean,
  timeZone: string,
  field: string,
): number {
  const end = findProperty(event, 'dtend');
  if (end !== undefined) {
    const count = readReading(end.values[0], timeZone, `${field}.dtend`) / DAY_MS - first;
    // The end is the day after the last; some programs write the last itself when there is but one.
    return isDate && count === 0 ? 1 : count;
  }
  const duration = findText(event, 'duration');
  if (duration === undefined) return isDate ? 1 : 0;
  const [, weeks = 0, days = 0, hours = 0] = DURATION.exec(duration) ?? [];
  return Number(weeks) * 7 + Number(days) + Number(hours) / 24;
}

/** The zone of an event, by its start; undefined when it is a name that nobody knows. */
function findZone(calendar: Component, start: Property): string | undefined {
  const tzid = start.parameters['tzid'] ?? findText(calendar, 'x-wr-timezone');
  return typeof tzid === 'string' ? findCalendarZone(tzid, calendar) : 'UTC';
}

/** Whether a time in UTC has to become a day. Everything else is a day or a local time already. */
function isZoneNeeded(event: Component, rule: string | undefined): boolean {
  const names = ['dtstart', 'dtend', 'rdate', 'exdate', 'recurrence-id'];
  const values = event.properties.flatMap(({ name, values: own }) => (names.includes(name) ? own : []));
  return values.some((value) => String(value).includes('Z')) || /UNTIL=[0-9T]*Z/i.test(rule ?? '');
}

/** A date or time as the wall clock shows it, in milliseconds (see `wallClockAt`); of a period its start. */
function readReading(value: unknown, timeZone: string, field: string): number {
  const text = String(Array.isArray(value) ? value[0] : value);
  if (text.endsWith('Z')) return wallClockAt(timeZone, parseInstant(text, field));
  return parseInstant(text.includes('T') ? `${text}Z` : text, field);
}

function parseInstant(text: string, field: string): number {
  const instant = Date.parse(text);
  // A day that a month does not have would silently become one of the next month.
  if (!Number.isNaN(instant) && new Date(instant).toISOString().startsWith(text.slice(0, 10))) return instant;
  throw new CalendarError('bad_calendar', field, 'expected a date or a time that exists');
}

/** The rule of an event as text, again, because the parser has made an object of it. */
function readRule(event: Component, field: string): string | undefined {
  const rules = event.properties.filter(({ name }) => name === 'rrule' || name === 'exrule');
  if (rules.length === 0) return undefined;
  const value = rules[0]!.values[0];
  if (rules.length > 1 || rules[0]!.name === 'exrule' || typeof value !== 'object' || value === null)
    throw new CalendarError('bad_rule', field, 'an event has at most one RRULE and no EXRULE');
  return Object.entries(value)
    .map(([name, part]) => `${name}=${name === 'wkst' ? weekdayName(part) : String(part)}`)
    .map((part) => (part.startsWith('until=') ? part.replaceAll(/[-:]/g, '') : part))
    .join(';');
}

/** The parser counts the days on which weeks begin: 1 is Sunday. */
function weekdayName(part: unknown): string {
  return ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'][Number(part) - 1] ?? String(part);
}
