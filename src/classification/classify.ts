import { checkStandards } from './check-standards.ts';
import type { Classification, NamespaceFacts, Reason, Source } from './classification.ts';
import type { CompiledClassification, KeyReader } from './compile.ts';
import { decideEnvironment, UNCLEAR } from './decide-environment.ts';
import { keysOf } from './keys.ts';
import { mapTenant } from './map-tenant.ts';
import { askConditions } from './namespace-condition.ts';
import { readText, type Holds, type Statement } from './read-text.ts';
import type { Rule } from './rules.ts';

/** More than any name or label may have; a longer text is not read, and unclear where it should say the environment. */
const MAX_CHARS = 253;
export const NOT_UNDERSTOOD = 'not-understood';

type Said = Reason & Pick<Statement, 'isFinal'>;

/**
 * Says which environment a namespace belongs to, and why. Pure; the same rules and facts give the same answer. `matched` gets the ids of
 * the rules that found something, to tell which never do.
 *
 * @example
 * classify(compiled, { namespace: 'shop-dev', labels: { environment: 'production' } });
 * // { environment: 'production', certainty: 'contradictory', reasons: [{ rule: 'development', … }, { rule: 'production', … }], … }
 */
export function classify(
  compiled: CompiledClassification,
  facts: NamespaceFacts,
  matched?: Set<string>,
): Classification {
  const { namespace } = facts;
  const said: Said[] = [];
  const { holds, troubles } = askConditions(compiled.conditions, facts);
  addText(said, compiled.name, 'name', namespace, holds, matched);
  addKeyed(said, compiled.keyed.label, 'label', facts.labels, holds, matched);
  addKeyed(said, compiled.keyed.annotation, 'annotation', facts.annotations, holds, matched);
  if (facts.cluster !== undefined) addText(said, compiled.cluster, 'cluster', facts.cluster, holds, matched);
  addKeyed(said, compiled.keyed.owner, 'owner', facts.owner, holds, matched);
  for (const rule of compiled.wordless) if (holds(rule.id)) addConditional(said, rule, matched);
  for (const { rule } of troubles) said.push(unclearOf(compiled.rules, rule));

  const isProduction = (environment: string): boolean => compiled.production.has(environment);
  const { environment, certainty, reasons } = decideEnvironment(
    heardOf(said),
    compiled.nonproduction,
    isProduction,
  );
  const ofTenants = askConditions(compiled.tenantConditions, facts);
  const { findings, ...ownership } = mapTenant(compiled, facts, ofTenants, matched);
  const named = { ...facts, environment, certainty };
  const classification: Classification = {
    namespace,
    environment,
    isProduction: isProduction(environment),
    certainty,
    reasons,
    ...ownership,
    findings: [...checkStandards(compiled.standards, named), ...findings],
  };
  const failed = troubles.length + ofTenants.troubles.length > 0;
  return failed ? { ...classification, troubles: [...troubles, ...ofTenants.troubles] } : classification;
}

function addText(
  said: Said[],
  reader: KeyReader['reader'],
  source: Source,
  text: string,
  holds: Holds,
  matched?: Set<string>,
): void {
  if (text.length > MAX_CHARS) return;
  for (const statement of readText(reader, text, holds, matched)) said.push(reasonOf(statement, source));
}

function addKeyed(
  said: Said[],
  readers: ReadonlyMap<string, KeyReader>,
  source: Source,
  values: Readonly<Record<string, string>> | undefined,
  holds: Holds,
  matched?: Set<string>,
): void {
  if (values === undefined) return;
  for (const [key, value] of Object.entries(values)) {
    const known = keysOf(key).find((name) => readers.has(name));
    if (known === undefined || value === '') continue;
    const { reader, isEnvironment } = readers.get(known)!;
    const statements = value.length > MAX_CHARS ? [] : readText(reader, value, holds, matched);
    for (const statement of statements) said.push({ ...reasonOf(statement, source), key });
    if (statements.length === 0 && isEnvironment) {
      const input = value.slice(0, MAX_CHARS);
      said.push({ rule: NOT_UNDERSTOOD, source, key, input, says: UNCLEAR, isHeard: true, isFinal: false });
    }
  }
}

/** A rule with an expression alone speaks of the namespace itself, whatever the expression looks at. */
function addConditional(
  said: Said[],
  { id, when = '', says, is_final: isFinal = false }: Rule,
  matched?: Set<string>,
): void {
  matched?.add(id);
  said.push({ rule: id, source: 'condition', input: when, says, isHeard: true, isFinal });
}

/** Nobody knows what a rule that failed would have said, so it may have been production. */
function unclearOf(rules: readonly Rule[], id: string): Said {
  const { when = '' } = rules.find((rule) => rule.id === id)!;
  return { rule: id, source: 'condition', input: when, says: UNCLEAR, isHeard: true, isFinal: false };
}

function reasonOf({ rule, says, input, isFinal, why }: Statement, source: Source): Said {
  return {
    rule,
    source,
    input,
    says,
    isHeard: why === undefined,
    isFinal,
    ...(why === undefined ? {} : { why }),
  };
}

/** A final rule is heard alone; of several, the first. */
function heardOf(said: readonly Said[]): readonly Reason[] {
  const final = said.find(({ isFinal }) => isFinal);
  return said.map(({ isFinal: _, ...reason }, index) =>
    final === undefined || said[index] === final
      ? reason
      : { ...reason, isHeard: false, why: `the rule ${final.rule} is final` },
  );
}
