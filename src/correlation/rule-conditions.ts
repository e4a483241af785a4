import { createMemory, isFault, isMissingField } from '@signalbox/sdk';
import { matches, type Matcher } from '../model/matcher.ts';
import type { CorrelationRule } from '../model/settings.ts';
import { compileCondition, type Condition } from '../rules/condition.ts';
import { subjectOfAlert, type Viewed } from '../rules/subject-of-alert.ts';

/** What rules of correlation see of an alert. */
export type Placeable = Omit<Viewed, 'status'>;

/** An expression that failed on an alert, and therefore did not hold. */
export interface Trouble {
  readonly rule: string;
  readonly problem: string;
}

/** What one part of a rule asks of an alert; `troubles` gets what failed. */
type Ask = (alert: Placeable, troubles?: Trouble[]) => boolean;

export interface RuleConditions {
  /** Whether alerts of the rule are in its incidents. */
  readonly takes: Ask;
  /** Whether an alert tells of a change. */
  readonly isChange: Ask;
  /** Whether an alert is the parent of the others. */
  readonly isParent: Ask;
}

/** What one expression may cost one alert, about 2 ms at most. */
const STEPS = 20_000;

const NEVER: Ask = () => false;

const compiled = createMemory((rule: CorrelationRule): RuleConditions => {
  const { id, matchers, when, parent, parentWhen, changes, changesWhen } = rule;
  const isAsked = (asked: readonly Matcher[], text: string | undefined) =>
    asked.length > 0 || text !== undefined;
  return {
    takes: compile(id, matchers, when),
    isChange: isAsked(changes, changesWhen) ? compile(id, changes, changesWhen) : NEVER,
    isParent: isAsked(parent, parentWhen) ? compile(id, parent, parentWhen) : NEVER,
  };
});

/** The conditions of a rule; compiled once per configuration, because settings cross threads as plain data. */
export function conditionsOf(rule: CorrelationRule): RuleConditions {
  return compiled.of(rule);
}

/** Whether what a rule makes of an alert can be another without other labels. */
export function hasExpression({ when, changesWhen }: CorrelationRule): boolean {
  return when !== undefined || changesWhen !== undefined;
}

function compile(id: string, matchers: readonly Matcher[], when: string | undefined): Ask {
  if (when === undefined) return ({ labels }) => matches(matchers, labels);
  const condition = compileCondition({ when });
  return (alert, troubles) =>
    matches(matchers, alert.labels) &&
    holds(condition, alert, (problem) => troubles?.push({ rule: id, problem }));
}

/**
 * An expression sees an alert as it is while it fires, at the time at which it began: so the same alert has the same place whenever it is asked
 * for, after its end as well, and replay finds the place that was found first.
 */
function holds(condition: Condition, alert: Placeable, fail: (problem: string) => void): boolean {
  try {
    return condition.test(subjectOfAlert({ ...alert, status: 'firing' }, alert.startsAt), { steps: STEPS });
  } catch (error) {
    if (!isMissingField(error)) fail(isFault(error) ? error.message : String(error));
    return false;
  }
}
