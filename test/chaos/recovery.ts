import type { Round } from './fault.ts';
import type { Arrival } from './receiver.ts';

/** Groups tell at most once a second; what takes longer than this was held up by the fault. */
const LATE_MS = 3_000;

/** A statement that was told, and that the receiver heard much later than it was acknowledged. */
export interface Late {
  readonly name: string;
  readonly acknowledgedAt: number;
  readonly at: number;
}

/** Statements that arrived late, each with its first arrival. */
export function findLate(
  acknowledgedAt: ReadonlyMap<string, number>,
  arrivals: readonly Arrival[],
): readonly Late[] {
  const heard = new Set<string>();
  const late: Late[] = [];
  for (const { at, statements } of arrivals) {
    for (const { key, version } of statements) {
      const name = `${key}#${version}`;
      const acknowledged = acknowledgedAt.get(name) ?? Infinity;
      if (!heard.has(name) && at - acknowledged > LATE_MS)
        late.push({ name, acknowledgedAt: acknowledged, at });
      heard.add(name);
    }
  }
  return late;
}

/** Milliseconds from a moment until the last thing that went wrong because of it; 0 when nothing did. */
export interface Recovery {
  /** From the fault, while it lasted. Where nothing can go on before its end that is about as long as it lasted. */
  readonly fromFaultMs: number;
  /** From its end, until the next fault. */
  readonly fromEndMs: number;
}

/** What goes wrong: a notification that arrives late, a request that is refused or not answered. */
export function findRecovery(
  { injectedAt, healedAt }: Pick<Round, 'injectedAt' | 'healedAt'>,
  nextInjectedAt: number,
  wrongAt: readonly number[],
): Recovery {
  const last = (from: number, to: number): number =>
    Math.max(0, ...wrongAt.filter((at) => at >= from && at < to).map((at) => at - from));
  return { fromFaultMs: last(injectedAt, healedAt), fromEndMs: last(healedAt, nextInjectedAt) };
}

/** The longest time between two of these moments, in their unit. */
export function findGap(moments: readonly number[]): number {
  const sorted = moments.toSorted((left, right) => left - right);
  return sorted.reduce((longest, at, index) => Math.max(longest, at - (sorted[index - 1] ?? at)), 0);
}
