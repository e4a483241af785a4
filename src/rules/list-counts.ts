import { compiledRules } from '../classification/compiled-rules.ts';
import type { RouteSettings, Settings } from '../model/settings.ts';
import { RULE_KINDS, type RuleCount, type RuleCounts, type RuleKind } from './tally.ts';

export interface CountedRule extends RuleCount {
  readonly kind: RuleKind;
  readonly id: string;
}

type Ruled = Pick<
  Settings,
  | 'rules'
  | 'classification'
  | 'priority'
  | 'correlation'
  | 'enrichment'
  | 'workflows'
  | 'route'
  | 'inhibitRules'
  | 'timeIntervals'
>;

const NOTHING: RuleCount = { matches: 0, failures: 0 };

/**
 * Everything of the configuration that takes alerts by a condition, with what it did on one node since that started: what never did
 * anything is there with zeros, and what counted under another configuration is there as well.
 */
export function listCounts(settings: Ruled, counts: RuleCounts): readonly CountedRule[] {
  const configured = idsOf(settings);
  return RULE_KINDS.flatMap((kind) => {
    const ids = new Set([...configured[kind], ...counts[kind].keys()]);
    return [...ids].map((id): CountedRule => ({ kind, id, ...NOTHING, ...counts[kind].get(id) }));
  });
}

function idsOf(settings: Ruled): Readonly<Record<RuleKind, readonly string[]>> {
  const { rules, classification, priority, correlation, enrichment, workflows } = settings;
  const compiled = classification && compiledRules(classification);
  const inhibition = settings.inhibitRules.map(({ name }) => name);
  return {
    classification: compiled
      ? [...compiled.rules.map(({ id }) => id), ...compiled.tenants.map(({ rule }) => rule.id)]
      : [],
    enrichment: enrichment.map(({ id }) => id),
    priority: priority?.policies.map(({ id }) => id) ?? [],
    filter: rules.map(({ id }) => id),
    route: keysOf(settings.route),
    workflow: workflows.map(({ id }) => id),
    correlation: correlation?.rules.map(({ id }) => id) ?? [],
    inhibition_source: inhibition,
    inhibition_target: inhibition,
    inhibition,
    time_interval: Object.keys(settings.timeIntervals),
  };
}

/** As written: a route before those below it. */
function keysOf({ key, routes }: RouteSettings): readonly string[] {
  return [key, ...routes.flatMap(keysOf)];
}
