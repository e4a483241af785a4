import { CalendarError } from './calendar-error.ts';
import { MONTHS, SHORTEST_MONTH, WEEKDAYS } from './calendar-names.ts';
import { readFields, readList } from './read-value.ts';
import type { InclusiveRange, MinuteRange, TimeInterval } from '../model/time-interval.ts';
import { readTimeZone } from './time-zone.ts';
import { parseTimeOfDay } from './wall-clock.ts';

export interface ParseOptions {
  /** The path of the interval, for errors: `time_intervals[0].time_intervals[2]`. Default: empty. */
  readonly field?: string;
  /** What the location `Local` stands for. Default: none, and `Local` is refused, because nothing here asks the machine. */
  readonly localTimeZone?: string;
}

type ReadMember = (text: string) => number | undefined;

const FIELDS = ['times', 'weekdays', 'days_of_month', 'months', 'years', 'location'];
const LONGEST_MONTH = 31;

/**
 * Reads an interval as Alertmanager does since 0.28 (https://prometheus.io/docs/alerting/latest/configuration/#time_interval-0,
 * https://github.com/prometheus/alertmanager/blob/main/timeinterval/timeinterval.go). Names are read in any case and only in full; weekdays have no
 * numbers; numbers may be written as text or as numbers; ranges are `begin:end`; an empty location is UTC. Throws `CalendarError` with the
 * path of the field.
 *
 * @example
 * parseTimeInterval({ times: [{ start_time: '22:00', end_time: '24:00' }], days_of_month: ['1', '-3:-1'] });
 */
export function parseTimeInterval(raw: unknown, options: ParseOptions = {}): TimeInterval {
  const field = options.field ?? '';
  const fields = readFields(raw, field, FIELDS);
  const list = <T>(name: string, key: string, read: (item: unknown, field: string) => T) => {
    const value = fields[name];
    // YAML's empty value counts as absent, as in Alertmanager.
    return value === undefined || value === null
      ? {}
      : { [key]: readList(value, joinPath(field, name), read) };
  };
  return {
    ...list('times', 'times', readTimes),
    ...list('weekdays', 'weekdays', readWeekdays),
    ...list('days_of_month', 'daysOfMonth', readDaysOfMonth),
    ...list('months', 'months', readMonths),
    ...list('years', 'years', readYears),
    timeZone: readLocation(fields['location'], joinPath(field, 'location'), options.localTimeZone),
  };
}

function readTimes(raw: unknown, field: string): MinuteRange {
  const { start_time: start, end_time: end } = readFields(raw, field, ['start_time', 'end_time']);
  const startMinute = readTimeOfDay(start, joinPath(field, 'start_time'));
  const endMinute = readTimeOfDay(end, joinPath(field, 'end_time'));
  if (startMinute < endMinute) return { startMinute, endMinute };
  throw new CalendarError(
    'bad_value',
    field,
    'start_time must be before end_time; write a range over midnight as two, one of them ending at 24:00',
  );
}

function readTimeOfDay(raw: unknown, field: string): number {
  if (raw === undefined || raw === null || raw === '')
    throw new CalendarError('missing', field, 'expected a time such as 09:30');
  const minute = typeof raw === 'string' ? parseTimeOfDay(raw) : undefined;
  if (minute !== undefined) return minute;
  throw new CalendarError('bad_value', field, 'expected a time from "00:00" to "24:00" as quoted text');
}

function readWeekdays(raw: unknown, field: string): InclusiveRange {
  const range = readRange(raw, field, 'a weekday from sunday to saturday', (text) => indexOf(WEEKDAYS, text));
  return inOrder(range, field, 'weekdays begin with Sunday; write monday:saturday and sunday as two');
}

function readMonths(raw: unknown, field: string): InclusiveRange {
  const readMonth: ReadMember = (text) => {
    const index = indexOf(MONTHS, text);
    return index === undefined ? readInteger(text) : index + 1;
  };
  const range = readRange(raw, field, 'a month from january to december, or from 1 to 12', readMonth);
  return inOrder(range, field, 'write a range over the turn of the year as two');
}

function readYears(raw: unknown, field: string): InclusiveRange {
  return inOrder(readRange(raw, field, 'a year such as 2026', readInteger), field, 'write the earlier first');
}

function readDaysOfMonth(raw: unknown, field: string): InclusiveRange {
  const expected = 'a day from 1 to 31, or from -31 to -1 counted from the end of the month';
  const range = readRange(raw, field, expected, (text) => {
    const day = readInteger(text);
    return day === undefined || day === 0 || Math.abs(day) > LONGEST_MONTH ? undefined : day;
  });
  const { begin, end } = range;
  if (begin < 0 && end > 0)
    throw new CalendarError('bad_value', field, 'a range that begins with a negative day ends with one');
  const fromStart = (day: number) => (day < 0 ? SHORTEST_MONTH + day : day);
  if (fromStart(begin) > fromStart(end))
    throw new CalendarError('bad_value', field, 'the end is always before the begin');
  return range;
}

function readRange(raw: unknown, field: string, expected: string, read: ReadMember): InclusiveRange {
  if (typeof raw !== 'string' && typeof raw !== 'number')
    throw new CalendarError('wrong_type', field, `expected ${expected}, or a range of them: begin:end`);
  const members = String(raw).toLowerCase().split(':').map(read);
  const [begin, end = begin] = members;
  if (begin === undefined || end === undefined || members.length > 2 || members.includes(undefined))
    throw new CalendarError('bad_value', field, `expected ${expected}, or a range of them: begin:end`);
  return { begin, end };
}

function inOrder(range: InclusiveRange, field: string, hint: string): InclusiveRange {
  if (range.begin <= range.end) return range;
  throw new CalendarError('bad_value', field, `the end is before the begin; ${hint}`);
}

function readInteger(text: string): number | undefined {
  return /^[+-]?[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
}

function indexOf(names: readonly string[], name: string): number | undefined {
  const index = names.indexOf(name);
  return index < 0 ? undefined : index;
}

function readLocation(raw: unknown, field: string, localTimeZone: string | undefined): string {
  if (raw === undefined || raw === null || raw === '') return 'UTC';
  if (raw !== 'Local') return readTimeZone(raw, field);
  if (localTimeZone !== undefined) return readTimeZone(localTimeZone, field);
  throw new CalendarError(
    'unknown_time_zone',
    field,
    'Local is not known here; write the name of the zone, such as Europe/Berlin',
  );
}

function joinPath(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
