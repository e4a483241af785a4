import { MONTHS, SHORTEST_MONTH, WEEKDAYS } from '../calendar/calendar-names.ts';
import type { Report } from '../settings/report.ts';
import type { PathPart } from '../settings/tree.ts';
import type { Range, TimeInterval } from './config.ts';
import { textOf } from './settings.ts';
import type { Decoded } from './shape.ts';

const CLOCK = /^(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/;

type Path = readonly PathPart[];
type Fields = Readonly<Record<string, Decoded>>;
type ReadRange = (text: string) => Range | string;

/** https://prometheus.io/docs/alerting/latest/configuration/#time_interval */
export function readTimeInterval(fields: Fields, path: Path, report: Report): TimeInterval {
  const ranges = (key: string, read: ReadRange): Readonly<Record<string, readonly Range[]>> => {
    const written = fields[key] as readonly (string | undefined)[] | undefined;
    // An empty list is one that nothing fulfils, as in Alertmanager.
    if (written === undefined) return {};
    return {
      [key]: written.flatMap((text, index) =>
        keep(read((text ?? '').toLowerCase()), [...path, key, index], report),
      ),
    };
  };
  const times = fields['times'] as readonly (Fields | undefined)[] | undefined;
  const location = fields['location'] as string | undefined;
  if (location !== undefined && !isTimeZone(location)) {
    const message = 'expected a name of the time zone database such as Europe/Berlin';
    report.error([...path, 'location'], { code: 'wrong_value', message });
  }
  return {
    ...(times === undefined
      ? {}
      : {
          times: times.flatMap((time, index) =>
            keep(readTimes(time ?? {}), [...path, 'times', index], report),
          ),
        }),
    ...ranges('weekdays', (text) => readRange(text, readWeekday)),
    ...ranges('days_of_month', readDays),
    ...ranges('months', (text) => readRange(text, readMonth)),
    ...ranges('years', (text) => readRange(text, readNumber)),
    ...(location === undefined || location === '' ? {} : { location }),
  };
}

function keep(read: Range | string, path: Path, report: Report): readonly Range[] {
  if (typeof read !== 'string') return [read];
  report.error(path, { code: 'wrong_value', message: read });
  return [];
}

function readTimes(fields: Fields): Range | string {
  const [start, end] = [textOf(fields, 'start_time'), textOf(fields, 'end_time')];
  if (start === '' || end === '') return 'expected both start_time and end_time';
  if (!CLOCK.test(start) || !CLOCK.test(end))
    return 'expected times from 00:00 to 24:00, with two digits each';
  const range = { begin: minutesOf(start), end: minutesOf(end) };
  return range.begin < range.end
    ? range
    : 'expected start_time before end_time; use two ranges around midnight';
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
}

function readRange(text: string, read: (word: string) => number | undefined): Range | string {
  const words = text.split(':');
  const [begin, end = begin] = words.map(read);
  if (begin === undefined || end === undefined || words.length > 2) {
    return 'expected a value or a range such as monday:friday, 1:5, may:august or 2026:2028';
  }
  return begin <= end ? { begin, end } : 'expected a range whose end is not before its start';
}

function readWeekday(word: string): number | undefined {
  return WEEKDAYS.includes(word) ? WEEKDAYS.indexOf(word) : undefined;
}

function readMonth(word: string): number | undefined {
  return MONTHS.includes(word) ? MONTHS.indexOf(word) + 1 : readNumber(word);
}

function readNumber(word: string): number | undefined {
  return /^[-+]?\d{1,6}$/.test(word) ? Number(word) : undefined;
}

function readDays(text: string): Range | string {
  const words = text.split(':');
  const [begin, end = begin] = words.map(readNumber);
  if (begin === undefined || end === undefined || words.length > 2) {
    return 'expected a day or a range of days such as 1:5 or -3:-1';
  }
  if ([begin, end].some((day) => day === 0 || day < -31 || day > 31)) {
    return 'expected days from 1 to 31, or from -31 to -1 counted from the end of the month';
  }
  if (begin < 0 && end > 0) return 'a range that starts from the end of the month must end there too';
  const early = (day: number): number => (day < 0 ? SHORTEST_MONTH + day : day);
  return early(begin) <= early(end) ? { begin, end } : 'expected a range whose end is not before its start';
}

function isTimeZone(name: string): boolean {
  if (name === '' || name === 'UTC' || name === 'Local') return true;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return !/^[+-]/.test(name);
  } catch {
    return false;
  }
}
