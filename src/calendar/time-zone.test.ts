import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { anyInstant, anyZone, at, readByIntl, shownIn, ZONES } from './testing/instants.ts';
import { CalendarError } from './calendar-error.ts';
import { latestWallClock, offsetSpanAt, reachedAt, readTimeZone, wallClockAt } from './time-zone.ts';
import { epochDayOf, minuteOf } from './wall-clock.ts';

test('a wall clock shows what Intl says, in any order of questions', () => {
  fc.assert(
    fc.property(anyZone, anyInstant, (zone, now) => {
      const wallClock = wallClockAt(zone, now);
      const date = new Date(wallClock);
      const { year, month, day, minute } = readByIntl(zone, now);
      assert.deepEqual(
        [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate(), minuteOf(wallClock)],
        [year, month, day, minute],
      );
    }),
    { numRuns: 1_000 },
  );
});

test('a span begins with a change of the clocks and ends before the next', () => {
  const { from, until, offsetMs } = offsetSpanAt('Europe/Berlin', at('2026-07-01T00:00Z'));
  assert.deepEqual([from, until, offsetMs], [at('2026-03-29T01:00Z'), at('2026-10-25T01:00Z'), 7_200_000]);
  assert.equal(offsetSpanAt('Europe/Berlin', from).from, from);
  assert.equal(offsetSpanAt('Europe/Berlin', from - 1).until, from);
  // Nothing was asked about this zone before, so no memory answers.
  const change = at('2026-03-08T08:00Z');
  assert.equal(offsetSpanAt('America/Chicago', change).from, change);
  assert.deepEqual(offsetSpanAt('UTC', 0), { from: -Infinity, until: Infinity, offsetMs: 0 });
});

test('more changes than are remembered are still answered', () => {
  for (let year = 1990; year < 2300; year++)
    assert.equal(
      offsetSpanAt('America/New_York', Date.UTC(year, 6, 1)).offsetMs,
      -4 * 3_600_000,
      String(year),
    );
});

test('a reading that is left out is reached when the clocks change, a repeated one the first time', () => {
  const cases: readonly [zone: string, reading: string, reached: string][] = [
    ['Europe/Berlin', '2026-03-29T02:30Z', '2026-03-29T03:00+02:00'],
    ['Europe/Berlin', '2026-03-29T03:30Z', '2026-03-29T03:30+02:00'],
    ['Europe/Berlin', '2026-10-25T02:30Z', '2026-10-25T02:30+02:00'],
    ['Europe/Berlin', '2026-10-25T03:00Z', '2026-10-25T03:00+01:00'],
    ['Australia/Lord_Howe', '2026-10-04T02:15Z', '2026-10-04T02:30+11:00'],
    ['Australia/Lord_Howe', '2026-04-05T01:45Z', '2026-04-05T01:45+11:00'],
    ['Pacific/Apia', '2011-12-30T12:00Z', '2011-12-31T00:00+14:00'],
    ['UTC', '2026-03-29T02:30Z', '2026-03-29T02:30+00:00'],
  ];
  for (const [zone, reading, reached] of cases)
    assert.equal(shownIn(zone, reachedAt(zone, at(reading))), reached, `${zone} ${reading}`);
});

test('a reading has been reached exactly when it is not later than the latest one', () => {
  const distance = fc.integer({ min: -30 * 3_600_000, max: 30 * 3_600_000 });
  fc.assert(
    fc.property(anyZone, anyInstant, distance, (zone, now, ms) => {
      const reading = wallClockAt(zone, now) + ms;
      assert.equal(reachedAt(zone, reading) <= now, reading <= latestWallClock(zone, now));
    }),
    { numRuns: 2_000 },
  );
});

test('what a wall clock shows has been reached by then, and is shown when it is reached', () => {
  fc.assert(
    fc.property(anyZone, anyInstant, (zone, now) => {
      const reached = reachedAt(zone, wallClockAt(zone, now));
      assert.ok(reached <= now);
      assert.equal(wallClockAt(zone, reached), wallClockAt(zone, now));
    }),
    { numRuns: 1_000 },
  );
});

test('the names of zones are read in any case and get their canonical one', () => {
  assert.equal(readTimeZone('europe/BERLIN', ''), 'Europe/Berlin');
  for (const zone of ZONES) assert.equal(readTimeZone(zone, ''), zone);
});

test('what is not a zone of the IANA database is refused', () => {
  for (const name of ['Mars/Olympus', '', '+02:00', '-05', 'CEST', 'Europe/Berlin ', 'x'.repeat(1e6)]) {
    assert.throws(
      () => readTimeZone(name, 'location'),
      (error) =>
        error instanceof CalendarError && error.code === 'unknown_time_zone' && error.field === 'location',
      name.slice(0, 20),
    );
  }
  assert.throws(() => readTimeZone(2, 'location'), { code: 'wrong_type' });
});

test('days count from 1970 on, also backwards', () => {
  assert.equal(epochDayOf(0), 0);
  assert.equal(epochDayOf(-1), -1);
  assert.equal(minuteOf(-60_000), 1_439);
});
