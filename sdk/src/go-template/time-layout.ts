import { GoFunctionError } from './error.ts';
import { formatOffset, localTime, type LocalTime } from './time-zone.ts';
import { ZERO_TIME, type GoDuration, type GoTime } from './value.ts';

/** The parts of Go's reference time, longest first where one begins another (https://pkg.go.dev/time#Layout). */
const PARTS =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|2006|__2|_2(?!006)|[12345]|PM|pm|[-Z]07(?::00:00|0000|:00|00)?|[.,](?:0+|9+)(?!\d)/g;

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export const RFC3339_NANO = '2006-01-02T15:04:05.999999999Z07:00';
const STRING_LAYOUT = '2006-01-02 15:04:05.999999999 -0700 MST';

/**
 * Writes a time in a layout of Go's reference time.
 *
 * @example
 * formatTime(time, 'Mon, 02 Jan 2006 15:04:05 MST'); // Fri, 20 Nov 2026 09:14:05 UTC
 */
export function formatTime(time: GoTime, layout: string): string {
  const local = localTime(time.nanoseconds, time.zone);
  return layout.replaceAll(PARTS, (part) => formatPart(part, local));
}

/** As `{{ .StartsAt }}` prints it. */
export function timeText(time: GoTime): string {
  return formatTime(time, STRING_LAYOUT);
}

function formatPart(part: string, { date, offsetSeconds, abbreviation }: LocalTime): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  switch (part) {
    case 'January':
      return MONTHS[date.month - 1]!;
    case 'Jan':
      return MONTHS[date.month - 1]!.slice(0, 3);
    case 'Monday':
      return DAYS[date.dayOfWeek - 1]!;
    case 'Mon':
      return DAYS[date.dayOfWeek - 1]!.slice(0, 3);
    case 'MST':
      return abbreviation;
    case '1':
      return String(date.month);
    case '01':
      return two(date.month);
    case '2':
      return String(date.day);
    case '_2':
      return String(date.day).padStart(2);
    case '02':
      return two(date.day);
    case '__2':
      return String(date.dayOfYear).padStart(3);
    case '002':
      return String(date.dayOfYear).padStart(3, '0');
    case '15':
      return two(date.hour);
    case '3':
      return String(date.hour % 12 || 12);
    case '03':
      return two(date.hour % 12 || 12);
    case '4':
      return String(date.minute);
    case '04':
      return two(date.minute);
    case '5':
      return String(date.second);
    case '05':
      return two(date.second);
    case '2006':
      return String(date.year).padStart(4, '0');
    case '06':
      return two(date.year % 100);
    case 'PM':
      return date.hour >= 12 ? 'PM' : 'AM';
    case 'pm':
      return date.hour >= 12 ? 'pm' : 'am';
  }
  if (part.startsWith('Z') && offsetSeconds === 0) return 'Z';
  if (/^[-Z]/.test(part)) return formatOffset(offsetSeconds, part);
  return fraction(part, date);
}

/** `.000` keeps its zeros, `.999` leaves those at the end out. */
function fraction(part: string, date: Temporal.PlainDateTime): string {
  const digits = [date.millisecond, date.microsecond, date.nanosecond]
    .map((thousand) => String(thousand).padStart(3, '0'))
    .join('')
    .slice(0, part.length - 1)
    .padEnd(part.length - 1, '0');
  if (part[1] === '0') return part[0]! + digits;
  const kept = digits.replace(/0+$/, '');
  return kept === '' ? '' : part[0]! + kept;
}

const PATTERNS: Readonly<Record<string, string>> = {
  January: `(?<month>${MONTHS.join('|')})`,
  Jan: `(?<month>${MONTHS.map((name) => name.slice(0, 3)).join('|')})`,
  Monday: `(?:${DAYS.join('|')})`,
  Mon: `(?:${DAYS.map((name) => name.slice(0, 3)).join('|')})`,
  MST: '(?:UTC|GMT)',
  '1': '(?<month>\\d{1,2})',
  '01': '(?<month>\\d{2})',
  '2': '(?<day>\\d{1,2})',
  _2: ' ?(?<day>\\d{1,2})',
  '02': '(?<day>\\d{2})',
  '15': '(?<hour>\\d{2})',
  '3': '(?<hour>\\d{1,2})',
  '03': '(?<hour>\\d{2})',
  '4': '(?<minute>\\d{1,2})',
  '04': '(?<minute>\\d{2})',
  '5': '(?<second>\\d{1,2}(?:[.,]\\d{1,9})?)',
  '05': '(?<second>\\d{2}(?:[.,]\\d{1,9})?)',
  '2006': '(?<year>\\d{4})',
  '06': '(?<year>\\d{2})',
  PM: '(?<half>AM|PM)',
  pm: '(?<half>am|pm)',
};

/**
 * Reads a text in a layout, in UTC unless it has an offset. Days of the year and names of zones other than UTC are not read.
 *
 * @throws GoFunctionError when the text is not of the layout.
 */
export function parseTime(layout: string, text: string): GoTime {
  let pattern = '';
  let end = 0;
  for (const { 0: part, index } of layout.matchAll(PARTS)) {
    pattern += RegExp.escape(layout.slice(end, index));
    end = index + part.length;
    // A fraction is read with the seconds before it, whether the layout names it or not.
    if (/^[.,]/.test(part)) continue;
    if (/^[-Z]/.test(part)) pattern += offsetPattern(part);
    else pattern += PATTERNS[part] ?? failParse(layout, text);
  }
  pattern += RegExp.escape(layout.slice(end));
  let groups: Readonly<Record<string, string | undefined>> | undefined;
  try {
    groups =
      new RegExp(`^${pattern}$`).exec(text)?.groups ?? (pattern === '' && text === '' ? {} : undefined);
  } catch {
    // The same part twice in a layout, which Go reads and nobody means.
    return failParse(layout, text);
  }
  return groups === undefined ? failParse(layout, text) : timeOf(groups, layout, text);
}

function offsetPattern(part: string): string {
  const separator = part.includes(':') ? ':' : '';
  const count = part.replace(/\D/g, '').length / 2;
  const digits = Array.from({ length: count }, () => '\\d{2}').join(separator);
  return part.startsWith('Z') ? `(?<offset>Z|[+-]${digits})` : `(?<offset>[+-]${digits})`;
}

function timeOf(groups: Readonly<Record<string, string | undefined>>, layout: string, text: string): GoTime {
  const { month = '1', day = '1', hour = '0', minute = '0', second = '0', year = '0', half, offset } = groups;
  const named = MONTHS.findIndex((name) => name.startsWith(month) && /\D/.test(month));
  const [seconds = '0', decimals = ''] = second.split(/[.,]/);
  const hours = Number(hour);
  const ofDay = half === undefined ? hours : (hours % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const shortYear = Number(year) + (Number(year) >= 69 ? 1900 : 2000);
  try {
    const date = Temporal.PlainDateTime.from(
      {
        year: year.length === 2 ? shortYear : Number(year),
        month: named === -1 ? Number(month) : named + 1,
        day: Number(day),
        hour: ofDay,
        minute: Number(minute),
        second: Number(seconds),
      },
      { overflow: 'reject' },
    );
    const { epochNanoseconds } = date.toZonedDateTime('UTC');
    const nanoseconds = epochNanoseconds + BigInt(decimals.padEnd(9, '0')) - offsetNanoseconds(offset ?? 'Z');
    return { ...ZERO_TIME, nanoseconds };
  } catch {
    return failParse(layout, text);
  }
}

function offsetNanoseconds(offset: string): bigint {
  if (offset === 'Z') return 0n;
  const [hours = 0, minutes = 0, seconds = 0] = (offset.match(/\d{2}/g) ?? []).map(Number);
  const total = BigInt(hours * 3600 + minutes * 60 + seconds) * 1_000_000_000n;
  return offset.startsWith('-') ? -total : total;
}

function failParse(layout: string, text: string): never {
  throw new GoFunctionError(
    `cannot read ${JSON.stringify(text)} as a time of the layout ${JSON.stringify(layout)}`,
  );
}

/** As Go prints a duration: `1h2m3.5s`, `1.5ms`, `0s`. */
export function durationText({ nanoseconds }: GoDuration): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const absolute = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (absolute < 1_000n) return `${sign}${absolute}ns`;
  if (absolute < 1_000_000n) return `${sign}${decimal(absolute, 1_000n)}µs`;
  if (absolute < 1_000_000_000n) return `${sign}${decimal(absolute, 1_000_000n)}ms`;
  const minute = 60_000_000_000n;
  const hours = absolute / (60n * minute);
  const minutes = (absolute / minute) % 60n;
  const seconds = decimal(absolute % minute, 1_000_000_000n);
  if (hours > 0n) return `${sign}${hours}h${minutes}m${seconds}s`;
  return minutes > 0n ? `${sign}${minutes}m${seconds}s` : `${sign}${seconds}s`;
}

function decimal(value: bigint, unit: bigint): string {
  const rest = String(value % unit)
    .padStart(String(unit).length - 1, '0')
    .replace(/0+$/, '');
  return rest === '' ? String(value / unit) : `${value / unit}.${rest}`;
}
