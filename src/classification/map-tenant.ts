import type { Finding, NamespaceFacts } from './classification.ts';
import { keysOf } from './keys.ts';
import { createTextReader, readText, type TextReader } from './read-text.ts';
import type { TenantRule } from './rules.ts';

export interface TenantReader {
  readonly rule: TenantRule;
  readonly reader: TextReader;
}

/** What `mapTenant` needs of a compiled rule set. */
export interface TenantMapping {
  readonly tenants: readonly TenantReader[];
  readonly tenantKeys: ReadonlySet<string>;
  readonly businessUnitKeys: ReadonlySet<string>;
}

export interface Ownership {
  readonly tenant?: string;
  readonly businessUnit?: string;
  readonly findings: readonly Finding[];
}

/** A tenant that matches is one thing that was found, whatever words it was found by. */
export function compileTenants(rules: readonly TenantRule[]): readonly TenantReader[] {
  return rules.map((rule) => ({ rule, reader: createTextReader([{ ...rule, says: rule.tenant }]) }));
}

/**
 * Whose a namespace is: what its labels, annotations and owner name under `tenant_keys` and `business_unit_keys`, and what the rules say.
 * Where two tenants are named there is none, and a finding: to guess would show one tenant the alerts of another.
 */
export function mapTenant(
  { tenants: readers, tenantKeys, businessUnitKeys }: TenantMapping,
  facts: NamespaceFacts,
  matched?: Set<string>,
): Ownership {
  const tenants = valuesOf(facts, tenantKeys);
  const units = valuesOf(facts, businessUnitKeys);
  for (const { rule, reader } of readers) {
    if (!textsFor(rule, facts).some((text) => readText(reader, text).length > 0)) continue;
    matched?.add(rule.id);
    tenants.add(rule.tenant);
    if (rule.business_unit !== undefined) units.add(rule.business_unit);
  }
  const findings = [...ambiguity('tenant', tenants), ...ambiguity('business unit', units)];
  const [tenant, otherTenant] = tenants;
  const [businessUnit, otherUnit] = units;
  return {
    ...(tenant !== undefined && otherTenant === undefined ? { tenant } : {}),
    ...(businessUnit !== undefined && otherUnit === undefined ? { businessUnit } : {}),
    findings,
  };
}

function valuesOf(facts: NamespaceFacts, keys: ReadonlySet<string>): Set<string> {
  const found = new Set<string>();
  for (const map of [facts.labels, facts.annotations, facts.owner]) {
    for (const [key, value] of Object.entries(map ?? {})) {
      if (value !== '' && keysOf(key).some((name) => keys.has(name))) found.add(value);
    }
  }
  return found;
}

function textsFor({ on, keys }: TenantRule, facts: NamespaceFacts): readonly string[] {
  const keyed = (map: Readonly<Record<string, string>> | undefined): readonly string[] =>
    Object.entries(map ?? {}).flatMap(([key, value]) =>
      keysOf(key).some((name) => keys?.includes(name)) ? [value] : [],
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
