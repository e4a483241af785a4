import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseTimeInterval } from './parse-time-interval.ts';
import { anyInstant, anyZone, at, readByIntl, shownIn, type Reading } from './testing/instants.ts';
import { containsTime, nextTransition } from './time-interval.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

const CONTAINED: readonly [
  title: string,
  raw: object,
  inside: readonly string[],
  outside: readonly string[],
][] = [
  ['an empty interval holds always', {}, ['2026-01-01T00:00Z', '1970-01-01T00:00Z'], []],
  ['an empty list never holds', { times: [] }, [], ['2026-01-01T00:00Z']],
  ['a field without a value is as if absent', { times: null }, ['2026-01-01T00:00Z'], []],
  [
    'the start of a range belongs to it, the end does not',
    { times: [{ start_time: '09:00', end_time: '17:00' }], weekdays: ['monday:friday'] },
    ['2026-01-05T09:00Z', '2026-01-05T16:59:59.999Z'],
    ['2026-01-05T08:59:59.999Z', '2026-01-05T17:00Z', '2026-01-04T12:00Z'],
  ],
  [
    'a day ends at 24:00',
    { times: [{ start_time: '23:00', end_time: '24:00' }] },
    ['2026-01-05T23:59:59.999Z'],
    ['2026-01-06T00:00Z', '2026-01-05T22:59Z'],
  ],
  [
    'negative days count from the end of the month',
    { days_of_month: ['-3:-1'] },
    ['2026-01-29T00:00Z', '2026-01-31T23:59Z', '2026-02-26T00:00Z', '2028-02-29T00:00Z'],
    ['2026-01-28T23:59Z', '2026-02-01T00:00Z', '2028-02-26T00:00Z'],
  ],
  [
    'February is as long as the Gregorian calendar says',
    { days_of_month: ['-1'], months: ['february'] },
    ['2000-02-29T00:00Z', '2100-02-28T00:00Z'],
    ['2000-02-28T00:00Z'],
  ],
  [
    'days are cut off at the end of the month',
    { days_of_month: ['30:31'] },
    ['2026-01-30T00:00Z', '2026-04-30T00:00Z'],
    ['2026-02-28T00:00Z', '2026-05-01T00:00Z'],
  ],
  [
    'a range may begin before the month',
    { days_of_month: ['-31:-29'] },
    ['2026-01-03T00:00Z', '2026-04-02T00:00Z'],
    ['2026-02-01T00:00Z', '2026-04-03T00:00Z'],
  ],
  [
    'the last day of a month with a change of the clocks is its last day',
    { days_of_month: ['-1'], location: 'America/New_York' },
    ['2026-03-31T12:00Z'],
    ['2026-03-30T12:00Z'],
  ],
  [
    'months are names or numbers in any case',
    { months: ['December', '1:2'] },
    ['2026-12-31T23:59Z', '2026-01-01T00:00Z', '2026-02-28T00:00Z'],
    ['2026-03-01T00:00Z', '2026-11-30T23:59Z'],
  ],
  [
    'years are ranges or numbers',
    { years: ['2020:2022', 2030] },
    ['2022-12-31T23:59Z', '2030-06-01T00:00Z'],
    ['2019-12-31T23:59Z', '2023-01-01T00:00Z'],
  ],
  [
    'a location moves all fields',
    {
      times: [{ start_time: '09:00', end_time: '17:00' }],
      months: ['november'],
      location: 'Australia/Sydney',
    },
    ['2021-11-01T09:00+11:00', '2021-10-31T22:00Z'],
    ['2021-10-31T21:59Z', '2021-11-01T09:00Z'],
  ],
  [
    'a repeated hour counts both times',
    { times: [{ start_time: '02:00', end_time: '03:00' }], location: 'Europe/Berlin' },
    ['2026-10-25T02:30+02:00', '2026-10-25T02:30+01:00'],
    ['2026-10-25T03:00+01:00', '2026-03-29T03:00+02:00', '2026-03-29T01:59+01:00'],
  ],
];

for (const [title, raw, inside, outside] of CONTAINED) {
  test(title, () => {
    const interval = parseTimeInterval(raw);
    for (const text of inside) assert.equal(containsTime(interval, at(text)), true, text);
    for (const text of outside) assert.equal(containsTime(interval, at(text)), false, text);
  });
}

const anyTimes = fc.tuple(fc.nat({ max: 1_439 }), fc.nat({ max: 1_440 })).map(([a, b]) => {
  const [start, end] = [Math.min(a, b), Math.max(a, b, Math.min(a, b) + 1)];
  return { start_time: timeText(start), end_time: timeText(end) };
});
const anyWeekdays = range(fc.nat({ max: 6 }), (day) => WEEKDAYS[day]!);
const anyMonths = range(fc.integer({ min: 1, max: 12 }), (month) =>
  month % 2 === 0 ? String(month) : MONTHS[month - 1]!,
);
const anyYears = range(fc.integer({ min: 2000, max: 2040 }), String);
const anyDays = fc.oneof(
  range(fc.integer({ min: 1, max: 31 }), String),
  range(fc.integer({ min: -31, max: -1 }), String),
  fc
    .tuple(fc.integer({ min: 1, max: 10 }), fc.integer({ min: -10, max: -1 }))
    .map(([begin, end]) => `${begin}:${end}`),
);
const anyRaw = fc.record(
  {
    times: fc.array(anyTimes, { maxLength: 3 }),
    weekdays: fc.array(anyWeekdays, { maxLength: 3 }),
    days_of_month: fc.array(anyDays, { maxLength: 3 }),
    months: fc.array(anyMonths, { maxLength: 3 }),
    years: fc.array(anyYears, { maxLength: 3 }),
    location: anyZone,
  },
  { requiredKeys: [] },
);
type Raw = typeof anyRaw extends fc.Arbitrary<infer T> ? T : never;

test('an interval holds when a naive reading of its texts on the clock of Intl says so', () => {
  fc.assert(
    fc.property(anyRaw, anyInstant, (raw, now) => {
      const expected = holdsNaively(raw, readByIntl(raw.location ?? 'UTC', now));
      assert.equal(containsTime(parseTimeInterval(raw), now), expected);
    }),
    { numRuns: 3_000 },
  );
});

test('the next transition is the first change that a look at every minute finds', () => {
  const horizonMinutes = fc.integer({ min: 0, max: 3 * 1_440 });
  fc.assert(
    fc.property(anyRaw, anyInstant, horizonMinutes, (raw, now, horizon) => {
      const interval = parseTimeInterval(raw);
      const before = containsTime(interval, now);
      const wholeMinute = Math.floor(now / MINUTE_MS) * MINUTE_MS;
      let expected: number | undefined;
      for (let minute = 1; minute <= horizon && expected === undefined; minute++) {
        const instant = wholeMinute + minute * MINUTE_MS;
        if (instant > now + horizon * MINUTE_MS) break;
        if (containsTime(interval, instant) !== before) expected = instant;
      }
      assert.equal(nextTransition(interval, now, horizon * MINUTE_MS), expected);
    }),
    { numRuns: 500 },
  );
});

test('transitions years ahead are found, and none is looked for beyond the horizon', () => {
  const leapMonday = parseTimeInterval({
    days_of_month: ['29'],
    months: ['february'],
    weekdays: ['monday'],
    location: 'Europe/Berlin',
  });
  const now = at('2026-01-01T00:00Z');
  const start = at('2044-02-29T00:00+01:00');
  assert.equal(shownIn('Europe/Berlin', nextTransition(leapMonday, now, Infinity)), '2044-02-29T00:00+01:00');
  assert.equal(nextTransition(leapMonday, now, start - now), start);
  assert.equal(nextTransition(leapMonday, now, start - now - 1), undefined);
  assert.equal(nextTransition(leapMonday, start, Infinity), start + DAY_MS);
});

test('an interval that always or never holds has no transition', () => {
  for (const raw of [{}, { years: [] }, { years: ['1999'] }, { months: ['13'] }])
    assert.equal(nextTransition(parseTimeInterval(raw), at('2026-01-01T00:00Z'), Infinity), undefined);
});

test('clocks that change end a range in the middle of an hour that is left out or repeated', () => {
  const night = parseTimeInterval({
    times: [{ start_time: '02:30', end_time: '02:45' }],
    location: 'Europe/Berlin',
  });
  const next = (from: string) => shownIn('Europe/Berlin', nextTransition(night, at(from), 2 * DAY_MS));
  assert.equal(next('2026-03-29T00:00+01:00'), '2026-03-30T02:30+02:00');
  assert.equal(next('2026-10-25T02:50+02:00'), '2026-10-25T02:30+01:00');
});

function holdsNaively(raw: Raw, shown: Reading): boolean {
  const length = new Date(Date.UTC(shown.year, shown.month, 0)).getUTCDate();
  const days = Array.from({ length }, (_, index) => index + 1);
  const checks = [
    raw.times?.some(({ start_time: start, end_time: end }) => {
      const time = timeText(shown.minute);
      return start <= time && time < end;
    }),
    raw.weekdays?.some((text) => spread(text, WEEKDAYS).includes(shown.weekday)),
    raw.months?.some((text) => {
      const [begin, end = begin] = text.split(':').map((name) => Number(name) || MONTHS.indexOf(name) + 1);
      return shown.month >= begin! && shown.month <= end!;
    }),
    raw.years?.some((text) => {
      const [begin, end = begin] = text.split(':');
      return String(shown.year) >= begin! && String(shown.year) <= end!;
    }),
    raw.days_of_month?.some((text) => {
      // The days that the range names, out of those that the month has.
      const [begin, end = begin] = text.split(':').map(Number);
      const first = begin! > 0 ? begin! : days.length + 1 + begin!;
      const last = end! > 0 ? end! : days.length + 1 + end!;
      return days.filter((day) => day >= first && day <= last).includes(shown.day);
    }),
  ];
  return checks.every((check) => check !== false);
}

function spread(text: string, names: readonly string[]): readonly string[] {
  const [begin, end = begin] = text.split(':');
  return names.slice(names.indexOf(begin!), names.indexOf(end!) + 1);
}

function range(member: fc.Arbitrary<number>, write: (value: number) => string): fc.Arbitrary<string> {
  return fc.oneof(
    member.map(write),
    fc.tuple(member, member).map(([a, b]) => `${write(Math.min(a, b))}:${write(Math.max(a, b))}`),
  );
}

function timeText(minute: number): string {
  const digits = (value: number) => String(value).padStart(2, '0');
  return `${digits(Math.floor(minute / 60))}:${digits(minute % 60)}`;
}
