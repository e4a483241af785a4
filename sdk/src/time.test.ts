import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { utcTime } from './time.ts';

test('[VPA-030] times of any offset, notation and unit come out as RFC 3339 in UTC', () => {
  const cases: [unknown, string | undefined][] = [
    ['2024-01-15T10:30:00Z', '2024-01-15T10:30:00Z'],
    ['2026-05-05T13:04:57.62281314Z', '2026-05-05T13:04:57.62281314Z'],
    ['2017-08-03T15:17:37.804-04:00', '2017-08-03T19:17:37.804Z'],
    ['2024-01-15T10:30:00+0530', '2024-01-15T05:00:00.000Z'],
    ['2022-08-26 01:02:24.573', '2022-08-26T01:02:24.573Z'],
    ['2026.03.03 10:11:12', '2026-03-03T10:11:12.000Z'],
    ['2025-02-15 14:59:03 +0000 UTC', '2025-02-15T14:59:03.000Z'],
    ['2024-01-15', '2024-01-15T00:00:00.000Z'],
    ['2024-02-28T24:00:00Z', '2024-02-29T00:00:00.000Z'],
    [1498861543, '2017-06-30T22:25:43.000Z'],
    ['1772532671000', '2026-03-03T10:11:11.000Z'],
    [1507591916746609, '2017-10-09T23:31:56.746Z'],
    [1507591916746609000n, '2017-10-09T23:31:56.746Z'],
  ];
  for (const [given, expected] of cases) assert.equal(utcTime(given), expected, String(given));
});

test('a time without an offset belongs to the zone that is named, daylight saving included', () => {
  assert.equal(utcTime('2026-03-03 10:11:12', 'Europe/Berlin'), '2026-03-03T09:11:12.000Z');
  assert.equal(utcTime('2026-07-03 10:11:12', 'Europe/Berlin'), '2026-07-03T08:11:12.000Z');
  assert.equal(utcTime('2026-07-03T10:11:12Z', 'Europe/Berlin'), '2026-07-03T10:11:12Z');
  assert.throws(() => utcTime('2026-07-03 10:11:12', 'Mars/Base'), RangeError);
});

test('what is no time, and the zero time that stands for none, is undefined', () => {
  const none = [
    '0001-01-01T00:00:00Z',
    '0001-01-01T00:00:00.000+00:00',
    0,
    '0',
    '',
    'soon',
    '2024-02-31T00:00:00Z',
  ];
  for (const given of [...none, '2024-13-01', '10:11', NaN, Infinity, null, undefined, {}, '1'.repeat(500)]) {
    assert.equal(utcTime(given), undefined, JSON.stringify(given));
  }
});

test('any moment survives, and any text is either a valid time or undefined', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1971-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }),
      (date) => {
        assert.equal(utcTime(date.toISOString()), date.toISOString());
        assert.equal(utcTime(date.getTime()), date.toISOString());
      },
    ),
  );
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.double(), fc.stringMatching(/^[-0-9T:.Z+ /]{0,40}$/)), (given) => {
      const time = utcTime(given);
      if (time !== undefined) assert.ok(!Number.isNaN(Date.parse(time)), time);
    }),
  );
});
