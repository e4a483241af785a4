import { closedLoop, type LoadOptions } from './load.ts';
import { awaitDeliveries, type Sink } from './sink.ts';

/** A backlog that takes longer than this is given up; what was delivered until then counts. */
const DRAIN_MS = 120_000;
/** Some programs lose a few: a pause this long ends the count. */
const QUIET_MS = 5_000;

export interface EndToEnd {
  readonly perSecond: number;
  readonly accepted: number;
  readonly delivered: number;
}

/** Some seconds of load, then the rest of the backlog. What counts is deliveries over the whole time. */
export async function loadAndDrain(sink: Sink, load: LoadOptions): Promise<EndToEnd> {
  const before = (await sink.count()).count;
  const startedAt = performance.now();
  const { requests, errors } = await closedLoop(load);
  const accepted = requests - errors;
  const expected = before + accepted;
  const last = await awaitDeliveries(sink, { expected, quietMs: QUIET_MS, limitMs: DRAIN_MS });
  const delivered = last.count - before;
  return { perSecond: delivered / ((last.at - startedAt) / 1000), accepted, delivered };
}

/** Accepted, and not told in time. */
export function missing(results: readonly EndToEnd[]): number {
  return results.reduce((sum, { accepted, delivered }) => sum + Math.max(0, accepted - delivered), 0);
}
