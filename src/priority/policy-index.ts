import type { FieldPath } from '@signalbox/sdk';
import type { Subject } from '../rules/subject.ts';
import { readerOf, textOf } from '../rules/text-test.ts';
import { createPatternShelf, type Filed } from './pattern-shelf.ts';
import type { CompiledPolicy, CompiledPriority } from './policy.ts';

/** Finds the policies that are filed under what an alert says in one field. */
type Shelf = (subject: Subject) => readonly CompiledPolicy[] | undefined;

/**
 * Files each policy under one text that has to be there, of the field that tells the most policies apart. An alert meets only the policies filed
 * under its own texts and those that are filed under none, so that a thousand policies cost little more than ten. Those that compare no text but have a
 * regular expression are filed under that.
 */
export function createIndex(policies: readonly CompiledPolicy[]): CompiledPriority['candidates'] {
  const spread = spreadOf(policies);
  const byText = new Map<
    string,
    { readonly path: FieldPath; readonly policies: Map<unknown, CompiledPolicy[]> }
  >();
  const byPattern = new Map<string, Filed[]>();
  const others: CompiledPolicy[] = [];
  for (const policy of policies) {
    const [demand] = [...policy.condition.demands].sort(
      (left, right) => spread.get(nameOf(right.path))! - spread.get(nameOf(left.path))!,
    );
    const [pattern] = policy.condition.patterns;
    if (demand) {
      const { path } = demand;
      const shelf = byText.getOrInsertComputed(nameOf(path), () => ({ path, policies: new Map() }));
      for (const value of new Set(demand.values))
        shelf.policies.getOrInsertComputed(value, () => []).push(policy);
    } else if (pattern) {
      byPattern.getOrInsertComputed(pattern.name, () => []).push({ policy, pattern: pattern.value });
    } else others.push(policy);
  }
  const shelves: readonly Shelf[] = [
    ...Array.from(byText.values(), ({ path, policies: filed }): Shelf => {
      const read = readerOf(path);
      return (subject) => filed.get(read(subject));
    }),
    ...Array.from(byPattern, ([label, filed]): Shelf => {
      const find = createPatternShelf(filed);
      return ({ alert }) => find(textOf(alert.labels, label));
    }),
  ];
  return (subject, environment) => {
    let found = others;
    for (const shelf of shelves) {
      const filed = shelf(subject);
      if (filed && filed.length > 0) found = found.concat(filed);
    }
    const here = found.filter(
      ({ environments }) => environments.length === 0 || environments.includes(environment),
    );
    return found === others ? here : here.sort((left, right) => left.position - right.position);
  };
}

/** How many texts each field is compared with. */
function spreadOf(policies: readonly CompiledPolicy[]): ReadonlyMap<string, number> {
  const values = new Map<string, Set<string>>();
  for (const { condition } of policies) {
    for (const { path, values: texts } of condition.demands) {
      const known = values.getOrInsertComputed(nameOf(path), () => new Set<string>());
      for (const text of texts) known.add(text);
    }
  }
  return new Map(Array.from(values, ([name, texts]) => [name, texts.size]));
}

function nameOf(path: readonly string[]): string {
  return JSON.stringify(path);
}
