import { checkRules } from '../classification/check-rules.ts';
import { compileClassification, type CompiledClassification } from '../classification/compile.ts';
import { parseCases, type ExpectedCase } from '../classification/parse-cases.ts';
import { DEFAULT_RULE_SET, ruleSet, type RuleSet } from '../classification/rules.ts';
import { checkSchema } from '../settings/check-schema.ts';
import type { Finding } from '../settings/finding.ts';
import { readDocument } from '../settings/read-document.ts';
import { findingAt, pointerOf } from '../settings/tree.ts';
import { readText, refuse } from './read-text.ts';

/** The rules of a file, or the built-in ones. Throws with every finding, each with file, line and column. */
export function readRuleSet(file: string | undefined): CompiledClassification {
  if (file === undefined) return compileClassification(DEFAULT_RULE_SET);
  const { tree, findings } = readDocument(readText(file), file);
  refuse(findings);
  const checked = checkSchema(ruleSet, tree.value, tree, '');
  refuse(checked.findings);
  const rules = checked.value as RuleSet;
  refuse(checkRules(rules).map(({ path, ...problem }) => findingAt(tree, pointerOf(path), problem)));
  return compileClassification(rules);
}

/** The cases of a table, with the environments that the rules can answer. */
export function readCases(file: string, { environments }: CompiledClassification): readonly ExpectedCase[] {
  const { cases, problems } = parseCases(readText(file));
  const unknown = cases.filter(({ environment }) => !environments.has(environment));
  const findings = [
    ...problems,
    ...unknown.map(({ line, environment }) => ({
      line,
      column: 1,
      message: `there is no environment ${JSON.stringify(environment)}; known: ${[...environments].join(', ')}`,
    })),
  ].map((problem): Finding => ({ ...problem, code: 'bad_case', file, path: '' }));
  refuse(findings);
  return cases;
}
