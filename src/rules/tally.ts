import { FAILED, type Made } from '../model/prepared.ts';

/** What takes alerts by a condition, in the order in which alerts meet it. A rule of inhibition has two sides, and what it held. */
export const RULE_KINDS = [
  'classification',
  'enrichment',
  'priority',
  'filter',
  'route',
  'workflow',
  'correlation',
  'inhibition_source',
  'inhibition_target',
  'inhibition',
  'time_interval',
] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

/** How often a rule matched on this node since it started, and when it last did. */
export interface RuleCount {
  readonly matches: number;
  /** Alerts on which it failed; they went on without it. */
  readonly failures: number;
  readonly last?: { readonly at: number; readonly tenant: string; readonly fingerprint: string };
}

/** A count that goes on. It is changed in place, so that counting an alert allocates nothing. */
interface RunningCount extends RuleCount {
  matches: number;
  failures: number;
  last?: { at: number; tenant: string; fingerprint: string };
}

/** What rules did, by kind and id. It outlives a reload, so that a rule which stays keeps its count. */
export type Tally = Readonly<Record<RuleKind, Map<string, RunningCount>>>;
export type RuleCounts = Readonly<Record<RuleKind, ReadonlyMap<string, RuleCount>>>;

/** Reloads bring ids and take them away; of more than this in one kind the oldest are forgotten. */
const MAX_IDS = 100_000;

/** Whose decisions name rules that are counted. */
const KIND_OF_STAGE: Partial<Record<Made['stage'], RuleKind>> = {
  classify: 'classification',
  enrich: 'enrichment',
  prioritise: 'priority',
  filter: 'filter',
  correlate: 'correlation',
};

export interface Counted {
  readonly tenant: string;
  readonly fingerprint: string;
  readonly decisions: readonly Made[];
}

export function createTally(): Tally {
  return Object.fromEntries(RULE_KINDS.map((kind) => [kind, new Map()])) as unknown as Tally;
}

/** Counts what rules decided about one statement. */
export function countRules(tally: Tally, { tenant, fingerprint, decisions }: Counted, at: number): void {
  for (const { stage, rule, outcome } of decisions) {
    const kind = KIND_OF_STAGE[stage];
    if (kind === undefined) continue;
    // A classification names all rules that it heard.
    for (const id of rule.split(', ')) {
      if (outcome.startsWith(FAILED)) countFailure(tally, kind, id);
      else countMatch(tally, kind, id, { tenant, fingerprint }, at);
    }
  }
}

export function countMatch(
  tally: Tally,
  kind: RuleKind,
  id: string,
  { tenant, fingerprint }: { readonly tenant: string; readonly fingerprint: string },
  at: number,
): void {
  const count = find(tally[kind], id);
  count.matches++;
  const { last } = count;
  if (!last) {
    count.last = { at, tenant, fingerprint };
    return;
  }
  last.at = at;
  last.tenant = tenant;
  last.fingerprint = fingerprint;
}

export function countFailure(tally: Tally, kind: RuleKind, id: string): void {
  find(tally[kind], id).failures++;
}

/** What metrics call a rule: rules that filter have their id alone, and the others their kind before it. */
export function ruleLabel(kind: RuleKind, id: string): string {
  return kind === 'filter' ? id : `${kind}/${id}`;
}

function find(counts: Map<string, RunningCount>, id: string): RunningCount {
  const known = counts.get(id);
  if (known) return known;
  if (counts.size >= MAX_IDS) counts.delete(counts.keys().next().value!);
  const fresh: RunningCount = { matches: 0, failures: 0 };
  counts.set(id, fresh);
  return fresh;
}
