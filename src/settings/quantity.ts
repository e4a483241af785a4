/** Durations and sizes as people write them. */

/** Prometheus' durations (https://prometheus.io/docs/prometheus/latest/querying/basics/#float-literals-and-time-durations). */
export const DURATION_PATTERN =
  '^(?!$)(?:0|(?:[0-9]{1,9}y)?(?:[0-9]{1,9}w)?(?:[0-9]{1,9}d)?(?:[0-9]{1,9}h)?(?:[0-9]{1,9}m)?(?:[0-9]{1,9}s)?(?:[0-9]{1,9}ms)?)$';
export const SIZE_PATTERN = '^[0-9]{1,12}(?:\\.[0-9]{1,3})? ?(?:[kKMGT]i?)?B?$';

const MS_PER: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** Milliseconds, or undefined when the text is not a duration. */
export function parseDuration(text: string): number | undefined {
  if (!new RegExp(DURATION_PATTERN).test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+)(ms|[ywdhms])/g))
    total += Number(amount) * MS_PER[unit!]!;
  return total;
}

/** The shortest way to write it: `90000` is `1m30s`. */
export function formatDuration(durationMs: number): string {
  let rest = durationMs;
  let text = '';
  for (const [unit, per] of Object.entries(MS_PER)) {
    if (unit === 'y' || unit === 'w') continue;
    const amount = Math.floor(rest / per);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * per;
  }
  return text || '0s';
}

const POWER: Readonly<Record<string, number>> = { '': 0, k: 1, m: 2, g: 3, t: 4 };

/** Bytes, or undefined when the text is not a size. `1kB` is 1,000 bytes, `1KiB` is 1,024; a bare number is bytes. */
export function parseSize(written: string | number): number | undefined {
  const text = String(written);
  if (!new RegExp(SIZE_PATTERN).test(text)) return undefined;
  const [, amount, prefix, binary] = /^([0-9.]+) ?([kKMGT]?)(i?)B?$/.exec(text)!;
  return Math.round(Number(amount) * (binary ? 1024 : 1000) ** POWER[prefix!.toLowerCase()]!);
}
