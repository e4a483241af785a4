/** How long each of many runs of something took. */
export interface Timed {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  readonly perMinute: number;
}

/**
 * Runs something over and over and takes the time of each run; reading the clock, less than a tenth of a microsecond, counts. A just-in-time compiler
 * needs a while, so a tenth as many runs go before and are not counted.
 */
export function timeEach(runs: number, run: (index: number) => void): Timed {
  for (let index = 0; index < runs / 10; index++) run(index);
  const times = new Float64Array(runs);
  let total = 0;
  for (let index = 0; index < runs; index++) {
    const startedAt = performance.now();
    run(index);
    const took = (performance.now() - startedAt) * 1_000;
    times[index] = took;
    total += took;
  }
  times.sort();
  const quantile = (share: number): number => times[Math.min(runs - 1, Math.floor(runs * share))]!;
  return {
    p50Us: quantile(0.5),
    p99Us: quantile(0.99),
    maxUs: times[runs - 1]!,
    perMinute: (runs / total) * 60e6,
  };
}
