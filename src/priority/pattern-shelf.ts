import { RE2Set } from 're2js';
import type { CompiledPolicy } from './policy.ts';

/** One policy, and a regular expression that the whole text of a label has to match for it to hold. */
export interface Filed {
  readonly policy: CompiledPolicy;
  readonly pattern: string;
}

/** Patterns that are matched in one pass. More of them in one automaton make some kinds of patterns slower, `.*-team7-.*` above all. */
const PATTERNS_PER_SET = 50;
/** Texts whose verdict is kept, per label; those that were not asked for the longest go first. */
export const KEPT_TEXTS = 1_000;
/** Longer texts come from nobody who sends them often. */
const LONGEST_KEPT = 512;

/**
 * Files policies under the regular expressions of one label: many are matched at once, and the verdict on a text is kept, because labels have few
 * values. The same text always finds the same policies.
 */
export function createPatternShelf(filed: readonly Filed[]): (text: string) => readonly CompiledPolicy[] {
  const parts = Array.from({ length: Math.ceil(filed.length / PATTERNS_PER_SET) }, (_, part) =>
    combine(filed.slice(part * PATTERNS_PER_SET, (part + 1) * PATTERNS_PER_SET)),
  );
  // A map keeps the order of insertion, so the first key is the one that was used the longest ago.
  const kept = new Map<string, readonly CompiledPolicy[]>();
  return (text) => {
    const known = kept.get(text);
    const found = known ?? parts.flatMap((match) => match(text));
    if (text.length > LONGEST_KEPT) return found;
    if (known) kept.delete(text);
    else if (kept.size >= KEPT_TEXTS) kept.delete(kept.keys().next().value!);
    kept.set(text, found);
    return found;
  };
}

function combine(filed: readonly Filed[]): (text: string) => readonly CompiledPolicy[] {
  const set = new RE2Set(RE2Set.ANCHOR_BOTH);
  for (const { pattern } of filed) set.add(pattern);
  set.compile();
  return (text) => set.match(text).map((index) => filed[index]!.policy);
}
