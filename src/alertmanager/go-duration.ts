const MS_PER: Readonly<Record<string, number>> = {
  ns: 1e-6,
  us: 1e-3,
  µs: 1e-3,
  μs: 1e-3,
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
};

/**
 * Milliseconds of a duration as Go writes it, e.g. `1h30m` or `1.5s` (https://pkg.go.dev/time#ParseDuration); a bare number is
 * nanoseconds. Undefined when the text is no duration.
 */
export function parseGoDuration(text: string): number | undefined {
  if (/^[-+]?\d+$/.test(text)) return Number(text) * MS_PER['ns']!;
  const found = /^([-+]?)((?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (!found) return undefined;
  let total = 0;
  for (const [, amount, unit] of found[2]!.matchAll(/(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g)) {
    total += Number(amount) * MS_PER[unit!]!;
  }
  return found[1] === '-' ? -total : total;
}
