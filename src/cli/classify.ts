import { classify } from '../classification/classify.ts';
import type { Classification, NamespaceFacts } from '../classification/classification.ts';
import { evaluate } from '../classification/evaluate.ts';
import { explainClassification } from '../classification/explain.ts';
import { defineCommand } from './command.ts';
import { CommandError } from './command-error.ts';
import { describeEvaluation, presentEvaluation } from './describe-evaluation.ts';
import { compareConfigurations, describeComparison } from './compare-configurations.ts';
import { compareWithDirectory, describeNames } from './compare-directory.ts';
import { CONFIG_FLAGS, JSON_FLAG } from './flags.ts';
import { readPairs } from './pairs.ts';
import { readRatio } from './ratio.ts';
import { readCases, readNames, readNamespaces, readRuleSet } from './read-rule-set.ts';
import { readSettings, type SettingsFlags } from './read-settings.ts';
import { renderTable, type Cell } from './table.ts';
import { printJson, type Terminal } from './terminal.ts';

/** What the requirements ask of a rule set (BR-QUAL-001). */
const MIN_ACCURACY = '0.99';

export default defineCommand({
  description: [
    'Says which environment namespaces belong to, how certain that is, and why. What is unknown or contradictory counts as production. Without `--rules` the built-in rules are used; nobody is contacted.',
    'With `--expect` it tries the rules on namespaces whose answers are known, and prints accuracy, precision and recall by environment, the confusion matrix, every production namespace that would be missed, and the rules that never matched. The file has comma-separated columns: `name`, `environment`, and if need be `labels` (`key=value;key=value`), `cluster`, `clarity` (`clear` or `ambiguous`, which does not count for accuracy) and `scheme`.',
    'With `--directory` it compares the names of owners, teams, tenants, units and cost centers with a directory of the organization: those of the configuration, or of `--rules`. Each that is unknown there, was renamed or is no longer active is shown with file, line and column, and what to do; exit code 1 when there is one.',
    'With `--compare` it prints which outcomes (environment, owner, tenant, business unit, criticality, priority) another configuration would change for these namespaces, or those of `--namespaces`, and how many lines of the two differ.',
    'Exit code 1 when a production namespace would be missed or the accuracy is below `--min-accuracy`, 2 when the rules or the file are wrong.',
  ],
  positionals: [{ name: 'NAME', description: 'A namespace', isOptional: true, isRepeated: true }],
  flags: {
    rules: { type: 'string', alias: 'r', description: 'Rules in YAML or JSON', hint: 'FILE' },
    expect: { type: 'string', description: 'Namespaces with the answers that are right', hint: 'FILE' },
    'min-accuracy': {
      type: 'string',
      description: `The least accuracy, from 0 to 1; default ${MIN_ACCURACY}`,
      hint: 'RATIO',
    },
    label: {
      type: 'strings',
      alias: 'l',
      description: 'A label that the namespaces have; may be repeated',
      hint: 'KEY=VALUE',
    },
    directory: {
      type: 'string',
      description: 'Look names up in this integration of the configuration',
      hint: 'INTEGRATION',
    },
    compare: {
      type: 'string',
      description: 'A configuration that might take the place of `--config`',
      hint: 'FILE',
    },
    namespaces: {
      type: 'string',
      description: 'A table of namespaces to compare; only the column `name` is needed',
      hint: 'FILE',
    },
    cluster: { type: 'string', description: 'The cluster that the namespaces are in', hint: 'NAME' },
    ...CONFIG_FLAGS,
    ...JSON_FLAG,
  },
  examples: [
    { line: 'signalbox classify shop-dev shop-prod kube-system', what: 'what would they count as, and why?' },
    { line: 'signalbox classify shop --label env=qa --cluster prod-1', what: 'with what else is known' },
    {
      line: 'signalbox classify --rules rules.yaml --expect namespaces.csv',
      what: 'are my rules good enough?',
    },
    {
      line: 'signalbox classify --compare next.yaml --namespaces namespaces.csv',
      what: 'what would change after the reorganization?',
    },
    { line: 'signalbox classify --directory people', what: 'are the names still those of the organization?' },
  ],
  async run({ flags, positionals, terminal }) {
    const { expect, rules, json, directory } = flags;
    if (directory !== undefined) return showNames(directory, flags, terminal);
    if (flags.compare !== undefined) return showChanges(flags.compare, flags, positionals, terminal);
    if ((expect === undefined) === (positionals.length === 0)) {
      throw new CommandError('usage', 'name either namespaces or a file with --expect');
    }
    const minAccuracy = readRatio('--min-accuracy', flags['min-accuracy'] ?? MIN_ACCURACY);
    const compiled = readRuleSet(rules, terminal);
    if (expect === undefined) {
      const facts = { labels: readPairs('--label', flags.label), ...clusterOf(flags.cluster) };
      const results = positionals.map((namespace) => classify(compiled, { namespace, ...facts }));
      if (json) printJson(terminal, { items: results.map(present) });
      else terminal.print(describe(results, terminal));
      return 0;
    }
    const evaluation = evaluate(compiled, readCases(expect, compiled));
    if (json) printJson(terminal, presentEvaluation(evaluation));
    else terminal.print(describeEvaluation(evaluation, terminal));
    return evaluation.falseNegatives.length > 0 || evaluation.accuracy < minAccuracy ? 1 : 0;
  },
});

/** The names of the rules, or of the whole configuration, against a directory. */
async function showNames(
  integration: string,
  { rules, json, ...flags }: SettingsFlags & { readonly rules: string | undefined; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const read = await readSettings(flags);
  const names = rules === undefined ? read.settings.names : readNames(rules);
  const check = await compareWithDirectory(read, terminal, { integration, ...(names ? { names } : {}) });
  if (json) printJson(terminal, { ...check });
  else terminal.print(describeNames(check));
  return check.findings.length === 0 ? 0 : 1;
}

type CompareFlags = SettingsFlags & {
  readonly namespaces: string | undefined;
  readonly label: readonly string[];
  readonly cluster: string | undefined;
  readonly json: boolean;
};

/** What another configuration would change. */
async function showChanges(
  candidate: string,
  { namespaces: file, label, cluster, json, config, profile }: CompareFlags,
  names: readonly string[],
  terminal: Terminal,
): Promise<number> {
  if ((file === undefined) === (names.length === 0))
    throw new CommandError('usage', 'name either namespaces or a file with --namespaces');
  const facts = { labels: readPairs('--label', label), ...clusterOf(cluster) };
  const namespaces =
    file === undefined ? names.map((namespace) => ({ namespace, ...facts })) : readNamespaces(file);
  const comparison = await compareConfigurations({ config, profile }, candidate, namespaces, terminal);
  if (json) printJson(terminal, { ...comparison });
  else terminal.print(describeComparison(comparison, terminal));
  return 0;
}

function clusterOf(cluster: string | undefined): Pick<NamespaceFacts, 'cluster'> {
  return cluster === undefined ? {} : { cluster };
}

function describe(results: readonly Classification[], terminal: Terminal): string {
  const table = renderTable(
    [
      { title: 'namespace' },
      { title: 'environment' },
      { title: 'certainty' },
      { title: 'why', isFlexible: true },
    ],
    results.map((result) => [
      result.namespace,
      environmentCell(result),
      result.certainty,
      explainClassification(result),
    ]),
    terminal,
  );
  const findings = results.flatMap(({ namespace, findings: list }) =>
    list.map(({ standard, message, advice }) => `${namespace}: ${message} [${standard}]. ${advice}`),
  );
  const failed = results.flatMap(({ namespace, troubles = [] }) =>
    troubles.map(({ rule, problem }) => `${namespace}: the rule ${rule} was passed over. ${problem}`),
  );
  return [table, findings.join('\n'), failed.join('\n')].filter((part) => part !== '').join('\n\n');
}

function environmentCell({ environment, isProduction }: Classification): Cell {
  return isProduction ? { text: environment, style: 'red' } : environment;
}

function present(result: Classification): object {
  const {
    namespace,
    environment,
    isProduction,
    certainty,
    reasons,
    tenant,
    businessUnit,
    findings,
    troubles,
  } = result;
  return {
    namespace,
    environment,
    is_production: isProduction,
    certainty,
    why: explainClassification(result),
    reasons: reasons.map(({ isHeard, ...reason }) => ({ ...reason, is_heard: isHeard })),
    ...(tenant === undefined ? {} : { tenant }),
    ...(businessUnit === undefined ? {} : { business_unit: businessUnit }),
    findings,
    ...(troubles === undefined ? {} : { troubles }),
  };
}
