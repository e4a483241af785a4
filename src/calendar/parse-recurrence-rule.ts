import { CalendarError } from './calendar-error.ts';
import { latestWallClock } from './time-zone.ts';
import { DAY_MS } from './wall-clock.ts';

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'] as const;
export type Frequency = (typeof FREQUENCIES)[number];

/** A recurrence rule of RFC 5545 §3.3.10 as data. All that is absent was not written. */
export interface RecurrenceRule {
  readonly freq: Frequency;
  readonly interval?: number;
  readonly count?: number;
  /** The last reading of the wall clock that may be an occurrence. */
  readonly until?: number;
  readonly byMonth?: readonly number[];
  readonly byYearDay?: readonly number[];
  readonly byMonthDay?: readonly number[];
  /** `MO`, `-1FR` */
  readonly byDay?: readonly string[];
  readonly byHour?: readonly number[];
  readonly byMinute?: readonly number[];
  readonly bySetPos?: readonly number[];
  readonly wkst?: string;
}

const LONGEST_RULE = 1_000;
/** A window every day for nearly three years; what goes on for longer ends by UNTIL. */
const HIGHEST_COUNT = 1_000;
const HIGHEST_INTERVAL = 10_000;
/** All days of a rule by the hour or the minute look alike, or it could be too sparse to be followed. */
const PER_DAY: Readonly<Partial<Record<Frequency, number>>> = { HOURLY: 24, MINUTELY: 1_440 };
const WEEKDAY = /^(?:MO|TU|WE|TH|FR|SA|SU)$/;
const WEEKDAY_WITH_POSITION = /^(?:[+-]?(?:[1-9]|[1-4][0-9]|5[0-3]))?(?:MO|TU|WE|TH|FR|SA|SU)$/;
const UNTIL = /^([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?$/;

/** Name of the field, smallest and largest value; a negative value counts from the end. */
const NUMBERS: Readonly<Record<string, readonly [key: string, least: number, most: number]>> = {
  BYMONTH: ['byMonth', 1, 12],
  BYYEARDAY: ['byYearDay', -366, 366],
  BYMONTHDAY: ['byMonthDay', -31, 31],
  BYHOUR: ['byHour', 0, 23],
  BYMINUTE: ['byMinute', 0, 59],
  BYSETPOS: ['bySetPos', -366, 366],
};

/**
 * Reads a rule of RFC 5545, with or without `RRULE:` before it. Nothing finer than a minute is accepted, no calendar but the Gregorian
 * (RFC 7529), no more than 1,000 occurrences by COUNT, and hours or minutes only at distances that divide a day. Which parts go together is checked where the rule is put to use. Throws
 * `bad_rule`.
 *
 * @param timeZone where UNTIL is converted to when it is in UTC; a date means its whole day.
 * @example
 * parseRecurrenceRule('FREQ=MONTHLY;BYDAY=-1FR;UNTIL=20281231T225959Z', 'Europe/Berlin', 'rrule');
 */
export function parseRecurrenceRule(text: string, timeZone: string, field: string): RecurrenceRule {
  const fail = (message: string): never => {
    throw new CalendarError('bad_rule', field, message);
  };
  if (text.length > LONGEST_RULE) fail(`expected at most ${LONGEST_RULE} characters`);
  const rule: Record<string, unknown> = {};
  const put = (key: string, value: unknown) => {
    if (key in rule) fail(`${key} stands there twice`);
    rule[key] = value;
  };
  for (const part of text
    .toUpperCase()
    .replace(/^RRULE:/, '')
    .split(';')) {
    const [name = '', value = '', ...rest] = part.split('=');
    const items = value.split(',');
    const numbers = NUMBERS[name];
    if (value === '' || rest.length > 0) fail('expected parts such as FREQ=DAILY, separated by semicolons');
    else if (name === 'FREQ')
      put('freq', readFrequency(value) ?? fail(`FREQ is one of ${FREQUENCIES.join()}`));
    else if (name === 'INTERVAL')
      put('interval', readCount(value, HIGHEST_INTERVAL) ?? fail(countHint(name)));
    else if (name === 'COUNT') put('count', readCount(value, HIGHEST_COUNT) ?? fail(countHint(name)));
    else if (name === 'UNTIL')
      put('until', readUntil(value, timeZone) ?? fail('UNTIL is a date or a time such as 20261231T225959Z'));
    else if (name === 'WKST') put('wkst', WEEKDAY.test(value) ? value : fail('WKST is a weekday such as MO'));
    else if (name === 'BYDAY')
      put(
        'byDay',
        items.every((item) => WEEKDAY_WITH_POSITION.test(item))
          ? items
          : fail('BYDAY is a list such as MO,-1FR'),
      );
    else if (numbers !== undefined) {
      const [key, least, most] = numbers;
      put(
        key,
        readNumbers(items, least, most) ?? fail(`${name} is a list of numbers from ${least} to ${most}`),
      );
    } else fail(unknownHint(name));
  }
  if (rule['freq'] === undefined) fail('FREQ is missing');
  const { freq, interval = 1 } = rule as { freq: Frequency; interval?: number };
  const perDay = PER_DAY[freq];
  if (perDay !== undefined && perDay % interval !== 0)
    fail(`INTERVAL divides the ${perDay} of a day; write longer distances by days`);
  return rule as unknown as RecurrenceRule;
}

function readFrequency(text: string): Frequency | undefined {
  return FREQUENCIES.find((frequency) => frequency === text);
}

function readCount(text: string, most: number): number | undefined {
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : 0;
  return value >= 1 && value <= most ? value : undefined;
}

function countHint(name: string): string {
  return `${name} is a number from 1 to ${name === 'COUNT' ? HIGHEST_COUNT : HIGHEST_INTERVAL}`;
}

function readNumbers(items: readonly string[], least: number, most: number): readonly number[] | undefined {
  const values = items.map((item) => (/^[+-]?[0-9]{1,3}$/.test(item) ? Number(item) : Number.NaN));
  const countsFromEnd = least < 0;
  const fits = (value: number) => value >= least && value <= most && !(countsFromEnd && value === 0);
  return values.every(fits) ? values : undefined;
}

function readUntil(text: string, timeZone: string): number | undefined {
  const found = UNTIL.exec(text);
  if (!found) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = found
    .slice(1, 7)
    .map((digits) => (digits === undefined ? undefined : Number(digits)));
  const reading = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const written = text.slice(0, 8);
  // A date that the calendar does not have, such as 30 February, would silently become another one.
  if (new Date(reading).toISOString().slice(0, 10).replaceAll('-', '') !== written) return undefined;
  if (!text.includes('T')) return reading + DAY_MS - 1;
  return found[7] === 'Z' ? latestWallClock(timeZone, reading) : reading;
}

function unknownHint(name: string): string {
  if (name === 'BYSECOND') return 'BYSECOND is finer than a minute; leave it out';
  // The engine loses weeks that lie in two years, depending on where a search begins.
  if (name === 'BYWEEKNO') return 'BYWEEKNO is not supported; say the week by BYMONTH, BYDAY or BYYEARDAY';
  if (name === 'RSCALE' || name === 'SKIP') return 'only the Gregorian calendar is supported';
  return 'has an unknown part; the parts are those of RFC 5545';
}
