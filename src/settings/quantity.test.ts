import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatDuration, parseDuration, parseSize } from './quantity.ts';

test('durations are read as Prometheus reads them', () => {
  const cases: readonly [string, number | undefined][] = [
    ['0', 0],
    ['0s', 0],
    ['30s', 30_000],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['1w2d3h4m5s6ms', 788_645_006],
    ['1y', 31_536_000_000],
    ['', undefined],
    ['5', undefined],
    ['1.5h', undefined],
    ['30m1h', undefined],
    ['-1s', undefined],
    ['1s ', undefined],
    ['1H', undefined],
    ['5m\n', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseDuration(text), expected, JSON.stringify(text));
});

test('a duration that is printed is read back the same', () => {
  fc.assert(
    fc.property(
      fc.nat({ max: 1e12 }),
      (durationMs) => parseDuration(formatDuration(durationMs)) === durationMs,
    ),
  );
});

test('sizes are bytes, decimal or binary', () => {
  const cases: readonly [string | number, number | undefined][] = [
    [512, 512],
    ['512', 512],
    ['1kB', 1_000],
    ['1KB', 1_000],
    ['1KiB', 1_024],
    ['1MiB', 1_048_576],
    ['10GiB', 10_737_418_240],
    ['1.5 MiB', 1_572_864],
    ['2T', 2_000_000_000_000],
    ['', undefined],
    ['MiB', undefined],
    ['-1', undefined],
    ['1 mib', undefined],
    ['1PB', undefined],
  ];
  for (const [text, expected] of cases) assert.equal(parseSize(text), expected, JSON.stringify(text));
});
