import type { AlertSnapshot, Verdict } from '@signalbox/sdk';
import type { RuleSettings } from '../model/rule-settings.ts';
import { compileCondition, type Condition } from './condition.ts';

/** The filter of an integration, with its configuration. */
export type BoundFilter = (alert: AlertSnapshot) => Verdict;

export interface CompiledRule {
  readonly rule: RuleSettings;
  readonly condition: Condition;
  readonly filter?: BoundFilter;
  /** It reads the score, so what it holds is held by the hub's own finding. */
  readonly isByScore: boolean;
  /** Of what it sets, so that nothing is copied where nothing is set. */
  readonly setsLabels: boolean;
  readonly setsAnnotations: boolean;
}

/** Facts that are known only after the world outside was asked, or after those that build on its answers. */
const LATE_FACTS = new Set([
  'context',
  'missing',
  'criticality',
  'slo',
  'costCenter',
  'compliance',
  'assessment',
  'score',
]);

/** A rule is tried as soon as all is known that it reads. */
export interface CompiledRules {
  readonly early: readonly CompiledRule[];
  readonly late: readonly CompiledRule[];
}

/** Compiles all rules once. Throws as `compileCondition` does; the settings were checked before, so it does not. */
export function compileRules(
  rules: readonly RuleSettings[],
  filterOf: (integration: string) => BoundFilter | undefined,
): CompiledRules {
  const compiled = rules.map((rule): CompiledRule => {
    const filter = rule.filter === undefined ? undefined : (filterOf(rule.filter) ?? missing(rule.filter));
    const condition = compileCondition(rule);
    return {
      rule,
      condition,
      isByScore: condition.reads.some(([variable, field]) => variable === 'facts' && field === 'score'),
      setsLabels: Object.keys(rule.set.labels).length > 0,
      setsAnnotations: Object.keys(rule.set.annotations).length > 0,
      ...(filter ? { filter } : {}),
    };
  });
  return {
    early: compiled.filter(({ condition }) => !isLate(condition)),
    late: compiled.filter(({ condition }) => isLate(condition)),
  };
}

/** A connector that could not be loaded leaves its rule without effect, and every alert that it was for says so. */
function missing(integration: string): BoundFilter {
  return () => {
    throw new Error(`the integration ${integration} has no filter now`);
  };
}

/** Whether a condition reads what is found out late. */
export function isLate({ reads }: Pick<Condition, 'reads'>): boolean {
  return reads.some(([variable, field]) => {
    if (variable === 'alert') return field === 'priority';
    return variable === 'facts' && (field === undefined || LATE_FACTS.has(field));
  });
}
