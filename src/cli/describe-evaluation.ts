import type { Evaluation, Miss } from '../classification/evaluate.ts';
import { explainClassification } from '../classification/explain.ts';
import { percent } from './ratio.ts';
import { renderFields, renderTable } from './table.ts';
import type { Terminal } from './terminal.ts';

/** More would hide the figures; `--json` has them all. */
const SHOWN_MISSES = 20;

/** What an evaluation says, for people. */
export function describeEvaluation(evaluation: Evaluation, terminal: Terminal): string {
  const { total, clear, correct, accuracy, falseNegatives, falseProduction } = evaluation;
  const { unmatchedRules, failedRules } = evaluation;
  const failed = falseNegatives.length > 0;
  const figures = renderFields(
    [
      ['namespaces', `${total}, of which ${clear} have a clear answer`],
      ['accuracy', `${percent(accuracy)} (${correct} of ${clear})`],
      [
        'production false negatives',
        { text: String(falseNegatives.length), style: failed ? 'red' : 'green' },
      ],
      ['counted as production, and are not', `${falseProduction.length}`],
    ],
    terminal,
  );
  return [
    figures,
    scoreTable(evaluation, terminal),
    confusionTable(evaluation, terminal),
    missList('Production that would be missed', falseNegatives, terminal),
    missList('Other answers than expected', evaluation.misses, terminal),
    unmatchedRules.length === 0 ? '' : `Rules that never matched: ${unmatchedRules.join(', ')}`,
    failedRules.length === 0 ? '' : `Rules that failed: ${failedRules.join(', ')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** The same for programs. */
export function presentEvaluation(evaluation: Evaluation): object {
  const misses = (list: readonly Miss[]): readonly object[] =>
    list.map(({ expected, classification }) => ({
      line: expected.line,
      namespace: classification.namespace,
      expected: expected.environment,
      environment: classification.environment,
      certainty: classification.certainty,
      reason: explainClassification(classification),
    }));
  return {
    total: evaluation.total,
    clear: evaluation.clear,
    correct: evaluation.correct,
    accuracy: evaluation.accuracy,
    environments: Object.fromEntries(
      evaluation.scores.map(({ environment, ...score }) => [environment, score]),
    ),
    confusion: evaluation.confusion,
    false_negatives: misses(evaluation.falseNegatives),
    false_production: misses(evaluation.falseProduction),
    misses: misses(evaluation.misses),
    unmatched_rules: evaluation.unmatchedRules,
    failed_rules: evaluation.failedRules,
  };
}

function scoreTable({ scores }: Evaluation, terminal: Terminal): string {
  return renderTable(
    [
      { title: 'environment' },
      { title: 'expected', align: 'right' },
      { title: 'precision', align: 'right' },
      { title: 'recall', align: 'right' },
    ],
    scores.map(({ environment, expected, precision, recall }) => [
      environment,
      String(expected),
      percent(precision),
      percent(recall),
    ]),
    terminal,
  );
}

function confusionTable({ scores, confusion }: Evaluation, terminal: Terminal): string {
  const names = scores.map(({ environment }) => environment);
  return renderTable(
    [{ title: 'expected ↓ classified →' }, ...names.map((title) => ({ title, align: 'right' as const }))],
    names.map((expected) => [expected, ...names.map((name) => String(confusion[expected]?.[name] ?? 0))]),
    terminal,
  );
}

function missList(title: string, misses: readonly Miss[], { paint }: Terminal): string {
  if (misses.length === 0) return '';
  const lines = misses
    .slice(0, SHOWN_MISSES)
    .map(
      ({ expected, classification }) =>
        `  line ${expected.line}: ${classification.namespace} is ${expected.environment}, classified as ${classification.environment}: ${explainClassification(classification)}`,
    );
  const more = misses.length > SHOWN_MISSES ? [`  and ${misses.length - SHOWN_MISSES} more`] : [];
  return [paint('bold', title), ...lines, ...more].join('\n');
}
