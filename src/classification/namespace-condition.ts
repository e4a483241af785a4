import {
  compileExpression,
  isFault,
  isMissingField,
  type Budget,
  type ExpressionOptions,
} from '@signalbox/sdk';
import { compileGuards, readPath } from '../rules/text-test.ts';
import type { NamespaceFacts, Trouble } from './classification.ts';

/**
 * What expressions about namespaces may name, with its types: what rules can look at, under the words of `on`. The namespace is `name`, because CEL
 * keeps the word `namespace` for itself. What is not there reads as '', and `has(labels.team)` tells. Texts are as they were written: in any
 * case, and keys with their prefix.
 */
export const NAMESPACE_CONDITION: ExpressionOptions = {
  variables: {
    name: 'string',
    cluster: 'string',
    labels: 'map<string, string>',
    annotations: 'map<string, string>',
    owner: 'map<string, string>',
  },
  blank: ['labels', 'annotations', 'owner'],
  result: 'bool',
};

/** What one expression may cost one namespace, and all of them together, about 20 ms. */
const STEPS_PER_RULE = 20_000;
const STEPS_PER_NAMESPACE = 200_000;

/** A namespace under the names by which CEL knows it. */
interface NamespaceSubject {
  readonly name: string;
  readonly cluster: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly owner: Readonly<Record<string, string>>;
}

export interface NamespaceCondition {
  /** Throws the fault of an expression that fails on this namespace. */
  test(subject: NamespaceSubject, budget: Budget): boolean;
  /** Labels that it names; undefined: it may look at any. */
  readonly labels: readonly string[] | undefined;
  /** It contradicts itself. */
  readonly isNever: boolean;
}

/** Throws the fault `SB_CONFIG` with line and column inside of the expression. */
export function compileNamespaceCondition(when: string): NamespaceCondition {
  const expression = compileExpression(when, NAMESPACE_CONDITION);
  const { outline } = expression;
  const guards = compileGuards<NamespaceSubject>(outline, (path) => (subject) => readPath(subject, path));
  const read = outline.reads.filter(([variable]) => variable === 'labels').map(([, name]) => name);
  return {
    isNever: outline.isNever,
    labels: read.every((name) => name !== undefined) ? read : undefined,
    test(subject, budget) {
      for (const guard of guards) if (!guard(subject)) return false;
      return outline.isWhole || expression.evaluate({ ...subject }, budget) === true;
    },
  };
}

/** The conditions of one list of rules, by the id of the rule; those without one always hold. */
export type Conditions = ReadonlyMap<string, NamespaceCondition>;

export function compileConditions(
  rules: readonly { readonly id: string; readonly when?: string }[],
): Conditions {
  return new Map(
    rules.flatMap(({ id, when }) =>
      when === undefined ? [] : [[id, compileNamespaceCondition(when)] as const],
    ),
  );
}

/** The conditions asked about one namespace, each once. */
export interface Asked {
  holds(rule: string): boolean;
  /** Those that failed; they do not hold. */
  readonly troubles: readonly Trouble[];
}

const NOTHING_ASKED: Asked = { holds: () => true, troubles: [] };

export function askConditions(conditions: Conditions, facts: NamespaceFacts): Asked {
  if (conditions.size === 0) return NOTHING_ASKED;
  const { namespace: name, cluster = '', labels = {}, annotations = {}, owner = {} } = facts;
  const subject: NamespaceSubject = { name, cluster, labels, annotations, owner };
  const troubles: Trouble[] = [];
  const answers = new Map<string, boolean>();
  let left = STEPS_PER_NAMESPACE;

  function ask(rule: string): boolean {
    const condition = conditions.get(rule);
    if (!condition) return true;
    const given = Math.min(left, STEPS_PER_RULE);
    const budget: Budget = { steps: given };
    try {
      return condition.test(subject, budget);
    } catch (error) {
      if (!isMissingField(error))
        troubles.push({ rule, problem: isFault(error) ? error.message : String(error) });
      return false;
    } finally {
      left -= given - Math.max(0, budget.steps);
    }
  }

  return { holds: (rule) => answers.getOrInsertComputed(rule, ask), troubles };
}
