import { classify } from './classify.ts';
import type { Classification } from './classification.ts';
import type { CompiledClassification } from './compile.ts';
import type { ExpectedCase } from './parse-cases.ts';

/** How well one environment is recognized. A ratio is undefined when there is nothing to divide by. */
export interface EnvironmentScore {
  readonly environment: string;
  /** Of those that were classified as it, the share that are. */
  readonly precision: number | undefined;
  /** Of those that are, the share that were classified as it. */
  readonly recall: number | undefined;
  readonly expected: number;
}

export interface Miss {
  readonly expected: ExpectedCase;
  readonly classification: Classification;
}

/** What a rule set makes of namespaces whose answers are known. Figures are of the clear ones unless they say otherwise. */
export interface Evaluation {
  readonly total: number;
  readonly clear: number;
  readonly correct: number;
  /** From 0 to 1; 1 when nothing is clear. */
  readonly accuracy: number;
  readonly scores: readonly EnvironmentScore[];
  /** Expected environment → classified environment → how many. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Production that was classified as something else, the ambiguous included. There must be none. */
  readonly falseNegatives: readonly Miss[];
  /** Something else that was classified as production. */
  readonly falseProduction: readonly Miss[];
  /** All clear ones with another answer, in the order of the file. */
  readonly misses: readonly Miss[];
  /** Ids of the rules that found nothing in any of them. */
  readonly unmatchedRules: readonly string[];
  /** Ids of the rules whose expression failed on any of them. */
  readonly failedRules: readonly string[];
}

/** Classifies each case and compares. Declared environments that count as production are production here as well. */
export function evaluate(compiled: CompiledClassification, cases: readonly ExpectedCase[]): Evaluation {
  const matched = new Set<string>();
  const results = cases.map(
    (expected): Miss => ({ expected, classification: classify(compiled, expected.facts, matched) }),
  );
  const clear = results.filter(({ expected }) => expected.isClear);
  const misses = clear.filter(isWrong);
  const isProduction = ({ expected }: Miss): boolean => compiled.production.has(expected.environment);
  const rules = [...compiled.rules.map(({ id }) => id), ...compiled.tenants.map(({ rule }) => rule.id)];
  return {
    total: results.length,
    clear: clear.length,
    correct: clear.length - misses.length,
    accuracy: clear.length === 0 ? 1 : 1 - misses.length / clear.length,
    scores: scoresOf(clear),
    confusion: confusionOf(clear),
    falseNegatives: results.filter((result) => isProduction(result) && !result.classification.isProduction),
    falseProduction: clear.filter((result) => !isProduction(result) && result.classification.isProduction),
    misses,
    unmatchedRules: rules.filter((id) => !matched.has(id)),
    failedRules: [
      ...new Set(
        results.flatMap(({ classification: { troubles = [] } }) => troubles.map(({ rule }) => rule)),
      ),
    ],
  };
}

function isWrong({ expected, classification }: Miss): boolean {
  return expected.environment !== classification.environment;
}

function scoresOf(results: readonly Miss[]): readonly EnvironmentScore[] {
  const names = new Set(
    results.flatMap(({ expected, classification }) => [expected.environment, classification.environment]),
  );
  return [...names].sort().map((environment) => {
    const expected = results.filter((result) => result.expected.environment === environment);
    const classified = results.filter((result) => result.classification.environment === environment);
    const right = expected.filter((result) => !isWrong(result)).length;
    return {
      environment,
      precision: classified.length === 0 ? undefined : right / classified.length,
      recall: expected.length === 0 ? undefined : right / expected.length,
      expected: expected.length,
    };
  });
}

function confusionOf(results: readonly Miss[]): Evaluation['confusion'] {
  const confusion: Record<string, Record<string, number>> = {};
  for (const { expected, classification } of results) {
    const row = (confusion[expected.environment] ??= {});
    row[classification.environment] = (row[classification.environment] ?? 0) + 1;
  }
  return confusion;
}
