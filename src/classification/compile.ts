import { Fault } from '@signalbox/sdk';
import { ENVIRONMENTS, type Source } from './classification.ts';
import { createAliases } from '../model/aliases.ts';
import { checkRules } from './check-rules.ts';
import { compileStandards, type CompiledStandard } from './check-standards.ts';
import { DEFAULT_RULES } from './default-rules.ts';
import { compileTenants, type TenantMapping } from './map-tenant.ts';
import { compileConditions, type Conditions, type NamespaceCondition } from './namespace-condition.ts';
import { createTextReader, type TextReader } from './read-text.ts';
import type { Rule, RuleSet } from './rules.ts';

/** How the values of one key are read. */
export interface KeyReader {
  readonly reader: TextReader;
  /** Whether a value that no rule knows is an environment all the same. */
  readonly isEnvironment: boolean;
}

/** A rule set made ready. Plain and immutable; safe to keep and to share. */
export interface CompiledClassification extends TenantMapping {
  /** All rules in use, those of the rule set first. */
  readonly rules: readonly Rule[];
  readonly conditions: Conditions;
  /** Rules that have an expression alone. */
  readonly wordless: readonly Rule[];
  /** Labels that expressions name, those of tenants included; undefined: they may look at any. */
  readonly conditionLabels: ReadonlySet<string> | undefined;
  readonly name: TextReader;
  readonly cluster: TextReader;
  /** By key, for each source that has keys. */
  readonly keyed: Readonly<Record<'label' | 'annotation' | 'owner', ReadonlyMap<string, KeyReader>>>;
  readonly standards: readonly CompiledStandard[];
  readonly nonproduction: string;
  /** All environments that there are. */
  readonly environments: ReadonlySet<string>;
  /** Those that are treated as production. */
  readonly production: ReadonlySet<string>;
}

/**
 * Makes a rule set ready; do it once and keep the result. Throws the fault `SB_CONFIG` with the first problem of a rule set that
 * `checkRules` refuses.
 *
 * @example
 * const compiled = compileClassification(DEFAULT_RULE_SET);
 * classify(compiled, { namespace: 'shop-dev' }).environment; // 'development'
 */
export function compileClassification(ruleSet: RuleSet): CompiledClassification {
  const [problem] = checkRules(ruleSet);
  if (problem) throw new Fault('SB_CONFIG', `${problem.path.join('.')}: ${problem.message}.`);
  const rules = rulesOf(ruleSet);
  const production = Object.entries(ruleSet.environments).flatMap(([name, { is_production }]) =>
    is_production ? [name] : [],
  );
  const conditions = compileConditions(rules);
  const tenantConditions = compileConditions(ruleSet.tenants);
  return {
    rules,
    conditions,
    tenantConditions,
    wordless: rules.filter((rule) => rule.when !== undefined && !hasWords(rule)),
    conditionLabels: labelsOf([...conditions.values(), ...tenantConditions.values()]),
    name: createTextReader(rules.filter(({ on }) => on?.includes('name'))),
    cluster: createTextReader(rules.filter(({ on }) => on?.includes('cluster'))),
    keyed: {
      label: readersByKey(rules, 'label', ruleSet),
      annotation: readersByKey(rules, 'annotation', ruleSet),
      owner: readersByKey(rules, 'owner', ruleSet),
    },
    tenants: compileTenants(ruleSet.tenants),
    aliases: createAliases(ruleSet.aliases),
    tenantKeys: new Set(ruleSet.tenant_keys),
    businessUnitKeys: new Set(ruleSet.business_unit_keys),
    standards: compileStandards(ruleSet.standards),
    nonproduction: ruleSet.nonproduction,
    environments: new Set([...ENVIRONMENTS, ...Object.keys(ruleSet.environments)]),
    production: new Set(['production', ...production]),
  };
}

/** The rules of the set, then the built-in ones that it does not replace. */
export function rulesOf({ use_defaults, rules }: RuleSet): readonly Rule[] {
  if (!use_defaults) return rules;
  const own = new Set(rules.map(({ id }) => id));
  return [...rules, ...DEFAULT_RULES.filter(({ id }) => !own.has(id))];
}

function hasWords({ words = [], pattern }: Rule): boolean {
  return words.length > 0 || pattern !== undefined;
}

function labelsOf(conditions: readonly NamespaceCondition[]): ReadonlySet<string> | undefined {
  const named = conditions.map(({ labels }) => labels);
  return named.includes(undefined) ? undefined : new Set(named.flatMap((labels) => labels ?? []));
}

function readersByKey(
  rules: readonly Rule[],
  source: Source,
  ruleSet: RuleSet,
): ReadonlyMap<string, KeyReader> {
  const here = rules.filter(({ on }) => on?.includes(source));
  const general = here.filter(({ keys }) => keys === undefined);
  const readers = new Map<string, KeyReader>();
  const add = (key: string, isEnvironment: boolean): void => {
    const special = here.filter(({ keys }) => keys?.includes(key));
    const isGeneral = isEnvironment || ruleSet.hint_keys.includes(key);
    readers.set(key, {
      reader: createTextReader([...special, ...(isGeneral ? general : [])]),
      isEnvironment,
    });
  };
  for (const key of [...ruleSet.hint_keys, ...here.flatMap(({ keys }) => keys ?? [])]) add(key, false);
  for (const key of ruleSet.environment_keys) add(key, true);
  return readers;
}
