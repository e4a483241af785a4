import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CalendarError, type CalendarErrorCode } from './calendar-error.ts';
import { anyInstant, anyZone, at, shownIn } from './testing/instants.ts';
import {
  activeUntil,
  checkWindow,
  nextOccurrence,
  type MaintenanceWindow,
  type RecurringWindow,
} from './window.ts';

const BERLIN = 'Europe/Berlin';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

function weekly(changes: Partial<RecurringWindow> = {}): RecurringWindow {
  return {
    startsAt: at('2026-01-04T22:00+01:00'),
    rrule: 'FREQ=WEEKLY;BYDAY=SU',
    durationMs: 4 * HOUR_MS,
    timeZone: BERLIN,
    ...changes,
  };
}

/** When the occurrence that holds the instant ends, as people in Berlin read it. */
function endShown(window: MaintenanceWindow, instant: string): string | undefined {
  return shownIn(BERLIN, activeUntil(window, at(instant)));
}

function startShown(window: MaintenanceWindow, instant: string): string | undefined {
  return shownIn(BERLIN, nextOccurrence(window, at(instant))?.startsAt);
}

test('a single window holds from its start until just before its end', () => {
  const window = { startsAt: 1_000, endsAt: 2_000 };
  assert.deepEqual(
    [999, 1_000, 1_999, 2_000].map((now) => activeUntil(window, now)),
    [undefined, 2_000, 2_000, undefined],
  );
  assert.deepEqual(nextOccurrence(window, 999), window);
  assert.equal(nextOccurrence(window, 1_000), undefined);
});

test('a recurring window keeps its local time in summer and winter', () => {
  assert.equal(endShown(weekly(), '2026-01-11T21:59:59+01:00'), undefined);
  assert.equal(endShown(weekly(), '2026-01-11T22:00+01:00'), '2026-01-12T02:00+01:00');
  assert.equal(endShown(weekly(), '2026-07-05T22:00+02:00'), '2026-07-06T02:00+02:00');
  assert.equal(endShown(weekly(), '2026-07-06T02:00+02:00'), undefined);
  assert.equal(startShown(weekly(), '2026-07-05T22:00+02:00'), '2026-07-12T22:00+02:00');
});

test('nothing occurs before the start or after the end of the rule', () => {
  const window = weekly({ rrule: 'FREQ=WEEKLY;BYDAY=SU;UNTIL=20260118T210000Z' });
  assert.equal(endShown(window, '2025-12-28T23:00+01:00'), undefined);
  assert.equal(startShown(window, '2020-01-01T00:00Z'), '2026-01-04T22:00+01:00');
  assert.equal(endShown(window, '2026-01-18T23:00+01:00'), '2026-01-19T02:00+01:00');
  assert.equal(startShown(window, '2026-01-18T22:00+01:00'), undefined);
  assert.equal(endShown(window, '2026-01-25T23:00+01:00'), undefined);
});

test('an end of the rule is inclusive as a date, as a local time and in UTC', () => {
  const cases: readonly [until: string, last: string][] = [
    ['20260111', '2026-01-11T22:00+01:00'],
    ['20260111T220000', '2026-01-11T22:00+01:00'],
    ['20260111T210000Z', '2026-01-11T22:00+01:00'],
    ['20260111T205959Z', '2026-01-04T22:00+01:00'],
    ['20260110', '2026-01-04T22:00+01:00'],
  ];
  for (const [until, last] of cases) {
    const window = weekly({ rrule: `FREQ=WEEKLY;BYDAY=SU;UNTIL=${until}` });
    assert.equal(nextOccurrence(window, at(last)), undefined, until);
    assert.notEqual(activeUntil(window, at(last)), undefined, until);
  }
});

test('a counted rule ends after its last occurrence', () => {
  const window = weekly({ rrule: 'FREQ=WEEKLY;BYDAY=SU;COUNT=3' });
  assert.equal(startShown(window, '2026-01-12T00:00Z'), '2026-01-18T22:00+01:00');
  assert.equal(startShown(window, '2026-01-19T00:00Z'), undefined);
});

test('a start that is left out when clocks go forward is at that moment, and keeps its length', () => {
  const night = weekly({
    startsAt: at('2026-01-01T02:30+01:00'),
    rrule: 'FREQ=DAILY',
    durationMs: 2 * HOUR_MS,
  });
  assert.equal(startShown(night, '2026-03-29T00:00+01:00'), '2026-03-29T03:00+02:00');
  assert.equal(endShown(night, '2026-03-29T03:00+02:00'), '2026-03-29T05:00+02:00');
  assert.equal(endShown(night, '2026-03-29T01:59+01:00'), undefined);
  assert.equal(startShown(night, '2026-03-29T03:00+02:00'), '2026-03-30T02:30+02:00');
});

test('a start that is repeated when clocks go back is the first one, and only that', () => {
  const night = weekly({
    startsAt: at('2026-01-01T02:30+01:00'),
    rrule: 'FREQ=DAILY',
    durationMs: HOUR_MS / 2,
  });
  assert.equal(endShown(night, '2026-10-25T02:30+02:00'), '2026-10-25T02:00+01:00');
  assert.equal(endShown(night, '2026-10-25T02:30+01:00'), undefined);
  assert.equal(startShown(night, '2026-10-25T02:30+02:00'), '2026-10-26T02:30+01:00');
});

test('a window that begins in the second pass of a repeated hour does not begin in the first', () => {
  const window = weekly({ startsAt: at('2026-10-25T02:30+01:00'), rrule: 'FREQ=DAILY', durationMs: HOUR_MS });
  assert.equal(endShown(window, '2026-10-25T02:45+02:00'), undefined);
  assert.equal(startShown(window, '2026-10-25T02:45+02:00'), '2026-10-25T02:30+01:00');
  assert.equal(endShown(window, '2026-10-25T02:30+01:00'), '2026-10-25T03:30+01:00');
});

test('an occurrence lasts its elapsed time across a change of the clocks', () => {
  const window = weekly({
    startsAt: at('2026-01-03T22:00+01:00'),
    rrule: 'FREQ=DAILY',
    durationMs: 8 * HOUR_MS,
  });
  assert.equal(endShown(window, '2026-03-29T01:00+01:00'), '2026-03-29T07:00+02:00');
  assert.equal(endShown(window, '2026-10-25T01:00+02:00'), '2026-10-25T05:00+01:00');
});

test('of overlapping occurrences the latest decides', () => {
  const window = weekly({
    startsAt: at('2026-01-01T00:00+01:00'),
    rrule: 'FREQ=HOURLY',
    durationMs: 1.5 * HOUR_MS,
  });
  assert.equal(endShown(window, '2026-01-05T10:10+01:00'), '2026-01-05T11:30+01:00');
});

test('what is found forwards is found backwards, however far apart the occurrences are', () => {
  const window = weekly({
    startsAt: at('2026-01-01T03:00Z'),
    rrule: 'FREQ=DAILY;INTERVAL=25;BYMONTH=2;BYMONTHDAY=29',
    timeZone: 'UTC',
  });
  const next = nextOccurrence(window, at('2030-01-01T00:00Z'))!;
  assert.equal(shownIn('UTC', next.startsAt), '2032-02-29T03:00+00:00');
  assert.equal(activeUntil({ ...window }, next.startsAt), next.endsAt);
});

test('the last working day of a month is found', () => {
  const window = weekly({ rrule: 'RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1' });
  assert.equal(startShown(window, '2026-05-01T00:00Z'), '2026-05-29T22:00+02:00');
});

const REFUSED: readonly (readonly [title: string, MaintenanceWindow, CalendarErrorCode, field: string])[] = [
  ['an end before its start', { startsAt: 2, endsAt: 1 }, 'bad_value', 'endsAt'],
  ['a start that is no number', { startsAt: Number.NaN, endsAt: 1 }, 'bad_value', 'startsAt'],
  ['an end beyond all years', { startsAt: 1, endsAt: 8e15 }, 'bad_value', 'endsAt'],
  ['no duration', weekly({ durationMs: 0 }), 'bad_value', 'duration'],
  ['a duration of years', weekly({ durationMs: 400 * DAY_MS }), 'bad_value', 'duration'],
  ['an unknown zone', weekly({ timeZone: 'Mars/Olympus' }), 'unknown_time_zone', 'timeZone'],
  ...(
    [
      '',
      'FREQ=SECONDLY',
      'FREQ=FORTNIGHTLY',
      'INTERVAL=2',
      'FREQ=DAILY;INTERVAL=0',
      'FREQ=DAILY;INTERVAL=99999',
      'FREQ=HOURLY;INTERVAL=7',
      'FREQ=MINUTELY;INTERVAL=2880',
      'FREQ=DAILY;COUNT=100000',
      'FREQ=DAILY;COUNT=0',
      'FREQ=DAILY;COUNT=2;UNTIL=20270101',
      'FREQ=DAILY;FREQ=WEEKLY',
      'FREQ=DAILY;UNTIL=20260230',
      'FREQ=DAILY;UNTIL=tomorrow',
      'FREQ=DAILY;BYHOUR=24',
      'FREQ=DAILY;BYMONTH=-1',
      'FREQ=DAILY;BYMONTHDAY=0',
      'FREQ=DAILY;BYSECOND=30',
      'FREQ=DAILY;BYSETPOS=1',
      'FREQ=DAILY;BYDAY=1MO',
      'FREQ=WEEKLY;BYMONTHDAY=3',
      'FREQ=YEARLY;BYWEEKNO=53;BYDAY=SA',
      'FREQ=DAILY;WKST=XX',
      'FREQ=DAILY;X-MINE=1',
      'FREQ=DAILY\nDTSTART:20260101T000000Z',
      'RSCALE=CHINESE;FREQ=YEARLY',
      `FREQ=DAILY;BYMINUTE=${'1,'.repeat(5_000)}1`,
    ] as const
  ).map(
    (rrule) =>
      [`the rule ${JSON.stringify(rrule.slice(0, 40))}`, weekly({ rrule }), 'bad_rule', 'rrule'] as const,
  ),
  ...[
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30',
    'FREQ=MONTHLY;BYDAY=9MO',
    'FREQ=DAILY;INTERVAL=7;BYDAY=MO',
    'FREQ=MINUTELY;INTERVAL=1440;BYHOUR=3',
    'FREQ=DAILY;UNTIL=20251231',
    'FREQ=YEARLY;INTERVAL=60;BYMONTH=1;BYMONTHDAY=1',
    'FREQ=YEARLY;INTERVAL=10000;BYMONTH=2;BYMONTHDAY=30',
  ].map((rrule) => [`the endless search for ${rrule}`, weekly({ rrule }), 'never_occurs', 'rrule'] as const),
];

for (const [title, window, code, field] of REFUSED) {
  test(`${title} is refused with ${code}`, () => {
    const refused = (error: unknown) =>
      error instanceof CalendarError && error.code === code && error.field === field;
    assert.throws(() => checkWindow(window), refused);
    if ('rrule' in window) assert.throws(() => activeUntil(window, 0), refused);
  });
}

test('the name of a zone may be in any case', () => {
  assert.equal(
    endShown(weekly({ timeZone: 'europe/berlin' }), '2026-07-05T23:00+02:00'),
    '2026-07-06T02:00+02:00',
  );
});

const anyRule = fc.oneof(
  fc.integer({ min: 1, max: 9 }).map((interval) => ({
    rrule: `FREQ=DAILY;INTERVAL=${interval}`,
    occurs: (date: Temporal.PlainDate, start: Temporal.PlainDate) => start.until(date).days % interval === 0,
  })),
  fc.subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 }).map((days) => ({
    rrule: `FREQ=WEEKLY;BYDAY=${days.join()}`,
    occurs: (date: Temporal.PlainDate) =>
      days.includes(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'][date.dayOfWeek - 1]!),
  })),
  fc.integer({ min: 1, max: 31 }).map((day) => ({
    rrule: `FREQ=MONTHLY;BYMONTHDAY=${day}`,
    occurs: (date: Temporal.PlainDate) => date.day === day,
  })),
);

test('windows are where a naive walk over the days finds them', () => {
  const duration = fc.integer({ min: 1, max: 30 * 60 }).map((minutes) => minutes * 60_000);
  const later = fc.integer({ min: -DAY_MS, max: 20 * DAY_MS });
  fc.assert(
    fc.property(anyRule, anyZone, anyInstant, duration, later, (rule, timeZone, instant, durationMs, ms) => {
      const startsAt = Math.floor(instant / 60_000) * 60_000;
      const now = startsAt + ms;
      const window = { startsAt, rrule: rule.rrule, durationMs, timeZone };
      const starts = walkDays(timeZone, startsAt, rule.occurs, 80);
      const running = starts.findLast((start) => start <= now && now < start + durationMs);
      const next = starts.find((start) => start > now);
      assert.equal(activeUntil(window, now), running === undefined ? undefined : running + durationMs);
      assert.equal(nextOccurrence(window, now)?.startsAt, next);
    }),
    { numRuns: 500 },
  );
});

/** The starts of the first days, each by Temporal's own reading of local times. */
function walkDays(
  timeZone: string,
  startsAt: number,
  occurs: (date: Temporal.PlainDate, start: Temporal.PlainDate) => boolean,
  days: number,
): readonly number[] {
  const start = Temporal.Instant.fromEpochMilliseconds(startsAt).toZonedDateTimeISO(timeZone);
  return Array.from({ length: days }, (_, day) => start.toPlainDate().add({ days: day }))
    .filter((date) => occurs(date, start.toPlainDate()))
    .map((date) => {
      const local = date.toPlainDateTime(start.toPlainTime());
      const early = local.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
      const isLeftOut = !early.toPlainDateTime().equals(local);
      const reached = isLeftOut ? early.getTimeZoneTransition('next')! : early;
      return Math.max(reached.epochMilliseconds, startsAt);
    });
}

const anyPart = fc.oneof(
  fc.integer({ min: 1, max: 10_000 }).map((value) => `INTERVAL=${value}`),
  fc.constantFrom(2, 3, 6, 12, 24).map((value) => `INTERVAL=${value}`),
  fc.integer({ min: 1, max: 1_000 }).map((value) => `COUNT=${value}`),
  fc
    .subarray(['MO', '-1TU', 'WE', '5TH', 'FR', 'SA', 'SU'], { minLength: 1 })
    .map((days) => `BYDAY=${days.join()}`),
  fc
    .subarray(['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'], { minLength: 1 })
    .map((days) => `BYDAY=${days.join()}`),
  numbers('BYMONTH', 1, 12),
  numbers('BYMONTHDAY', -31, 31),
  numbers('BYYEARDAY', -366, 366),
  numbers('BYHOUR', 0, 23),
  numbers('BYMINUTE', 0, 59),
  numbers('BYSETPOS', -9, 9),
);
const anyHostileRule = fc
  .tuple(
    fc.constantFrom('YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'),
    fc.uniqueArray(anyPart, { maxLength: 4, selector: (part) => part.split('=')[0] }),
  )
  .map(([freq, parts]) => [`FREQ=${freq}`, ...parts].join(';'));

test('any rule is refused or answers consistently, far from its start as well', () => {
  const years = fc.integer({ min: 0, max: 60 });
  let answered = 0;
  fc.assert(
    fc.property(anyHostileRule, anyZone, anyInstant, years, (rrule, timeZone, startsAt, ahead) => {
      const window = { startsAt, rrule, durationMs: HOUR_MS, timeZone };
      const now = startsAt + ahead * 365 * DAY_MS;
      try {
        const next = nextOccurrence(window, now);
        if (next === undefined) return;
        answered++;
        assert.ok(next.startsAt > now && next.startsAt >= startsAt);
        assert.ok(activeUntil(window, next.startsAt)! >= next.endsAt);
        assert.equal(nextOccurrence(window, next.startsAt - 1)?.startsAt, next.startsAt);
        // The same window without what was remembered.
        assert.equal(nextOccurrence({ ...window }, now)?.startsAt, next.startsAt);
      } catch (error) {
        assert.ok(error instanceof CalendarError, String(error));
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(answered > 50, `only ${answered} rules were put to use`);
});

function numbers(name: string, least: number, most: number): fc.Arbitrary<string> {
  return fc
    .array(fc.integer({ min: least, max: most }), { minLength: 1, maxLength: 40 })
    .map((values) => `${name}=${values.join()}`);
}
