import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  addOpenTime,
  isOpen,
  nextClosing,
  nextOpening,
  openTimeBetween,
  type BusinessHours,
} from './business-hours.ts';
import { CalendarError, type CalendarErrorCode } from './calendar-error.ts';
import { parseBusinessHours } from './parse-business-hours.ts';
import { anyInstant, anyZone, at, readByIntl, shownIn } from './testing/instants.ts';

const BERLIN = 'Europe/Berlin';
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const WORKDAY = ['09:00-12:00', '13:00-17:00'];

const office = parseBusinessHours({
  time_zone: BERLIN,
  hours: { mon: WORKDAY, tue: WORKDAY, wed: WORKDAY, thu: WORKDAY, fri: ['09:00-12:00'] },
  holidays: ['2026-12-24', '2026-12-25'],
});
const around = parseBusinessHours({
  time_zone: BERLIN,
  hours: Object.fromEntries(
    ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'].map((day) => [day, ['00:00-24:00']]),
  ),
});
const never = parseBusinessHours({ time_zone: BERLIN, hours: {} });

const shown = (instant: number | undefined) => shownIn(BERLIN, instant);

test('it is open from the start of a range until just before its end, on the local clock', () => {
  const cases: readonly [string, boolean][] = [
    ['2026-01-05T08:59:59+01:00', false],
    ['2026-01-05T09:00+01:00', true],
    ['2026-01-05T11:59:59+01:00', true],
    ['2026-01-05T12:00+01:00', false],
    ['2026-07-06T13:00+02:00', true],
    ['2026-01-09T13:30+01:00', false],
    ['2026-01-10T10:00+01:00', false],
  ];
  for (const [instant, open] of cases) assert.equal(isOpen(office, at(instant)), open, instant);
});

test('it is closed on holidays', () => {
  assert.equal(isOpen(office, at('2026-12-23T10:00+01:00')), true);
  assert.equal(isOpen(office, at('2026-12-24T10:00+01:00')), false);
  assert.equal(shown(nextOpening(office, at('2026-12-23T18:00+01:00'))), '2026-12-28T09:00+01:00');
});

test('the next opening and closing are the ones after now', () => {
  const morning = at('2026-01-05T10:00+01:00');
  assert.equal(shown(nextClosing(office, morning)), '2026-01-05T12:00+01:00');
  assert.equal(shown(nextOpening(office, morning)), '2026-01-05T13:00+01:00');
  const evening = at('2026-01-09T20:00+01:00');
  assert.equal(shown(nextOpening(office, evening)), '2026-01-12T09:00+01:00');
  assert.equal(shown(nextClosing(office, evening)), '2026-01-12T12:00+01:00');
});

test('days that touch at midnight are one opening', () => {
  const nights = parseBusinessHours({
    time_zone: BERLIN,
    hours: { mon: ['22:00-24:00'], tue: ['00:00-06:00'] },
  });
  assert.equal(shown(nextClosing(nights, at('2026-01-05T23:00+01:00'))), '2026-01-06T06:00+01:00');
});

test('what is always open never closes, and what is never open never opens', () => {
  const now = at('2026-01-05T10:00+01:00');
  assert.deepEqual([nextOpening(around, now), nextClosing(around, now)], [undefined, undefined]);
  assert.deepEqual([nextOpening(never, now), nextClosing(never, now)], [undefined, undefined]);
  assert.equal(addOpenTime(never, now, 1), undefined);
});

test('open time runs only while it is open', () => {
  const due = (from: string, hours: number) => shown(addOpenTime(office, at(from), hours * HOUR_MS));
  assert.equal(due('2026-01-05T10:00+01:00', 1), '2026-01-05T11:00+01:00');
  assert.equal(due('2026-01-05T10:00+01:00', 4), '2026-01-05T15:00+01:00');
  assert.equal(due('2026-01-08T16:00+01:00', 8), '2026-01-12T14:00+01:00');
  assert.equal(due('2026-01-10T03:00+01:00', 0.5), '2026-01-12T09:30+01:00');
});

test('open time that is complete at a closing is due then, and none is due at once', () => {
  const due = (from: string, hours: number) => shown(addOpenTime(office, at(from), hours * HOUR_MS));
  assert.equal(due('2026-01-05T09:00+01:00', 3), '2026-01-05T12:00+01:00');
  assert.equal(due('2026-01-10T03:00+01:00', 0), '2026-01-10T03:00+01:00');
});

test('open time is elapsed time when the clocks change', () => {
  const due = (from: string, hours: number) => shown(addOpenTime(around, at(from), hours * HOUR_MS));
  assert.equal(due('2026-03-29T00:00+01:00', 24), '2026-03-30T01:00+02:00');
  assert.equal(due('2026-10-25T00:00+02:00', 24), '2026-10-25T23:00+01:00');
  const early = parseBusinessHours({ time_zone: BERLIN, hours: { sun: ['02:00-04:00'] } });
  assert.equal(openTimeBetween(early, at('2026-03-29T00:00+01:00'), at('2026-03-30T00:00+02:00')), HOUR_MS);
  assert.equal(
    openTimeBetween(early, at('2026-10-25T00:00+02:00'), at('2026-10-26T00:00+01:00')),
    3 * HOUR_MS,
  );
});

test('open time is never taken away', () => {
  for (const openMs of [-1, Number.NaN]) assert.throws(() => addOpenTime(office, 0, openMs), RangeError);
  assert.equal(openTimeBetween(office, 2, 1), 0);
});

test('a sum that would take longer than about thirty years is not followed to its end', () => {
  assert.equal(addOpenTime(around, at('2026-01-05T10:00+01:00'), 40 * 366 * DAY_MS), undefined);
});

const anyTime = fc
  .nat({ max: 96 })
  .map((quarter) =>
    [Math.floor(quarter / 4), (quarter % 4) * 15].map((part) => String(part).padStart(2, '0')).join(':'),
  );
const anyRanges = fc.array(
  fc
    .tuple(anyTime, anyTime)
    .filter(([start, end]) => start < end)
    .map((times) => times.join('-')),
  { maxLength: 3 },
);
const days = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const anyRaw = fc.record({
  time_zone: anyZone,
  hours: fc.record(Object.fromEntries(days.map((day) => [day.slice(0, 3), anyRanges])), { requiredKeys: [] }),
  holidays: fc.array(
    fc.constantFrom<string>('2026-03-29', '2026-10-25', '2026-11-01', '2011-12-31', '2021-04-04'),
  ),
});

test('it is open when a naive reading of the ranges on the clock of Intl says so', () => {
  fc.assert(
    fc.property(anyRaw, anyInstant, (raw, now) => {
      const { year, month, day, minute, weekday } = readByIntl(raw.time_zone, now);
      const digits = (value: number) => String(value).padStart(2, '0');
      const date = `${year}-${digits(month)}-${digits(day)}`;
      const time = `${digits(Math.floor(minute / 60))}:${digits(minute % 60)}`;
      const ranges = (raw.hours as Record<string, string[]>)[weekday.slice(0, 3)] ?? [];
      const expected =
        !raw.holidays.includes(date) &&
        ranges.some((range) => {
          const [start, end] = range.split('-');
          return start! <= time && time < end!;
        });
      assert.equal(isOpen(parseBusinessHours(raw), now), expected);
    }),
    { numRuns: 2_000 },
  );
});

test('openings and closings are the first that a look at every minute finds', () => {
  fc.assert(
    fc.property(anyRaw, anyInstant, (raw, instant) => {
      const hours = parseBusinessHours(raw);
      const now = Math.floor(instant / MINUTE_MS) * MINUTE_MS;
      const [opening, closing] = [true, false].map((open) => firstChange(hours, now, open));
      const [nextOpen, nextClose] = [nextOpening(hours, now), nextClosing(hours, now)];
      const horizon = now + 3 * DAY_MS;
      assert.equal(nextOpen !== undefined && nextOpen <= horizon ? nextOpen : undefined, opening);
      assert.equal(nextClose !== undefined && nextClose <= horizon ? nextClose : undefined, closing);
    }),
    { numRuns: 200 },
  );
});

test('the open time until it is due is what was added, and it is due no later than needed', () => {
  fc.assert(
    fc.property(anyRaw, anyInstant, fc.nat({ max: 60 * HOUR_MS }), (raw, from, openMs) => {
      const hours = parseBusinessHours(raw);
      const due = addOpenTime(hours, from, openMs);
      if (due === undefined) {
        assert.ok(hours.week.flat().length === 0);
        return;
      }
      assert.equal(openTimeBetween(hours, from, due), openMs);
      if (openMs > 0) assert.equal(openTimeBetween(hours, from, due - 1), openMs - 1);
    }),
    { numRuns: 500 },
  );
});

test('adding open time in two parts is adding it at once', () => {
  const part = fc.nat({ max: 30 * HOUR_MS });
  fc.assert(
    fc.property(anyRaw, anyInstant, part, part, (raw, from, first, second) => {
      const hours = parseBusinessHours(raw);
      const half = addOpenTime(hours, from, first);
      fc.pre(half !== undefined && second > 0);
      assert.equal(addOpenTime(hours, half, second), addOpenTime(hours, from, first + second));
    }),
    { numRuns: 300 },
  );
});

const REFUSED: readonly (readonly [raw: unknown, CalendarErrorCode, field: string])[] = [
  [undefined, 'wrong_type', ''],
  [{ hours: {} }, 'wrong_type', 'time_zone'],
  [{ time_zone: 'Mars/Olympus', hours: {} }, 'unknown_time_zone', 'time_zone'],
  [{ time_zone: 'UTC' }, 'wrong_type', 'hours'],
  [{ time_zone: 'UTC', hours: { monday: [] } }, 'unknown_field', 'hours'],
  [{ time_zone: 'UTC', hours: { mon: '09:00-17:00' } }, 'wrong_type', 'hours.mon'],
  [{ time_zone: 'UTC', hours: { mon: ['09:00'] } }, 'bad_value', 'hours.mon[0]'],
  [{ time_zone: 'UTC', hours: { mon: ['9-17'] } }, 'bad_value', 'hours.mon[0]'],
  [{ time_zone: 'UTC', hours: { mon: ['09:00-17:00-18:00'] } }, 'bad_value', 'hours.mon[0]'],
  [{ time_zone: 'UTC', hours: { mon: ['22:00-06:00'] } }, 'bad_value', 'hours.mon[0]'],
  [{ time_zone: 'UTC', hours: { mon: [9] } }, 'bad_value', 'hours.mon[0]'],
  [{ time_zone: 'UTC', hours: {}, holidays: ['2026-02-30'] }, 'bad_value', 'holidays[0]'],
  [{ time_zone: 'UTC', hours: {}, holidays: ['2026-12-24', '25.12.2026'] }, 'bad_value', 'holidays[1]'],
];

for (const [raw, code, field] of REFUSED) {
  test(`the business hours ${JSON.stringify(raw)} are refused with ${code} at ${field || 'the whole'}`, () => {
    assert.throws(
      () => parseBusinessHours(raw, { field: 'teams.db' }),
      (error) =>
        error instanceof CalendarError &&
        error.code === code &&
        error.field === ['teams.db', field].filter((part) => part !== '').join('.'),
    );
  });
}

/** The first whole minute within three days at which it becomes open, or closed. */
function firstChange(hours: BusinessHours, now: number, open: boolean): number | undefined {
  for (let minute = now + MINUTE_MS; minute <= now + 3 * DAY_MS; minute += MINUTE_MS) {
    if (isOpen(hours, minute) === open && isOpen(hours, minute - MINUTE_MS) !== open) return minute;
  }
  return undefined;
}
