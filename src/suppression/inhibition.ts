import {
  equalKey,
  inhibitRuleKey,
  isSource,
  isTarget,
  type InhibitionQuestion,
  type InhibitorKey,
  type InhibitRule,
} from '../model/inhibition.ts';
import { createMatcherIndex } from '../model/matcher-index.ts';
import type { Labels } from '../model/matcher.ts';

/** Inhibition rules, ready to be asked for many alerts. */
export interface Inhibition {
  /** Where a firing alert stands as a source. */
  keysOf(labels: Labels): readonly InhibitorKey[];
  /** What may hold an alert: one question per rule of which it is a target. */
  questionsOf(labels: Labels): readonly InhibitionQuestion[];
  readonly isEmpty: boolean;
  /** Changes when what `keysOf` says changes. */
  readonly signature: string;
}

const compiled = new WeakMap<readonly InhibitRule[], Inhibition>();

/** Compiled once per configuration. */
export function inhibitionOf(rules: readonly InhibitRule[]): Inhibition {
  let known = compiled.get(rules);
  if (!known) compiled.set(rules, (known = compileInhibition(rules)));
  return known;
}

function compileInhibition(rules: readonly InhibitRule[]): Inhibition {
  const keyed = rules.map((rule) => ({ rule, key: inhibitRuleKey(rule) }));
  const bySource = createMatcherIndex(keyed, ({ rule }) => rule.sourceMatchers);
  const byTarget = createMatcherIndex(keyed, ({ rule }) => rule.targetMatchers);
  return {
    keysOf: (labels) =>
      bySource.find(labels).map(({ rule, key }) => ({
        key: equalKey(key, rule.equal, labels),
        rule: rule.name,
        twoSided: isTarget(rule, labels),
      })),
    questionsOf: (labels) =>
      byTarget.find(labels).map(({ rule, key }) => ({
        key: equalKey(key, rule.equal, labels),
        rule: rule.name,
        oneSidedOnly: isSource(rule, labels),
      })),
    isEmpty: rules.length === 0,
    signature: keyed
      .map(({ key }) => key)
      .toSorted()
      .join(),
  };
}
