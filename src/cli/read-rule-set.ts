import type { NamespaceFacts } from '../classification/classification.ts';
import { compileClassification, type CompiledClassification } from '../classification/compile.ts';
import { parseCases, type ExpectedCase } from '../classification/parse-cases.ts';
import { DEFAULT_RULE_SET } from '../classification/rules.ts';
import type { NamedPlace } from '../model/directory-settings.ts';
import { formatFinding, type Finding } from '../settings/finding.ts';
import { readRuleSetText } from '../settings/resolve-classification.ts';
import { readText, refuse } from './read-text.ts';
import type { Terminal } from './terminal.ts';

/** The rules of a file, or the built-in ones. Throws with every finding, each with file, line and column; what is merely suspicious is remarked. */
export function readRuleSet(
  file: string | undefined,
  { remark }: Pick<Terminal, 'remark'>,
): CompiledClassification {
  if (file === undefined) return compileClassification(DEFAULT_RULE_SET);
  const { ruleSet, findings, warnings } = readRuleSetText(readText(file), file);
  refuse(findings);
  for (const warning of warnings) remark(`warning: ${formatFinding(warning)}`);
  return compileClassification(ruleSet!);
}

/** The names of the organization in a file of rules. */
export function readNames(file: string): readonly NamedPlace[] {
  const { names, findings } = readRuleSetText(readText(file), file);
  refuse(findings);
  return names;
}

/** The namespaces of a table whose answers nobody needs to know. */
export function readNamespaces(file: string): readonly NamespaceFacts[] {
  const { cases, problems } = parseCases(readText(file), ['name']);
  refuse(problems.map((problem): Finding => ({ ...problem, code: 'bad_case', file, path: '' })));
  return cases.map(({ facts }) => facts);
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
