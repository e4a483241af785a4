import { checkStandards } from './check-standards.ts';
import type { Classification, NamespaceFacts, Reason, Source } from './classification.ts';
import type { CompiledClassification, KeyReader } from './compile.ts';
import { decideEnvironment, UNCLEAR } from './decide-environment.ts';
import { keysOf } from './keys.ts';
import { mapTenant } from './map-tenant.ts';
import { readText, type Statement } from './read-text.ts';

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
  addText(said, compiled.name, 'name', namespace, matched);
  addKeyed(said, compiled.keyed.label, 'label', facts.labels, matched);
  addKeyed(said, compiled.keyed.annotation, 'annotation', facts.annotations, matched);
  if (facts.cluster !== undefined) addText(said, compiled.cluster, 'cluster', facts.cluster, matched);
  addKeyed(said, compiled.keyed.owner, 'owner', facts.owner, matched);

  const isProduction = (environment: string): boolean => compiled.production.has(environment);
  const { environment, certainty, reasons } = decideEnvironment(
    heardOf(said),
    compiled.nonproduction,
    isProduction,
  );
  const { findings, ...ownership } = mapTenant(compiled, facts, matched);
  const named = { ...facts, environment, certainty };
  return {
    namespace,
    environment,
    isProduction: isProduction(environment),
    certainty,
    reasons,
    ...ownership,
    findings: [...checkStandards(compiled.standards, named), ...findings],
  };
}

function addText(
  said: Said[],
  reader: KeyReader['reader'],
  source: Source,
  text: string,
  matched?: Set<string>,
): void {
  if (text.length > MAX_CHARS) return;
  for (const statement of readText(reader, text, matched)) said.push(reasonOf(statement, source));
}

function addKeyed(
  said: Said[],
  readers: ReadonlyMap<string, KeyReader>,
  source: Source,
  values: Readonly<Record<string, string>> | undefined,
  matched?: Set<string>,
): void {
  if (values === undefined) return;
  for (const [key, value] of Object.entries(values)) {
    const known = keysOf(key).find((name) => readers.has(name));
    if (known === undefined || value === '') continue;
    const { reader, isEnvironment } = readers.get(known)!;
    const statements = value.length > MAX_CHARS ? [] : readText(reader, value, matched);
    for (const statement of statements) said.push({ ...reasonOf(statement, source), key });
    if (statements.length === 0 && isEnvironment) {
      const input = value.slice(0, MAX_CHARS);
      said.push({ rule: NOT_UNDERSTOOD, source, key, input, says: UNCLEAR, isHeard: true, isFinal: false });
    }
  }
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
