import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { RE2JS } from 're2js';
import { compileClassification } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { explainClassification } from './explain.ts';
import { FUSED_PRODUCTION } from './fused-production.ts';
import { parseCases, type ExpectedCase } from './parse-cases.ts';
import { createTextReader, readText } from './read-text.ts';
import { DEFAULT_RULE_SET } from './rules.ts';

const folder = new URL('../../test/corpus/namespaces/', import.meta.url);
const compiled = compileClassification(DEFAULT_RULE_SET);
const TRAIN = ['train-handwritten.csv', 'train-composed.csv'];
const HOLDOUT = ['holdout-handwritten.csv', 'holdout-composed.csv'];

function readCorpus(files: readonly string[]): readonly ExpectedCase[] {
  return files.flatMap((file) => {
    const { cases, problems } = parseCases(readFileSync(new URL(file, folder), 'utf8'));
    assert.deepEqual(problems, [], file);
    return cases;
  });
}

test('the corpus holds at least 2,000 names, 400 of them written by hand, and every ambiguous one counts as production', () => {
  const byHand = readCorpus([TRAIN[0]!, HOLDOUT[0]!]);
  const all = readCorpus([...TRAIN, ...HOLDOUT]);
  assert.ok(all.length >= 2_000, String(all.length));
  assert.ok(byHand.length >= 400, String(byHand.length));
  const wrong = all.filter(({ isClear, environment }) => !isClear && environment !== 'production');
  assert.deepEqual(wrong, []);
});

test('the composed files are what the generator writes', () => {
  const { status, stdout } = spawnSync(process.execPath, [
    fileURLToPath(new URL('generate.ts', folder)),
    '--check',
  ]);
  assert.equal(status, 0, String(stdout));
});

for (const [half, files] of [
  ['that the rules were written for', TRAIN],
  ['that the rules were not written for', HOLDOUT],
] as const) {
  test(`[BR-QUAL-001] [BR-QUAL-002] [KUB-004] on schemes ${half}, accuracy is above 99 % and no production is missed`, () => {
    const { accuracy, clear, falseNegatives, falseProduction } = evaluate(compiled, readCorpus(files));
    const missed = falseNegatives.map(
      ({ classification }) => `${classification.namespace}: ${explainClassification(classification)}`,
    );
    assert.deepEqual(missed, []);
    assert.ok(accuracy > 0.99, `accuracy ${accuracy} of ${clear}`);
    const others = readCorpus(files).filter(
      ({ isClear, environment }) => isClear && environment !== 'production',
    );
    const ratio = falseProduction.length / others.length;
    assert.ok(ratio <= 0.01, `${falseProduction.length} of ${others.length} count as production and are not`);
  });
}

test('[BR-QUAL-012] more than 95 % of the built-in rules are tried by the corpus, and the names of those that are not are reported', () => {
  const { unmatchedRules } = evaluate(compiled, readCorpus([...TRAIN, ...HOLDOUT]));
  const tried = 1 - unmatchedRules.length / compiled.rules.length;
  assert.ok(tried > 0.95, `never matched: ${unmatchedRules.join(', ')}`);
});

// Written so that both engines know them; the platform's own backtracking one is the oracle.
const PATTERNS = [
  '^(?:[a-z]{2,3}[0-9]?-)?(?:dev|test|prod)(?:-[a-z0-9]+)+$',
  '(?:^|-)(?:prod|production|prd)(?:-(?:blue|green|[0-9]{1,3}))?$',
  '^[a-f0-9]{6}-(?:dev|test|prod|tools)$',
  '^(?:(?:eu|us|ap)-(?:west|east|southeast)-[0-9]-)',
  '(?i)PROD(?:UCTION)?',
  '^(?:a|ab|abc)*(?:-|$)',
  '\\b[a-z]+[0-9]+\\b',
  '^[^-]+(?:-[^-]+){2}$',
  '(?:^|-)pr-?[0-9]+(?:$|-)',
  '^.{1,12}$|^.{40,}$',
];

test('[BR-QUAL-003] complex patterns match the same names as the platform’s own engine does', () => {
  const names = readCorpus([...TRAIN, ...HOLDOUT]).map(({ facts }) => facts.namespace);
  let matched = 0;
  for (const pattern of PATTERNS) {
    const linear = RE2JS.compile(pattern);
    const oracle = new RegExp(pattern.replace('(?i)', ''), pattern.startsWith('(?i)') ? 'i' : '');
    for (const name of names) {
      assert.equal(linear.test(name), oracle.test(name), `${pattern} on ${name}`);
      if (linear.test(name)) matched += 1;
    }
  }
  assert.ok(matched > names.length, 'the patterns match something');
});

test('[BR-QUAL-003] a dozen patterns looked for at once find what each finds alone, in the order of the rules', () => {
  const rules = [...PATTERNS, '^p', 'o'].map((pattern, index) => ({
    id: `pattern-${index}`,
    on: ['name' as const],
    pattern,
    says: 'production',
  }));
  const reader = createTextReader(rules);
  const compiledAlone = rules.map(({ pattern }) => RE2JS.compile(pattern));
  for (const { facts } of readCorpus([...TRAIN, ...HOLDOUT])) {
    const found = readText(reader, facts.namespace, () => true).filter(
      ({ rule }) => rule !== FUSED_PRODUCTION,
    );
    const alone = rules.filter((_, index) => compiledAlone[index]!.test(facts.namespace));
    assert.deepEqual(
      found.map(({ rule }) => rule),
      alone.map(({ id }) => id),
      facts.namespace,
    );
  }
});
