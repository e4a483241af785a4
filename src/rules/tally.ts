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

/** Whose decisions name rules that are counted, and what goes before their ids, because each kind has ids of its own. */
const KINDS: Partial<Record<Made['stage'], string>> = {
  filter: '',
  classify: 'classification/',
  prioritise: 'priority/',
  correlate: 'correlation/',
};
const NOTHING: RuleCount = { matches: 0, failures: 0 };

export interface Counted {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly decisions: readonly Made[];
}

/** Counts what rules decided about one statement; returns the keys of those that matched: the id of a rule, and `priority/<id>` and so on of others. */
export function countRules(tally: Tally, { tenant, fingerprint, decisions }: Counted, at: number): string[] {
  const matched: string[] = [];
  for (const { stage, rule, outcome } of decisions) {
    const kind = KINDS[stage];
    if (kind === undefined) continue;
    // A classification names all rules that it heard.
    for (const id of rule.split(', ')) {
      const key = kind + id;
      const before = tally.get(key) ?? NOTHING;
      if (outcome.startsWith(FAILED)) {
        tally.set(key, { ...before, failures: before.failures + 1 });
      } else {
        matched.push(key);
        tally.set(key, { ...before, matches: before.matches + 1, last: { at, tenant, fingerprint } });
      }
    }
  }
  return matched;
}
