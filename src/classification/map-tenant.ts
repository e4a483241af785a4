import { RE2JS } from 're2js';
import type { Aliases } from '../model/aliases.ts';
import type { Finding, NamespaceFacts } from './classification.ts';
import { keysOf } from './keys.ts';
import type { Asked, Conditions } from './namespace-condition.ts';
import type { TenantRule } from './rules.ts';
import { hasPhraseAt, splitPhrase, splitWords } from './words.ts';

/** A longer annotation is not read to its end. */
const MAX_CHARS = 253;

export interface TenantReader {
  readonly rule: TenantRule;
  readonly phrases: readonly (readonly string[])[];
  readonly pattern?: RE2JS;
}

/** What `mapTenant` needs of a compiled rule set. */
export interface TenantMapping {
  readonly tenants: readonly TenantReader[];
  readonly tenantConditions: Conditions;
  readonly tenantKeys: ReadonlySet<string>;
  readonly businessUnitKeys: ReadonlySet<string>;
  readonly aliases: Aliases;
}

export interface Ownership {
  readonly tenant?: string;
  readonly businessUnit?: string;
  readonly findings: readonly Finding[];
}

export function compileTenants(rules: readonly TenantRule[]): readonly TenantReader[] {
  return rules.map((rule) => ({
    rule,
    phrases: (rule.words ?? []).map(splitPhrase),
    ...(rule.pattern === undefined ? {} : { pattern: RE2JS.compile(rule.pattern) }),
  }));
}

/**
 * Whose a namespace is: what its labels, annotations and owner name under `tenant_keys` and `business_unit_keys`, and what the rules say.
 * Where two tenants are named there is none, and a finding: to guess would show one tenant the alerts of another. Nor is there one where a rule
 * that names another failed. `asked` has the answers of `tenantConditions`.
 */
export function mapTenant(
  mapping: TenantMapping,
  facts: NamespaceFacts,
  asked: Asked,
  matched?: Set<string>,
): Ownership {
  const { tenants: readers, tenantKeys, businessUnitKeys, aliases } = mapping;
  const { present } = aliases;
  const tenants = valuesOf(facts, tenantKeys, present);
  const units = valuesOf(facts, businessUnitKeys, present);
  const isFound = createFinder();
  for (const reader of readers) {
    const { rule } = reader;
    // Without `on` there are no words, and the expression is all.
    if (rule.on && !textsFor(rule, facts, aliases).some((text) => isFound(reader, text))) continue;
    if (rule.when !== undefined && !asked.holds(rule.id)) continue;
    matched?.add(rule.id);
    tenants.add(present(rule.tenant));
    if (rule.business_unit !== undefined) units.add(present(rule.business_unit));
  }
  const findings = [...ambiguity('tenant', tenants), ...ambiguity('business unit', units)];
  const [tenant, otherTenant] = tenants;
  const [businessUnit, otherUnit] = units;
  return {
    ...(tenant !== undefined && otherTenant === undefined && isSure(tenant, 'tenant', mapping, asked)
      ? { tenant }
      : {}),
    ...(businessUnit !== undefined &&
    otherUnit === undefined &&
    isSure(businessUnit, 'business_unit', mapping, asked)
      ? { businessUnit }
      : {}),
    findings,
  };
}

/** Whether no rule failed that would have named another one. */
function isSure(
  name: string,
  field: 'tenant' | 'business_unit',
  { tenants, aliases }: TenantMapping,
  { troubles }: Asked,
): boolean {
  return troubles.every(({ rule: id }) => {
    const named = tenants.find(({ rule }) => rule.id === id)?.rule[field];
    return named === undefined || aliases.present(named) === name;
  });
}

/** Every rule may look at the same text, which is split only once. */
function createFinder(): (reader: TenantReader, text: string) => boolean {
  const split = new Map<string, ReturnType<typeof splitWords>>();
  return ({ phrases, pattern }, written) => {
    const text = written.slice(0, MAX_CHARS).toLowerCase();
    if (pattern?.test(text)) return true;
    const words = split.getOrInsertComputed(text, splitWords);
    return phrases.some((phrase) => words.some((_, from) => hasPhraseAt(words, from, phrase)));
  };
}

function valuesOf(
  facts: NamespaceFacts,
  keys: ReadonlySet<string>,
  present: Aliases['present'],
): Set<string> {
  const found = new Set<string>();
  for (const map of [facts.labels, facts.annotations, facts.owner]) {
    for (const [key, value] of Object.entries(map ?? {})) {
      if (value !== '' && keysOf(key).some((name) => keys.has(name))) found.add(present(value));
    }
  }
  return found;
}

/** Of a label or the owner, with the other names of the same: the rule may know one, and the namespace have another. */
function textsFor({ on = [], keys }: TenantRule, facts: NamespaceFacts, aliases: Aliases): readonly string[] {
  const keyed = (map: Readonly<Record<string, string>> | undefined): readonly string[] =>
    Object.entries(map ?? {}).flatMap(([key, value]) =>
      keysOf(key).some((name) => keys?.includes(name)) ? aliases.allOf(value) : [],
    );
  return on.flatMap((source) => {
    if (source === 'name') return [facts.namespace];
    if (source === 'cluster') return facts.cluster === undefined ? [] : [facts.cluster];
    return keyed({ label: facts.labels, annotation: facts.annotations, owner: facts.owner }[source]);
  });
}

function ambiguity(what: string, names: ReadonlySet<string>): readonly Finding[] {
  if (names.size < 2) return [];
  const list = [...names].sort().map((name) => JSON.stringify(name));
  return [
    {
      standard: `one-${what.replace(' ', '-')}`,
      message: `more than one ${what} is named: ${list.join(', ')}`,
      advice:
        'Name one in the labels, or make the rules exclude each other; until then it counts as nobody’s.',
    },
  ];
}
