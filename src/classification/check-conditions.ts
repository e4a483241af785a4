import { isFault } from '@signalbox/sdk';
import { compileNamespaceCondition, type NamespaceCondition } from './namespace-condition.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { Rule, RuleSet, TenantRule } from './rules.ts';

const LISTS = ['rules', 'tenants'] as const;
/** What belongs to words and patterns. */
const OF_WORDS = ['on', 'keys', 'position', 'is_ordinary'] as const;

/** What a rule looks for, and whether its expression compiles. */
export function checkCondition(rule: Rule | TenantRule, path: RuleProblem['path']): readonly RuleProblem[] {
  const hasWords = (rule.words ?? []).length > 0 || rule.pattern !== undefined;
  if (!hasWords && rule.when === undefined) {
    const message = 'a rule needs "words", "pattern" or "when"; this one can never match';
    return [{ path, code: 'missing_key', message }];
  }
  if (hasWords && rule.on === undefined) {
    const message = 'a rule with words or a pattern needs "on", which says where to look for them';
    return [{ path, code: 'missing_key', message }];
  }
  const idle = hasWords ? [] : OF_WORDS.filter((key) => key in rule);
  const problems = idle.map((key): RuleProblem => {
    const message = `"${key}" is about words and patterns, and this rule has only an expression`;
    return { path: [...path, key], code: 'wrong_value', message };
  });
  if (!hasWords && 'says' in rule && rule.says === 'nothing') {
    const message = 'a rule that says nothing needs words or a pattern that it says nothing about';
    problems.push({ path: [...path, 'says'], code: 'wrong_value', message });
  }
  const compiled = compile(rule.when);
  return typeof compiled === 'string'
    ? [
        ...problems,
        {
          path: [...path, 'when'],
          code: 'bad_expression',
          message: `this does not compile: ${compiled}`,
          hint: 'it may name name, cluster, labels, annotations and owner',
        },
      ]
    : problems;
}

/** Expressions that can never be true: most likely a typing error, so a warning. Those that do not compile are left to `checkRules`. */
export function warnConditions(ruleSet: RuleSet): readonly RuleProblem[] {
  return LISTS.flatMap((list) =>
    ruleSet[list].flatMap(({ when }, index): readonly RuleProblem[] => {
      const compiled = compile(when);
      if (typeof compiled !== 'object' || !compiled.isNever) return [];
      const message = 'this rule can never match: its expression contradicts itself';
      return [{ path: [list, index, 'when'], code: 'rule_never_matches', message }];
    }),
  );
}

/** A text says why it does not compile. */
function compile(when: string | undefined): NamespaceCondition | string | undefined {
  if (when === undefined) return undefined;
  try {
    return compileNamespaceCondition(when);
  } catch (error) {
    if (isFault(error)) return error.message.replace(/\.$/, '');
    throw error;
  }
}
