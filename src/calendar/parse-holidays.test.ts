import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isOpen } from './business-hours.ts';
import { CalendarError, type CalendarErrorCode } from './calendar-error.ts';
import { holidayOn, holidaysOf, joinCalendars, NO_HOLIDAYS } from './holidays.ts';
import { parseBusinessHours } from './parse-business-hours.ts';
import { parseHolidays } from './parse-holidays.ts';
import { at } from './testing/instants.ts';
import { findTimeZone } from './time-zone.ts';
import { WINDOWS_ZONES } from './windows-zones.ts';

/** A calendar of events, each given by its lines, with what stands before them. */
function calendar(events: readonly (readonly string[])[], before: readonly string[] = []): string {
  const lines = events.flatMap((event) => ['BEGIN:VEVENT', ...event, 'END:VEVENT']);
  return [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Example//EN',
    ...before,
    ...lines,
    'END:VCALENDAR',
  ].join('\r\n');
}

/** The dates of the holidays of some years. */
function dates(text: string, ...years: readonly number[]): readonly string[] {
  const { calendar: parsed } = parseHolidays(text);
  return years.flatMap((year) => holidaysOf(parsed, year).map(({ date }) => date));
}

const BERLIN_OUTLOOK = [
  'BEGIN:VTIMEZONE',
  'TZID:W. Europe Standard Time',
  'BEGIN:STANDARD',
  'DTSTART:16010101T030000',
  'TZOFFSETFROM:+0200',
  'TZOFFSETTO:+0100',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10',
  'END:STANDARD',
  'BEGIN:DAYLIGHT',
  'DTSTART:16010101T020000',
  'TZOFFSETFROM:+0100',
  'TZOFFSETTO:+0200',
  'RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3',
  'END:DAYLIGHT',
  'END:VTIMEZONE',
];

test('an all-day event is a holiday with its name', () => {
  const text = calendar([
    ['DTSTART;VALUE=DATE:20261225', 'DTEND;VALUE=DATE:20261226', 'SUMMARY:Christmas\\, first day'],
  ]);
  assert.deepEqual(holidaysOf(parseHolidays(text).calendar, 2026), [
    { date: '2026-12-25', name: 'Christmas, first day' },
  ]);
});

test('the end of an event is the day after its last', () => {
  const cases: readonly [lines: readonly string[], expected: readonly string[]][] = [
    [['DTEND;VALUE=DATE:20260104'], ['2026-01-02', '2026-01-03']],
    [['DURATION:P2D'], ['2026-01-02', '2026-01-03']],
    [['DURATION:PT48H'], ['2026-01-02', '2026-01-03']],
    [['DTEND;VALUE=DATE:20260102'], ['2026-01-02']],
    [[], ['2026-01-02']],
  ];
  for (const [lines, expected] of cases)
    assert.deepEqual(dates(calendar([['DTSTART;VALUE=DATE:20260102', ...lines]]), 2026), expected);
  assert.equal(dates(calendar([['DTSTART;VALUE=DATE:20260102', 'DURATION:P1W']]), 2026).length, 7);
});

test('an event over the turn of the year is in both years', () => {
  const text = calendar([['DTSTART;VALUE=DATE:20261231', 'DTEND;VALUE=DATE:20270102', 'RRULE:FREQ=YEARLY']]);
  assert.deepEqual(dates(text, 2026), ['2026-12-31']);
  assert.deepEqual(dates(text, 2027), ['2027-01-01', '2027-12-31']);
});

test('a rule is followed year after year, without what is excluded and with what is added', () => {
  const text = calendar([
    [
      'DTSTART;VALUE=DATE:20261225',
      'RRULE:FREQ=YEARLY',
      'EXDATE;VALUE=DATE:20271225,20281225',
      'RDATE;VALUE=DATE:20270101',
    ],
  ]);
  assert.deepEqual(dates(text, 2025, 2026, 2027, 2028, 2029), ['2026-12-25', '2027-01-01', '2029-12-25']);
  assert.deepEqual(dates(text, 2099, 2100), ['2099-12-25']);
});

test('rules of weekdays and rules with an end are followed', () => {
  const labourDay = calendar([
    ['DTSTART;VALUE=DATE:20260907', 'RRULE:FREQ=YEARLY;BYMONTH=9;BYDAY=1MO;WKST=SU'],
  ]);
  assert.deepEqual(dates(labourDay, 2026, 2027, 2028), ['2026-09-07', '2027-09-06', '2028-09-04']);
  const ended = calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;UNTIL=20270101']]);
  assert.deepEqual(dates(ended, 2026, 2027, 2028), ['2026-01-01', '2027-01-01']);
  const counted = calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;COUNT=1']]);
  assert.deepEqual(dates(counted, 2026, 2027), ['2026-01-01']);
  const leapDay = calendar([['DTSTART;VALUE=DATE:20280229', 'RRULE:FREQ=YEARLY']]);
  assert.deepEqual(dates(leapDay, 2028, 2029, 2032), ['2028-02-29', '2032-02-29']);
});

test('a changed occurrence stands for the one of its event, and a cancelled one for none', () => {
  const text = calendar([
    ['UID:a', 'DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY', 'SUMMARY:May Day'],
    ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270503', 'SUMMARY:May Day, later'],
    ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20280501', 'DTSTART;VALUE=DATE:20280501', 'STATUS:CANCELLED'],
    ['UID:b', 'DTSTART;VALUE=DATE:20260601', 'STATUS:CANCELLED'],
  ]);
  assert.deepEqual(dates(text, 2026, 2027, 2028, 2029), ['2026-05-01', '2027-05-03', '2029-05-01']);
});

test('a changed occurrence on its own day has its own name', () => {
  const text = calendar([
    ['UID:a', 'DTSTART;VALUE=DATE:20260501', 'RRULE:FREQ=YEARLY', 'SUMMARY:May Day'],
    ['UID:a', 'RECURRENCE-ID;VALUE=DATE:20270501', 'DTSTART;VALUE=DATE:20270501', 'SUMMARY:Jubilee'],
  ]);
  assert.deepEqual(holidaysOf(parseHolidays(text).calendar, 2027), [{ date: '2027-05-01', name: 'Jubilee' }]);
});

test('an event from midnight to midnight in its zone is all-day, whatever the zone is called', () => {
  for (const tzid of [
    'Europe/Berlin',
    '"/example.org/20050126_1/Europe/Berlin"',
    'W. Europe Standard Time',
  ]) {
    const text = calendar(
      [
        [
          `DTSTART;TZID=${tzid}:20260703T000000`,
          `DTEND;TZID=${tzid}:20260704T000000`,
          // Midnight of 3 July in Berlin, so that day is still in.
          'RRULE:FREQ=YEARLY;UNTIL=20280702T220000Z',
          `EXDATE;TZID=${tzid}:20270703T000000`,
        ],
      ],
      BERLIN_OUTLOOK,
    );
    assert.deepEqual(dates(text, 2026, 2027, 2028, 2029), ['2026-07-03', '2028-07-03'], tzid);
  }
});

test('times in UTC are read in the zone of the calendar', () => {
  const event = ['DTSTART:20261224T230000Z', 'DTEND:20261225T230000Z'];
  assert.deepEqual(dates(calendar([event], ['X-WR-TIMEZONE:Europe/Berlin']), 2026), ['2026-12-25']);
  assert.deepEqual(parseHolidays(calendar([event])).skipped, [{ index: 0, reason: 'not_all_day' }]);
  const midnight = ['DTSTART:20261225T000000Z', 'DTEND:20261226T000000Z'];
  assert.deepEqual(dates(calendar([midnight]), 2026), ['2026-12-25']);
});

test('a zone of an invented name is what its description says', () => {
  const describe = (lines: readonly string[]) => ['BEGIN:VTIMEZONE', 'TZID:Ours', ...lines, 'END:VTIMEZONE'];
  const standard = ['BEGIN:STANDARD', 'DTSTART:19700101T000000', 'TZOFFSETFROM:+0900', 'TZOFFSETTO:+0900'];
  const event = [
    'DTSTART;TZID=Ours:20260101T000000',
    'DURATION:P1D',
    'RRULE:FREQ=YEARLY;UNTIL=20271231T150000Z',
  ];
  const days = ['2026-01-01', '2027-01-01', '2028-01-01'];
  for (const lines of [['X-LIC-LOCATION:Asia/Tokyo'], [...standard, 'END:STANDARD']])
    assert.deepEqual(dates(calendar([event], describe(lines)), 2026, 2027, 2028), days);
  const changing = [...standard, 'END:STANDARD', 'BEGIN:DAYLIGHT', 'TZOFFSETTO:+1000', 'END:DAYLIGHT'];
  assert.deepEqual(parseHolidays(calendar([event], describe(changing))).skipped, [
    { index: 0, reason: 'unknown_time_zone' },
  ]);
});

test('an event whose days depend on an unknown zone is skipped, one whose days do not is not', () => {
  const text = calendar([
    ['DTSTART;TZID=Mars:20260101T000000', 'DURATION:P1D'],
    ['DTSTART;TZID=constructor:20260201T000000', 'DTEND:20260202T000000Z'],
    ['DTSTART;TZID=Mars:20260301T000000', 'DURATION:P1D', 'RRULE:FREQ=YEARLY;UNTIL=20270301T000000Z'],
    ['DTSTART;VALUE=DATE:20260401'],
  ]);
  assert.deepEqual(dates(text, 2026), ['2026-01-01', '2026-04-01']);
  assert.deepEqual(
    parseHolidays(text).skipped,
    [1, 2].map((index) => ({ index, reason: 'unknown_time_zone' })),
  );
});

test('what is not all-day is skipped and said so', () => {
  const text = calendar([
    ['DTSTART;TZID=Europe/Berlin:20260101T090000', 'DTEND;TZID=Europe/Berlin:20260101T170000'],
    ['DTSTART;TZID=Europe/Berlin:20260101T000000'],
    ['DTSTART;VALUE=DATE:20260105', 'DTEND;VALUE=DATE:20260101'],
    ['DTSTART;VALUE=DATE:20260106', 'RECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260105'],
  ]);
  assert.deepEqual(parseHolidays(text), {
    calendar: NO_HOLIDAYS,
    skipped: [
      { index: 0, reason: 'not_all_day' },
      { index: 1, reason: 'not_all_day' },
      { index: 2, reason: 'not_all_day' },
      { index: 3, reason: 'this_and_future' },
    ],
  });
});

test('the first of two names for a day stays, also when calendars are joined', () => {
  const first = calendar([
    ['DTSTART;VALUE=DATE:20260501', 'SUMMARY:Labour Day'],
    ['DTSTART;VALUE=DATE:20260501', 'SUMMARY:May Day'],
  ]);
  const second = calendar([['DTSTART;VALUE=DATE:20260501'], ['DTSTART;VALUE=DATE:20260502', 'SUMMARY:Two']]);
  const joined = joinCalendars([first, second].map((text) => parseHolidays(text).calendar));
  assert.deepEqual(
    holidaysOf(joined, 2026).map(({ name }) => name),
    ['Labour Day', 'Two'],
  );
  assert.equal(holidayOn(joined, at('2026-05-02T00:00Z') / 86_400_000)?.date, '2026-05-02');
});

test('offices close on the holidays of a calendar, by the local date of the office', () => {
  const { calendar: holidays } = parseHolidays(
    calendar([['DTSTART;VALUE=DATE:20261225', 'RRULE:FREQ=YEARLY']]),
  );
  const hours = parseBusinessHours(
    { time_zone: 'Pacific/Apia', hours: { fri: ['00:00-24:00'], sat: ['00:00-24:00'] } },
    { calendars: [holidays] },
  );
  assert.equal(isOpen(hours, at('2026-12-25T23:59+13:00')), false);
  assert.equal(isOpen(hours, at('2026-12-26T00:00+13:00')), true);
});

const MANY_DAYS = calendar(
  Array.from({ length: 150 }, () => ['DTSTART;VALUE=DATE:20260101', 'DURATION:P366D']),
);
const REFUSED: readonly (readonly [title: string, text: string, CalendarErrorCode, field: string])[] = [
  ['an empty text', '', 'bad_calendar', ''],
  ['a page that is not a calendar', '<!doctype html>', 'bad_calendar', ''],
  ['a card', 'BEGIN:VCARD\r\nVERSION:4.0\r\nFN:A\r\nEND:VCARD', 'bad_calendar', ''],
  ['a calendar that breaks off', 'BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n', 'bad_calendar', ''],
  ['a text of megabytes', ' '.repeat(1_048_577), 'too_large', ''],
  ['an event without a start', calendar([['SUMMARY:x']]), 'bad_calendar', 'vevent[0]'],
  ['a date that is none', calendar([['DTSTART;VALUE=DATE:2026']]), 'bad_calendar', 'vevent[0].dtstart'],
  ['a day that is none', calendar([['DTSTART;VALUE=DATE:20260230']]), 'bad_calendar', 'vevent[0].dtstart'],
  ['a month that is none', calendar([['DTSTART;VALUE=DATE:20261301']]), 'bad_calendar', 'vevent[0].dtstart'],
  [
    'a frequency that is none',
    calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=OFTEN']]),
    'bad_calendar',
    '',
  ],
  [
    'a rule by the second',
    calendar([['DTSTART;VALUE=DATE:20260101'], ['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=SECONDLY']]),
    'bad_rule',
    'vevent[1].rrule',
  ],
  [
    'a rule by the hour',
    calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=HOURLY']]),
    'bad_rule',
    'vevent[0].rrule',
  ],
  [
    'two rules',
    calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY', 'RRULE:FREQ=MONTHLY']]),
    'bad_rule',
    'vevent[0]',
  ],
  [
    'a rule that never occurs',
    calendar([['DTSTART;VALUE=DATE:20260101', 'RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30']]),
    'never_occurs',
    'vevent[0].rrule',
  ],
  [
    'an event of years',
    calendar([['DTSTART;VALUE=DATE:20260101', 'DTEND;VALUE=DATE:20280101']]),
    'too_large',
    'vevent[0]',
  ],
  ['too many events', calendar(Array.from({ length: 5_001 }, () => ['SUMMARY:x'])), 'too_large', ''],
  ['too many days', MANY_DAYS, 'too_large', ''],
  [
    'a holiday every day',
    calendar([['DTSTART;VALUE=DATE:20260101', 'DURATION:P2D', 'RRULE:FREQ=DAILY']]),
    'too_large',
    '',
  ],
];

for (const [title, text, code, field] of REFUSED) {
  test(`${title} is refused with ${code}`, () => {
    assert.throws(
      () => parseHolidays(text),
      (error) => error instanceof CalendarError && error.code === code && error.field === field,
    );
  });
}

test('a text that is nested deeply is read', () => {
  const nested = (tag: string) => new Array<string>(20_000).fill(`${tag}:X-DEEP`);
  const text = calendar([['DTSTART;VALUE=DATE:20260101']], [...nested('BEGIN'), ...nested('END')]);
  assert.deepEqual(dates(text, 2026), ['2026-01-01']);
});

test('no text makes the parser fail otherwise', () => {
  const line = fc.oneof(
    fc.constantFrom(
      'BEGIN:VEVENT',
      'END:VEVENT',
      'BEGIN:VTIMEZONE',
      'END:VTIMEZONE',
      'DTSTART;VALUE=DATE:20260101',
      'DTSTART;TZID=Europe/Berlin:20260101T000000',
      'DTEND:20260102T000000Z',
      'RRULE:FREQ=YEARLY;COUNT=3',
      'EXDATE:20260101',
      'RDATE;VALUE=PERIOD:20260101T000000Z/P1D',
      'DURATION:P1D',
      'TZID:Europe/Berlin',
      'RECURRENCE-ID:20260101T000000',
    ),
    fc
      .tuple(
        fc.constantFrom('DTSTART', 'DTEND', 'RRULE', 'EXDATE', 'DURATION', 'RDATE', 'X-WR-TIMEZONE', 'TZID'),
        fc.string({ maxLength: 20 }),
      )
      .map((parts) => parts.join(':')),
    fc.string({ maxLength: 20 }),
  );
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (lines) => {
      for (const text of [
        calendar([lines]),
        calendar([], lines),
        calendar([['DTSTART;VALUE=DATE:20260101', ...lines]]),
      ]) {
        try {
          assert.ok(parseHolidays(text).calendar.days.size >= 0);
        } catch (error) {
          assert.ok(error instanceof CalendarError, String(error));
        }
      }
    }),
    { numRuns: 1_000 },
  );
});

test('every zone of Windows is one of the IANA database', () => {
  for (const [name, zone] of WINDOWS_ZONES) assert.notEqual(findTimeZone(zone), undefined, name);
});
