/**
 * How critical an alert or an incident is under the organization's incident response procedures, and what they ask for (BR-QUAL-008). It is kept with the
 * alert, so that it says what was asked for when it was assessed, whatever the procedures say later.
 */
export interface Assessment {
  /** The id of the level, e.g. `SEV1`. */
  readonly level: string;
  /** The level's place in the list, 0 for the gravest. */
  readonly rank: number;
  readonly title?: string;
  /** A criterion by its id, or a cell of the matrix as `extensive × high`. */
  readonly rule: string;
  /** Where the configuration says so, e.g. `signalbox.yaml:41`. */
  readonly definedAt: string;
  /** Where the organization says so. */
  readonly source?: string;
  /** Only when the matrix decided. */
  readonly impact?: string;
  readonly urgency?: string;
  readonly acknowledgeWithinMs?: number;
  readonly updateEveryMs?: number;
  /** The role, team or person that leads. */
  readonly lead?: string;
  readonly runbookUrl?: string;
  readonly steps?: readonly string[];
  /** Since when it is at least this grave in this episode; absent until it is stored. */
  readonly since?: number;
}

/** The graver of two; the first when they are alike. */
export function graver(left: Assessment | undefined, right: Assessment | undefined): Assessment | undefined {
  if (!left || !right) return left ?? right;
  return right.rank < left.rank ? right : left;
}

/** The assessment as of now, when an earlier one of the same episode is known: only what became graver gets new time. */
export function withSince(found: Assessment, before: Assessment | undefined, now: number): Assessment {
  const since = before && found.rank >= before.rank ? (before.since ?? now) : now;
  return { ...found, since };
}

/**
 * By when somebody has to acknowledge it; Infinity when nobody has to.
 *
 * @param openSince when it was opened again; the time begins anew then
 */
export function acknowledgeBy(assessment: Assessment | undefined, openSince = 0): number {
  const { since, acknowledgeWithinMs } = assessment ?? {};
  if (since === undefined || acknowledgeWithinMs === undefined) return Infinity;
  return Math.max(since, openSince) + acknowledgeWithinMs;
}
