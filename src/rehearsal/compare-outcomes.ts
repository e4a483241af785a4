import type { FactsUsed } from './facts-book.ts';
import type { Outcome, Outcomes, Tellings } from './outcomes.ts';

export const DIFFERENCE_KINDS = [
  /** It was told, and would not be. */
  'lost',
  /** It was not told, and would be. */
  'added',
  /** It would be told at another time. */
  'retimed',
  /** It would be told less often. */
  'fewer',
  /** It would be told more often. */
  'more',
] as const;
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** One alert about which one receiver would be told something else. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly receiver: string;
  readonly tenant: string;
  readonly fingerprint: string;
  readonly name: string;
  readonly real: Heard;
  readonly candidate: Heard;
  /** Why the candidate would not tell, as far as it is known. */
  readonly why?: string;
  /** What of enrichment the candidate went by; absent where nothing was asked. */
  readonly facts?: FactsUsed;
}

/** What the receiver heard: how often that it fires and that it is resolved, and when first. */
export interface Heard {
  readonly firing: number;
  readonly resolved: number;
  readonly firstAt?: number;
}

export interface ReceiverCount {
  readonly receiver: string;
  readonly real: number;
  readonly candidate: number;
}

export interface Comparison {
  /** Pairs of receiver and alert of which both heard the same. */
  readonly same: number;
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  /** Notifications, by the names of the receivers. */
  readonly receivers: readonly ReceiverCount[];
  /** The gravest kind first, then by time; at most `limit`. */
  readonly differences: readonly Difference[];
  readonly isCut: boolean;
}

export interface CompareOptions {
  /** Times that lie no further apart than this are the same. */
  readonly toleranceMs: number;
  readonly limit: number;
  why(outcome: Outcome): string | undefined;
  facts(outcome: Outcome): FactsUsed | undefined;
}

const NOTHING: Tellings = { count: 0, firstAt: Infinity, lastAt: -Infinity };

/** What would be told against what was told. Pure. */
export function compareOutcomes(real: Outcomes, candidate: Outcomes, options: CompareOptions): Comparison {
  const counts: Record<DifferenceKind, number> = { lost: 0, added: 0, retimed: 0, fewer: 0, more: 0 };
  const found: Difference[] = [];
  let same = 0;
  for (const key of new Set([...real.byAlert.keys(), ...candidate.byAlert.keys()])) {
    const was = real.byAlert.get(key);
    const would = candidate.byAlert.get(key);
    const kind = kindOf(was, would, options.toleranceMs);
    if (kind === undefined) {
      same += 1;
      continue;
    }
    counts[kind] += 1;
    const outcome = (was ?? would)!;
    const { receiver, tenant, fingerprint, name } = outcome;
    const why = kind === 'lost' || kind === 'fewer' ? options.why(outcome) : undefined;
    const facts = options.facts(outcome);
    found.push({
      kind,
      receiver,
      tenant,
      fingerprint,
      name,
      real: heard(was),
      candidate: heard(would),
      ...(why === undefined ? {} : { why }),
      ...(facts === undefined ? {} : { facts }),
    });
  }
  found.sort(gravestFirst);
  return {
    same,
    counts,
    receivers: receiverCounts(real, candidate),
    differences: found.slice(0, options.limit),
    isCut: found.length > options.limit,
  };
}

function kindOf(
  was: Outcome | undefined,
  would: Outcome | undefined,
  toleranceMs: number,
): DifferenceKind | undefined {
  if (!would) return 'lost';
  if (!was) return 'added';
  if (was.firing.count > 0 && would.firing.count === 0) return 'lost';
  if (would.firing.count > 0 && was.firing.count === 0) return 'added';
  const apart = Math.abs(firstAt(was) - firstAt(would));
  if (apart > toleranceMs) return 'retimed';
  const [before, after] = [was, would].map(({ firing, resolved }) => firing.count + resolved.count) as [
    number,
    number,
  ];
  if (after === before) return undefined;
  return after < before ? 'fewer' : 'more';
}

function firstAt({ firing, resolved }: Pick<Outcome, 'firing' | 'resolved'>): number {
  return Math.min(firing.firstAt, resolved.firstAt);
}

function heard(
  { firing, resolved }: Pick<Outcome, 'firing' | 'resolved'> = { firing: NOTHING, resolved: NOTHING },
): Heard {
  const first = firstAt({ firing, resolved });
  return {
    firing: firing.count,
    resolved: resolved.count,
    ...(first === Infinity ? {} : { firstAt: first }),
  };
}

function receiverCounts(real: Outcomes, candidate: Outcomes): readonly ReceiverCount[] {
  const names = new Set([...real.notifications.keys(), ...candidate.notifications.keys()]);
  return [...names].toSorted().map((receiver) => ({
    receiver,
    real: real.notifications.get(receiver) ?? 0,
    candidate: candidate.notifications.get(receiver) ?? 0,
  }));
}

function gravestFirst(left: Difference, right: Difference): number {
  const rank = DIFFERENCE_KINDS.indexOf(left.kind) - DIFFERENCE_KINDS.indexOf(right.kind);
  if (rank !== 0) return rank;
  const [from, to] = [left, right].map(({ real, candidate }) => real.firstAt ?? candidate.firstAt ?? 0) as [
    number,
    number,
  ];
  if (from !== to) return from - to;
  const [one, other] = [left, right].map(
    ({ receiver, tenant, fingerprint }) => `${receiver}\0${tenant}\0${fingerprint}`,
  ) as [string, string];
  return one < other ? -1 : one > other ? 1 : 0;
}
