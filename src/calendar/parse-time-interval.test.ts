import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CalendarError, type CalendarErrorCode } from './calendar-error.ts';
import { parseTimeInterval } from './parse-time-interval.ts';

test('every field is read into ranges of numbers', () => {
  const raw = {
    times: [{ start_time: '00:00', end_time: '24:00' }],
    weekdays: ['Monday:FRIDAY', 'sunday'],
    days_of_month: ['1:-1', -3, '+5'],
    months: ['january:march', '12'],
    years: ['2020:2025', 2030],
    location: 'europe/berlin',
  };
  assert.deepEqual(parseTimeInterval(raw), {
    times: [{ startMinute: 0, endMinute: 1_440 }],
    weekdays: [
      { begin: 1, end: 5 },
      { begin: 0, end: 0 },
    ],
    daysOfMonth: [
      { begin: 1, end: -1 },
      { begin: -3, end: -3 },
      { begin: 5, end: 5 },
    ],
    months: [
      { begin: 1, end: 3 },
      { begin: 12, end: 12 },
    ],
    years: [
      { begin: 2020, end: 2025 },
      { begin: 2030, end: 2030 },
    ],
    timeZone: 'Europe/Berlin',
  });
});

test('without a location times are in UTC', () => {
  for (const raw of [{}, { location: null }, { location: '' }, { location: 'UTC' }])
    assert.deepEqual(parseTimeInterval(raw), { timeZone: 'UTC' });
});

test('the location Local is the zone that the caller names', () => {
  assert.equal(
    parseTimeInterval({ location: 'Local' }, { localTimeZone: 'Asia/Kolkata' }).timeZone,
    'Asia/Kolkata',
  );
  assert.throws(() => parseTimeInterval({ location: 'Local' }), { code: 'unknown_time_zone' });
});

const REFUSED: readonly [raw: unknown, code: CalendarErrorCode, field: string][] = [
  [null, 'wrong_type', ''],
  [[], 'wrong_type', ''],
  ['monday', 'wrong_type', ''],
  [{ time_zone: 'UTC' }, 'unknown_field', ''],
  [{ times: {} }, 'wrong_type', 'times'],
  [{ times: ['09:00'] }, 'wrong_type', 'times[0]'],
  [{ times: [{ start_time: '09:00' }] }, 'missing', 'times[0].end_time'],
  [{ times: [{ start_time: '', end_time: '10:00' }] }, 'missing', 'times[0].start_time'],
  [{ times: [{ start_time: '01:99', end_time: '23:59' }] }, 'bad_value', 'times[0].start_time'],
  [{ times: [{ start_time: '9:00', end_time: '10:00' }] }, 'bad_value', 'times[0].start_time'],
  [{ times: [{ start_time: '12:30', end_time: '24:01' }] }, 'bad_value', 'times[0].end_time'],
  [{ times: [{ start_time: '12:30', end_time: 1_400 }] }, 'bad_value', 'times[0].end_time'],
  [{ times: [{ start_time: '17:31', end_time: '17:31' }] }, 'bad_value', 'times[0]'],
  [{ times: [{ start_time: '24:00', end_time: '17:41' }] }, 'bad_value', 'times[0]'],
  [{ times: [{ start_time: '09:00', end_time: '10:00', zone: 'UTC' }] }, 'unknown_field', 'times[0]'],
  [{ weekdays: ['friday:monday'] }, 'bad_value', 'weekdays[0]'],
  [{ weekdays: ['monday', 'mon'] }, 'bad_value', 'weekdays[1]'],
  [{ weekdays: ['1:3'] }, 'bad_value', 'weekdays[0]'],
  [{ weekdays: ['monday : friday'] }, 'bad_value', 'weekdays[0]'],
  [{ weekdays: ['monday:tuesday:friday'] }, 'bad_value', 'weekdays[0]'],
  [{ weekdays: [null] }, 'wrong_type', 'weekdays[0]'],
  [{ days_of_month: ['0'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['-50:-20'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['1:50'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['-15:5'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['-25:5'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['10:-25'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: ['1.5'] }, 'bad_value', 'days_of_month[0]'],
  [{ days_of_month: [''] }, 'bad_value', 'days_of_month[0]'],
  [{ months: ['december:january'] }, 'bad_value', 'months[0]'],
  [{ months: ['martius'] }, 'bad_value', 'months[0]'],
  [{ years: ['2022:2020'] }, 'bad_value', 'years[0]'],
  [{ years: ['2022:'] }, 'bad_value', 'years[0]'],
  [{ years: new Array(1_001).fill('2026') }, 'too_large', 'years'],
  [{ location: 'Mars/Olympus' }, 'unknown_time_zone', 'location'],
  [{ location: 3 }, 'wrong_type', 'location'],
];

for (const [raw, code, field] of REFUSED) {
  const text = JSON.stringify(raw).slice(0, 60);
  test(`the interval ${text} is refused with ${code} at ${field || 'the whole'}`, () => {
    assert.throws(
      () => parseTimeInterval(raw),
      (error) => error instanceof CalendarError && error.code === code && error.field === field,
    );
  });
}

test('an error names the place of the interval and never repeats what was written', () => {
  const parse = () => parseTimeInterval({ weekdays: ['s3cret'] }, { field: 'time_intervals.nights[2]' });
  assert.throws(parse, { field: 'time_intervals.nights[2].weekdays[0]' });
  assert.throws(parse, (error: Error) => !error.message.includes('s3cret'));
});

test('whatever is written, reading it gives an interval or an error of this kind', () => {
  const item = fc.oneof(fc.anything(), fc.stringMatching(/^[-0-9:a-z+]{0,12}$/), fc.integer());
  const raw = fc.oneof(
    fc.anything(),
    fc.dictionary(
      fc.constantFrom('times', 'weekdays', 'days_of_month', 'months', 'years', 'location'),
      fc.oneof(fc.array(item), item),
    ),
  );
  fc.assert(
    fc.property(raw, (written) => {
      try {
        assert.equal(typeof parseTimeInterval(written).timeZone, 'string');
      } catch (error) {
        assert.ok(error instanceof CalendarError, String(error));
      }
    }),
    { numRuns: 2_000 },
  );
});
