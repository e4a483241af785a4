import { readFileSync } from 'node:fs';
import type { Static } from '@signalbox/sdk';
import { warnConditions } from '../classification/check-conditions.ts';
import { checkRules } from '../classification/check-rules.ts';
import type { RuleProblem } from '../classification/rule-problem.ts';
import { DEFAULT_RULE_SET, ruleSet as ruleSetSchema, type RuleSet } from '../classification/rules.ts';
import type { ClassificationSettings } from '../model/classification-settings.ts';
import type { NamedPlace } from '../model/directory-settings.ts';
import { checkSchema } from './check-schema.ts';
import type { Finding } from './finding.ts';
import { listNames } from './list-names.ts';
import { readDocument } from './read-document.ts';
import type { Problem, Report } from './report.ts';
import { resolveFile } from './resolve-file.ts';
import { OWNER_LABELS, type classification } from './schema-classification.ts';
import { findingAt, pointerOf, type PathPart } from './tree.ts';

const PATH = ['classification'];
const MAX_FILE_BYTES = 8 * 1024 * 1024;

export async function resolveClassification(
  written: Static<typeof classification> | undefined,
  aliases: Readonly<Record<string, string>>,
  report: Report,
): Promise<ClassificationSettings | undefined> {
  if (!written) return undefined;
  const { environment, tenant, business_unit: businessUnit } = written.write_labels;
  return {
    ruleSet: withAliases(await resolveRuleSet(written, report), aliases),
    namespaceLabels: written.namespace_labels,
    clusterLabels: written.cluster_labels,
    ownerLabels: written.owner_labels,
    write: {
      ...(environment === undefined ? {} : { environment }),
      ...(tenant === undefined ? {} : { tenant }),
      ...(businessUnit === undefined ? {} : { businessUnit }),
    },
  };
}

/** Those of the rule set itself go before those of the directory. */
function withAliases(ruleSet: RuleSet, aliases: Readonly<Record<string, string>>): RuleSet {
  if (Object.keys(aliases).length === 0) return ruleSet;
  return { ...ruleSet, aliases: { ...aliases, ...ruleSet.aliases } };
}

async function resolveRuleSet(
  { file, rule_set: inline }: Static<typeof classification>,
  report: Report,
): Promise<RuleSet> {
  if (file !== undefined && inline !== undefined) {
    const message = 'expected either "file" or "rule_set", not both';
    report.error([...PATH, 'rule_set'], { code: 'wrong_value', message }, 'key');
  }
  if (inline !== undefined) {
    const at = (path: readonly PathPart[]) => [...PATH, 'rule_set', ...path];
    for (const { path, ...problem } of checkRules(inline))
      report.error(at(path), unquoted(problem, at(path), report));
    for (const { path, ...problem } of warnConditions(inline)) report.warn(at(path), problem);
    return inline;
  }
  if (file === undefined) return DEFAULT_RULE_SET;
  const before = report.errors.length;
  const path = await resolveFile(file, [...PATH, 'file'], report);
  if (report.errors.length > before) return DEFAULT_RULE_SET;
  const text = readFileSync(path, 'utf8');
  if (text.length > MAX_FILE_BYTES) {
    report.error([...PATH, 'file'], { code: 'wrong_value', message: 'this file is larger than 8 MiB' });
    return DEFAULT_RULE_SET;
  }
  const read = readRuleSetText(text, path);
  for (const finding of read.findings) report.add(finding);
  for (const warning of read.warnings) report.addWarning(warning);
  report.names.push(...read.names);
  return read.ruleSet ?? DEFAULT_RULE_SET;
}

/** The compiler quotes what it reads, which may not be shown when it came from outside. */
function unquoted(problem: Problem, path: readonly PathPart[], report: Report): Problem {
  const isQuoted = problem.code === 'bad_expression' && report.tree.external.has(pointerOf(path));
  return isQuoted ? { ...problem, message: 'this does not compile' } : problem;
}

/** A rule set in YAML or JSON; absent when anything is wrong with it. Findings stand where they are in that text. */
export function readRuleSetText(
  text: string,
  file: string,
): {
  readonly ruleSet?: RuleSet;
  readonly findings: readonly Finding[];
  /** What is merely suspicious. */
  readonly warnings: readonly Finding[];
  /** What it names of the organization. */
  readonly names: readonly NamedPlace[];
} {
  const { tree, findings } = readDocument(text, file);
  if (findings.length > 0) return { findings, warnings: [], names: [] };
  const checked = checkSchema(ruleSetSchema, tree.value, tree, '');
  if (checked.findings.length > 0) return { findings: checked.findings, warnings: [], names: [] };
  const ruleSet = checked.value as RuleSet;
  const place = ({ path, ...problem }: RuleProblem) => findingAt(tree, pointerOf(path), problem);
  const problems = checkRules(ruleSet).map(place);
  if (problems.length > 0) return { findings: problems, warnings: [], names: [] };
  const warnings = warnConditions(ruleSet).map(place);
  return { ruleSet, findings: [], warnings, names: listNames(tree, OWNER_LABELS) };
}
