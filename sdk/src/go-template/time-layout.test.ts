import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { durationText, formatTime, parseTime, RFC3339_NANO } from './time-layout.ts';
import { checkZone } from './time-zone.ts';
import type { GoTime } from './value.ts';

function timeOf(text: string, zone = 'UTC'): GoTime {
  return { kind: 'time', nanoseconds: Temporal.Instant.from(text).epochNanoseconds, zone };
}

test('every part of a layout is written, and other text stays', () => {
  const time = timeOf('2026-03-05T04:07:09.012345678Z');
  const cases = {
    '2006-01-02T15:04:05.000Z07:00': '2026-03-05T04:07:09.012Z',
    'Monday, 2 January 06 3:4:5 PM pm': 'Thursday, 5 March 26 4:7:9 AM am',
    'Mon Jan _2 03:04 MST -0700 -07 -07:00:00': 'Thu Mar  5 04:07 UTC +0000 +00 +00:00:00',
    '002 __2 .999999999 ,000 Z0700': '064  64 .012345678 ,012 Z',
    'at January-uary Janet Monk': 'at March-uary Janet Monk',
    _2006: '_2026',
  };
  for (const [layout, text] of Object.entries(cases)) assert.equal(formatTime(time, layout), text, layout);
});

test('a time in a zone has the clock and the name of that zone', () => {
  const layout = '2006-01-02 15:04 MST -07:00';
  assert.equal(
    formatTime(timeOf('2026-07-01T00:30:00Z', 'Europe/Berlin'), layout),
    '2026-07-01 02:30 CEST +02:00',
  );
  assert.equal(
    formatTime(timeOf('2026-12-01T00:30:00Z', 'America/New_York'), layout),
    '2026-11-30 19:30 EST -05:00',
  );
  assert.throws(() => checkZone('Mars/Base'), /there is no time zone Mars\/Base/);
  assert.throws(() => checkZone('+02:00'), /there is no time zone/);
});

test('what a layout writes it reads again', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('2200-01-01'), noInvalidDate: true }),
      (date) => {
        const time = timeOf(date.toISOString());
        assert.deepEqual(parseTime(RFC3339_NANO, formatTime(time, RFC3339_NANO)), time);
        const words = 'Monday, 02-Jan-2006 15:04:05.000 MST';
        assert.deepEqual(parseTime(words, formatTime(time, words)), time);
      },
    ),
  );
});

test('a text of another layout is refused', () => {
  for (const [layout, text] of [
    ['2006-01-02', '2026-13-01'],
    ['2006-01-02', '2026-02-30'],
    ['2006-01-02', '26-01-01'],
    ['15:04', '24:00'],
    ['2006', 'x'],
  ] as const) {
    assert.throws(() => parseTime(layout, text), /cannot read/);
  }
});

test('durations print as in Go', () => {
  const cases: readonly (readonly [bigint, string])[] = [
    [0n, '0s'],
    [1n, '1ns'],
    [1_500n, '1.5µs'],
    [2_000_000n, '2ms'],
    [1_000_000_000n, '1s'],
    [3_723_500_000_000n, '1h2m3.5s'],
    [-60_000_000_000n, '-1m0s'],
  ];
  for (const [nanoseconds, text] of cases)
    assert.equal(durationText({ kind: 'duration', nanoseconds }), text);
});
