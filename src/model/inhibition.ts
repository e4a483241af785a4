import { hash } from 'node:crypto';
import type { Labels, Matcher } from './matcher.ts';
import { matches } from './matcher.ts';
import { formatMatchers, sortMatchers } from './create-matcher.ts';

/**
 * While an alert that the source matchers take fires, those that the target matchers take and that have the same values of the labels in
 * `equal` are held (https://prometheus.io/docs/alerting/latest/configuration/#inhibition-related-settings).
 */
export interface InhibitRule {
  /** Names it in decisions; default: its place in the list, from 1. */
  readonly name: string;
  readonly sourceMatchers: readonly Matcher[];
  readonly targetMatchers: readonly Matcher[];
  /** A label that both alerts lack is equal. */
  readonly equal: readonly string[];
}

/** Where a firing alert stands as a source: the rule with the values of its equal labels. */
export interface InhibitorKey {
  readonly key: string;
  /** The rule's name; absent: it stands there for another reason. It is not stored. */
  readonly rule?: string;
  /** The alert is a target of the rule as well; then it does not inhibit what is a source as well. */
  readonly twoSided: boolean;
}

/** What a target asks for. */
export interface InhibitionQuestion {
  readonly key: string;
  readonly rule: string;
  /** The target is a source of the rule as well: only sources that are no targets count. */
  readonly oneSidedOnly: boolean;
}

/** The same for rules of the same meaning, so that what was written under one configuration counts under the next. */
export function inhibitRuleKey(rule: InhibitRule): string {
  const { sourceMatchers, targetMatchers, equal } = rule;
  const sides = [sourceMatchers, targetMatchers].map((side) => formatMatchers(sortMatchers(side)));
  return hash('sha256', JSON.stringify([...sides, equal.toSorted()]), 'base64url').slice(0, 16);
}

/** The rule's key with the values of its equal labels; two alerts have the same one when the rule may hold one for the other. */
export function equalKey(ruleKey: string, equal: readonly string[], labels: Labels): string {
  if (equal.length === 0) return ruleKey;
  const values = equal.toSorted().map((name) => (Object.hasOwn(labels, name) ? labels[name] : ''));
  return `${ruleKey}/${hash('sha256', JSON.stringify(values), 'base64url').slice(0, 22)}`;
}

export function isTarget(rule: InhibitRule, labels: Labels): boolean {
  return matches(rule.targetMatchers, labels);
}

export function isSource(rule: InhibitRule, labels: Labels): boolean {
  return matches(rule.sourceMatchers, labels);
}
