import { FAILED, type Made } from '../model/prepared.ts';

/** How often a rule matched on this node since it started, and when it last did. */
export interface RuleCount {
  readonly matches: number;
  /** Alerts on which it failed; they went on without it. */
  readonly failures: number;
  readonly last?: { readonly at: number; readonly tenant: string; readonly fingerprint: string };
}

/** What rules did, by their ids. It outlives a reload, so that a rule which stays keeps its count. */
export type Tally = Map<string, RuleCount>;

/** Whose decisions name rules that are counted. */
const COUNTED: ReadonlySet<Made['stage']> = new Set(['filter', 'correlate']);
const NOTHING: RuleCount = { matches: 0, failures: 0 };

export interface Counted {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly decisions: readonly Made[];
}

/** Counts what rules decided about one statement; returns the ids of those that matched. */
export function countRules(tally: Tally, { tenant, fingerprint, decisions }: Counted, at: number): string[] {
  const matched: string[] = [];
  for (const { stage, rule, outcome } of decisions) {
    if (!COUNTED.has(stage)) continue;
    const before = tally.get(rule) ?? NOTHING;
    if (outcome.startsWith(FAILED)) {
      tally.set(rule, { ...before, failures: before.failures + 1 });
    } else {
      matched.push(rule);
      tally.set(rule, { ...before, matches: before.matches + 1, last: { at, tenant, fingerprint } });
    }
  }
  return matched;
}
