import type { Subject } from '../rules/subject.ts';
import { readerOf } from '../rules/text-test.ts';
import type { CompiledPolicy, CompiledPriority } from './policy.ts';

/** Policies that share the field under which they are filed. */
interface Shelf {
  readonly read: (subject: Subject) => unknown;
  readonly byValue: Map<unknown, CompiledPolicy[]>;
}

/**
 * Files each policy under one text that has to be there, of the field that tells the most policies apart. An alert meets only the policies filed
 * under its own texts and those that are filed under none, so that a thousand policies cost little more than ten.
 */
export function createIndex(policies: readonly CompiledPolicy[]): CompiledPriority['candidates'] {
  const spread = spreadOf(policies);
  const shelves = new Map<string, Shelf>();
  const others: CompiledPolicy[] = [];
  for (const policy of policies) {
    const [demand] = [...policy.condition.demands].sort(
      (left, right) => spread.get(nameOf(right.path))! - spread.get(nameOf(left.path))!,
    );
    if (!demand) {
      others.push(policy);
      continue;
    }
    const { byValue } = shelves.getOrInsertComputed(nameOf(demand.path), () => ({
      read: readerOf(demand.path),
      byValue: new Map<unknown, CompiledPolicy[]>(),
    }));
    for (const value of new Set(demand.values)) byValue.getOrInsertComputed(value, () => []).push(policy);
  }
  const all = [...shelves.values()];
  return (subject, environment) => {
    let found = others;
    for (const { read, byValue } of all) {
      const filed = byValue.get(read(subject));
      if (filed) found = found.concat(filed);
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
