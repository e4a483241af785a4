import type { Subject } from '../enrichment/look-up.ts';

/** What a replay of an alert went by: what enrichment found then, a part of that, or nothing of it. */
export type FactsUsed = 'recorded' | 'partly' | 'unknown';

/** How much of what was known then a replay could use. */
export interface FactsBook {
  /** One statement about an alert, with how many of its questions had a recorded answer. */
  note(subject: Pick<Subject, 'tenant' | 'alert'>, recorded: number, unknown: number): void;
  /** Undefined: nothing was asked about it. */
  of(alert: { readonly tenant: string; readonly fingerprint: string }): FactsUsed | undefined;
  readonly counts: FactsCounts;
}

export interface FactsCounts {
  /** Statements about alerts of which all answers were recorded. */
  readonly recorded: number;
  /** Those of which at least one was not. */
  readonly unknown: number;
}

/** Memory must stay bounded however long the range is; of further alerts it is not said. */
const MAX_ALERTS = 100_000;

export function createFactsBook(): FactsBook {
  const used = new Map<string, FactsUsed>();
  const counts = { recorded: 0, unknown: 0 };
  const keyOf = (tenant: string, fingerprint: string) => `${tenant}\0${fingerprint}`;
  return {
    counts,
    note({ tenant, alert }, recorded, unknown) {
      counts[unknown === 0 ? 'recorded' : 'unknown'] += 1;
      const key = keyOf(tenant, alert.fingerprint);
      const now = unknown === 0 ? 'recorded' : recorded === 0 ? 'unknown' : 'partly';
      const before = used.get(key);
      if (before !== undefined || used.size < MAX_ALERTS)
        used.set(key, before === undefined || before === now ? now : 'partly');
    },
    of: ({ tenant, fingerprint }) => used.get(keyOf(tenant, fingerprint)),
  };
}
