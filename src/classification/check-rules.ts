import { RE2JS } from 're2js';
import { checkCondition } from './check-conditions.ts';
import { ENVIRONMENTS } from './classification.ts';
import { NONPRODUCTION } from './decide-environment.ts';
import type { RuleProblem } from './rule-problem.ts';
import type { RuleSet } from './rules.ts';

/** The states of the automaton, each of which a character of a name may pass through. */
const MAX_PATTERN_SIZE = 1_000;

/** Finds everything at once, in the order of the file. A rule set without problems compiles. */
export function checkRules(ruleSet: RuleSet): readonly RuleProblem[] {
  const environments = new Set([...ENVIRONMENTS, ...Object.keys(ruleSet.environments)]);
  const known = [...environments].join(', ');
  const problems: RuleProblem[] = [];
  const expectEnvironment = (
    name: string,
    path: RuleProblem['path'],
    others: readonly string[] = [],
  ): void => {
    if (environments.has(name) || others.includes(name)) return;
    problems.push({
      path,
      code: 'unknown_environment',
      message: `there is no environment ${JSON.stringify(name)}`,
      hint: `known: ${[known, ...others].join(', ')}; declare others under "environments"`,
    });
  };
  expectEnvironment(ruleSet.nonproduction, ['nonproduction']);
  if (ruleSet.nonproduction === 'production' || ruleSet.environments[ruleSet.nonproduction]?.is_production) {
    problems.push({
      path: ['nonproduction'],
      code: 'wrong_value',
      message: 'what is not production can’t count as production',
    });
  }
  ruleSet.rules.forEach(({ says, is_final: isFinal }, index) => {
    expectEnvironment(says, ['rules', index, 'says'], [NONPRODUCTION, 'nothing']);
    if (says === 'nothing' && isFinal) {
      const message = 'a final rule has to say an environment';
      problems.push({ path: ['rules', index, 'is_final'], code: 'wrong_value', message });
    }
  });
  for (const list of ['rules', 'tenants'] as const) {
    problems.push(...checkIds(ruleSet[list], list));
    ruleSet[list].forEach((each, index) => {
      const { words = [], pattern } = each;
      problems.push(...checkCondition(each, [list, index]));
      words.forEach((word, at) => {
        if (/[a-z0-9]/i.test(word)) return;
        problems.push({
          path: [list, index, 'words', at],
          code: 'wrong_value',
          message: 'expected letters or digits',
        });
      });
      problems.push(...checkPattern(pattern, [list, index, 'pattern']));
    });
  }
  problems.push(...checkIds(ruleSet.standards, 'standards'));
  ruleSet.standards.forEach((standard, index) => {
    const at = ['standards', index] as const;
    problems.push(...checkPattern(standard.pattern, [...at, 'pattern']));
    problems.push(...checkPattern(standard.except, [...at, 'except']));
    standard.segments?.forEach((segment, position) =>
      problems.push(...checkPattern(segment.pattern, [...at, 'segments', position, 'pattern'])),
    );
    standard.environments?.forEach((name, position) =>
      expectEnvironment(name, [...at, 'environments', position]),
    );
  });
  return problems;
}

function checkIds(list: readonly { readonly id: string }[], name: string): readonly RuleProblem[] {
  const seen = new Set<string>();
  return list.flatMap(({ id }, index) => {
    if (!seen.has(id)) {
      seen.add(id);
      return [];
    }
    const message = `the id ${JSON.stringify(id)} stands twice in ${name}`;
    return [{ path: [name, index, 'id'], code: 'duplicate_id', message }];
  });
}

function checkPattern(pattern: string | undefined, path: RuleProblem['path']): readonly RuleProblem[] {
  if (pattern === undefined) return [];
  const size = sizeOf(pattern);
  if (size <= MAX_PATTERN_SIZE) return [];
  return [
    {
      path,
      code: 'bad_pattern',
      message:
        size === Infinity ? 'this is no regular expression of RE2' : 'this regular expression is too large',
      hint: 'RE2 has no look-around, no back-references and no repeats over 1000',
    },
  ];
}

function sizeOf(pattern: string): number {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return Infinity;
  }
}
