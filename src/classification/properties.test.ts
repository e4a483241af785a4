import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { classify } from './classify.ts';
import { ENVIRONMENTS, type NamespaceFacts } from './classification.ts';
import { compileClassification } from './compile.ts';
import { parseCases } from './parse-cases.ts';
import { DEFAULT_RULE_SET } from './rules.ts';

const compiled = compileClassification(DEFAULT_RULE_SET);
const clearNames = [
  'train-handwritten.csv',
  'train-composed.csv',
  'holdout-handwritten.csv',
  'holdout-composed.csv',
]
  .flatMap(
    (file) =>
      parseCases(readFileSync(new URL(`../../test/corpus/namespaces/${file}`, import.meta.url), 'utf8'))
        .cases,
  )
  .filter(({ isClear, environment }) => isClear && environment !== 'production')
  .map(({ facts }) => facts);
const clear = fc.constantFrom(...clearNames);
const word = fc.constantFrom('prod', 'production', 'prd', 'live', 'prod1', 'prd-02');
/** The words that turn a following production word into something else, which is what they are for. */
const NEGATION = /(?:^|-)(?:non|not|pre)$/;
const LIKENESS = /^like(?:-|$)/;

test('[BR-QUAL-002] a production word put anywhere into a clear name makes it production', () => {
  fc.assert(
    fc.property(clear, word, fc.nat(), (facts, production, at) => {
      const parts = facts.namespace.split('-');
      const index = at % (parts.length + 1);
      const [before, after] = [parts.slice(0, index).join('-'), parts.slice(index).join('-')];
      fc.pre(!NEGATION.test(before) && !LIKENESS.test(after));
      // A word that is broadcast live: `live` and `chat` make one thing.
      fc.pre(production !== 'live' || after === '');
      const namespace = [before, production, after].filter((part) => part !== '').join('-');
      const { isProduction, certainty } = classify(compiled, { ...facts, namespace });
      assert.ok(isProduction, namespace);
      assert.notEqual(certainty, 'unknown', namespace);
    }),
    { numRuns: 3_000 },
  );
});

test('[BR-QUAL-002] a production word beside a development word is a contradiction', () => {
  fc.assert(
    fc.property(clear, word, fc.boolean(), (facts, production, isFirst) => {
      fc.pre(facts.namespace.split('-').includes('dev'));
      const namespace = isFirst ? `${production}-${facts.namespace}` : `${facts.namespace}-${production}`;
      fc.pre(!(isFirst && production === 'live'));
      const { environment, certainty } = classify(compiled, { ...facts, namespace });
      assert.deepEqual([environment, certainty], ['production', 'contradictory'], namespace);
    }),
    { numRuns: 2_000 },
  );
});

test('[BR-QUAL-002] a label, a cluster or an owner that says production is never overheard', () => {
  const said = fc.constantFrom<Partial<NamespaceFacts>>(
    { labels: { environment: 'production' } },
    { labels: { 'example.org/env': 'PROD' } },
    { annotations: { 'is-production': 'true' } },
    { cluster: 'eks-prod-eu-1' },
    { owner: { environment: 'live' } },
  );
  fc.assert(
    fc.property(clear, said, ({ namespace }, more) => {
      assert.ok(classify(compiled, { namespace, ...more }).isProduction, namespace);
    }),
    { numRuns: 1_000 },
  );
});

test('[BR-QUAL-002] whatever expressions say, a production word is heard, and where one fails it is production', () => {
  const says = fc.constantFrom('development', 'staging', 'testing', 'nonproduction');
  const when = fc.constantFrom(
    'true',
    'name.contains("-")',
    'name.re("[a-z]")',
    'labels.team == "" || cluster == "x"',
    'int(name) > 1',
    'duration(name) > duration("1s")',
  );
  const rules = fc.array(fc.record({ when, says }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(clear, fc.option(word), rules, (facts, production, list) => {
      const conditional = compileClassification({
        ...DEFAULT_RULE_SET,
        rules: list.map((rule, index) => ({ id: `mine-${index}`, ...rule })),
      });
      const namespace = production === null ? facts.namespace : `${facts.namespace}-${production}`;
      fc.pre(production === null || !NEGATION.test(facts.namespace));
      const result = classify(conditional, { ...facts, namespace });
      const hasFailed = list.some((rule) => /^(?:int|duration)\(/.test(rule.when));
      assert.equal(result.troubles !== undefined, hasFailed);
      if (production !== null || hasFailed) assert.ok(result.isProduction, namespace);
      assert.deepEqual(classify(conditional, { ...facts, namespace }), result);
    }),
    { numRuns: 150 },
  );
});

test('case and separators do not matter', () => {
  fc.assert(
    fc.property(clear, fc.constantFrom('_', '.', '--', '/'), (facts, separator) => {
      const namespace = facts.namespace.replaceAll('-', separator).toUpperCase();
      // Patterns of previews and reviews are written for dashes; without them such a name says nothing.
      fc.pre(!/(?:^|-)(?:pr|mr|preview|review|request)-?(?:[0-9]|-|$)/.test(facts.namespace));
      assert.equal(
        classify(compiled, { ...facts, namespace }).environment,
        classify(compiled, facts).environment,
        namespace,
      );
    }),
    { numRuns: 1_000 },
  );
});

test('whatever comes in, one of the environments comes out, the same each time, and silence is production', () => {
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', ''),
  );
  const map = fc.dictionary(fc.oneof(text, fc.constantFrom('env', 'is-production')), text);
  const anything = fc.record(
    { namespace: text, labels: map, annotations: map, cluster: text, owner: map },
    { requiredKeys: ['namespace'] },
  );
  fc.assert(
    fc.property(anything, (facts) => {
      const result = classify(compiled, facts);
      assert.ok((ENVIRONMENTS as readonly string[]).includes(result.environment));
      assert.equal(result.isProduction, result.environment === 'production');
      if (result.certainty !== 'certain') assert.ok(result.isProduction);
      if (result.reasons.length === 0) assert.equal(result.certainty, 'unknown');
      assert.deepEqual(classify(compiled, facts), result);
    }),
    { numRuns: 2_000 },
  );
});
