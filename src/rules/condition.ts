import { compileExpression, type Budget, type Demand, type Expression, type FieldPath } from '@signalbox/sdk';
import { createMatcher } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';
import type { ConditionText } from '../model/rule-settings.ts';
import { CONDITION } from './condition-language.ts';
import { contradict } from './contradiction.ts';
import type { Subject } from './subject.ts';
import { compileGuards, readerOf, textOf } from './text-test.ts';

/** A condition made ready. It is compiled once and holds no state. */
export interface Condition {
  /**
   * Throws the fault of an expression that fails on this alert; `isMissingField` tells those where only a field was not there. Texts that can be
   * compared are compared first, so most conditions that do not hold cost a look at one label.
   */
  test(subject: Subject, budget?: Budget): boolean;
  /** Fields that must have one of these texts for it to hold, so that many conditions can be filed under them. */
  readonly demands: readonly Demand[];
  /** Regular expressions that the whole text of a label must match for it to hold, for the same purpose. */
  readonly patterns: readonly Pick<Matcher, 'name' | 'value'>[];
  /** Fields that its expression names. */
  readonly reads: readonly FieldPath[];
  /** Nothing is asked, so it always holds. */
  readonly isEmpty: boolean;
  /** It contradicts itself. */
  readonly isNever: boolean;
}

/**
 * Compiles what stands in the configuration; matchers and expression must both hold. Throws the fault `SB_CONFIG` with line and column inside the
 * expression, or re2js' own error for a matcher.
 *
 * @example
 * compileCondition({ when: 'alert.labels.team == "db" && facts.environment != "production"' });
 */
export function compileCondition({ when, matchers = [] }: ConditionText): Condition {
  const compiled = matchers.map(({ name, op, value }) => createMatcher(name, op, value));
  const expression = when === undefined ? undefined : compileExpression(when, CONDITION);
  const demands = expression?.outline.demands ?? [];
  const guards = expression ? compileGuards(expression.outline, readerOf) : [];
  const isCompared = expression === undefined || expression.outline.isWhole;
  const equal = matchers.filter(({ op }) => op === '=');
  return {
    demands: [
      ...equal.map(({ name, value }) => ({ path: ['alert', 'labels', name], values: [value] })),
      ...demands,
    ],
    patterns: compiled.filter(({ op }) => op === '=~'),
    reads: expression?.outline.reads ?? [],
    isEmpty: expression === undefined && compiled.length === 0,
    isNever: isNever(compiled, expression),
    test(subject, budget) {
      for (const guard of guards) if (!guard(subject)) return false;
      for (const matcher of compiled)
        if (!matcher.test(textOf(subject.alert.labels, matcher.name))) return false;
      return isCompared || expression.evaluate(subject as never, budget) === true;
    },
  };
}

function isNever(matchers: readonly Matcher[], expression: Expression | undefined): boolean {
  if (expression?.outline.isNever || isAlwaysFalse(expression)) return true;
  return contradict([{ matchers, demands: expression?.outline.demands ?? [] }]);
}

/** What looks at nothing says the same of every alert, e.g. `1 > 2`. */
function isAlwaysFalse(expression: Expression | undefined): boolean {
  if (!expression || expression.outline.reads.length > 0) return false;
  try {
    return expression.evaluate({}) !== true;
  } catch {
    // It fails on every alert, which is counted and shown where alerts are.
    return true;
  }
}
