import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';
import type { Certainty, NamespaceFacts } from './classification.ts';
import { compileClassification } from './compile.ts';
import { explainClassification } from './explain.ts';
import { DEFAULT_RULE_SET, type RuleSet } from './rules.ts';

const builtIn = compileClassification(DEFAULT_RULE_SET);

function answer(facts: NamespaceFacts | string, ruleSet: Partial<RuleSet> = {}): string {
  const compiled = compileClassification({ ...DEFAULT_RULE_SET, ...ruleSet });
  const { environment, certainty } = classify(
    compiled,
    typeof facts === 'string' ? { namespace: facts } : facts,
  );
  return `${environment} ${certainty}`;
}

function expectAll(
  cases: Readonly<Record<string, readonly [environment: string, certainty: Certainty]>>,
): void {
  for (const [namespace, expected] of Object.entries(cases)) {
    assert.equal(answer(namespace), expected.join(' '), namespace);
  }
}

test('[BR-AP-021] one environment word says the environment, wherever a scheme puts it', () => {
  expectAll({
    'payments-prod': ['production', 'certain'],
    'prod-payments': ['production', 'certain'],
    'acme-use2-stg-payments': ['staging', 'certain'],
    'payments-dev-eu-west-1': ['development', 'certain'],
    'payments-uat-02': ['testing', 'certain'],
    'shop-1234-review-fix-cart-7ax2kd': ['development', 'certain'],
  });
});

test('[BR-QUAL-002] what is unknown counts as production and says so', () => {
  const { reasons, ...rest } = classify(builtIn, { namespace: 'payments' });
  assert.deepEqual(reasons, []);
  assert.equal(rest.environment, 'production');
  assert.equal(rest.isProduction, true);
  assert.equal(
    explainClassification({ ...rest, reasons }),
    'counts as production because nothing says the environment',
  );
});

test('[BR-QUAL-002] what is contradictory counts as production and names both sides', () => {
  const result = classify(builtIn, { namespace: 'shop-dev', cluster: 'prod-1' });
  assert.equal(result.environment, 'production');
  assert.equal(result.certainty, 'contradictory');
  assert.equal(
    explainClassification(result),
    'counts as production because this contradicts: "dev" in the name says development; "prod" in the cluster says production',
  );
});

test('words that only contain an environment word say nothing', () => {
  expectAll({
    reproduction: ['production', 'unknown'],
    'product-catalog-dev': ['development', 'certain'],
    delivery: ['production', 'unknown'],
    'live-chat-staging': ['staging', 'certain'],
    'stage-lighting': ['production', 'unknown'],
    contest: ['production', 'unknown'],
  });
});

test('non-production, pre-production and production-like are no production', () => {
  expectAll({
    'shop-nonprod': ['staging', 'certain'],
    'shop-non-production': ['staging', 'certain'],
    'pre-prod-shop': ['staging', 'certain'],
    'shop-prod-like': ['staging', 'certain'],
    'shop-nonprod-dev': ['development', 'certain'],
    'non-prod-prod': ['production', 'contradictory'],
  });
});

test('a production word without a separator makes a contradiction of what else is said', () => {
  expectAll({
    'shopprod-dev': ['production', 'contradictory'],
    'prodtest-qa': ['production', 'contradictory'],
    'products-dev': ['development', 'certain'],
    'reproduction-qa': ['testing', 'certain'],
  });
});

test('an ordinary word before another word gives way to one that can only be an environment', () => {
  expectAll({
    'test-elephants-dev': ['development', 'certain'],
    'test-elephants': ['testing', 'certain'],
    'test-dev': ['production', 'contradictory'],
    'test-elephants-prod': ['production', 'contradictory'],
  });
  const { reasons } = classify(builtIn, { namespace: 'test-elephants-dev' });
  const silenced = reasons.filter(({ isHeard }) => !isHeard);
  assert.deepEqual(
    silenced.map(({ rule, why }) => [rule, why]),
    [['testing-word', 'it may belong to "elephants", and "dev" can only mean an environment']],
  );
});

test('labels and annotations count like the name, and an environment label that nobody knows contradicts everything but production', () => {
  const cases: readonly (readonly [NamespaceFacts, string])[] = [
    [{ namespace: 'shop', labels: { environment: 'Staging' } }, 'staging certain'],
    [{ namespace: 'shop', annotations: { 'example.org/env': 'qa' } }, 'testing certain'],
    [{ namespace: 'shop-dev', labels: { env: 'production' } }, 'production contradictory'],
    [{ namespace: 'shop-dev', labels: { env: 'blue-team' } }, 'production contradictory'],
    [{ namespace: 'shop-prod', labels: { env: 'blue-team' } }, 'production certain'],
    [{ namespace: 'shop-dev', labels: { tier: 'backend' } }, 'development certain'],
    [{ namespace: 'shop', labels: { 'example.org/is-production': 'true' } }, 'production certain'],
    [{ namespace: 'shop', labels: { 'is-production': 'false' } }, 'staging certain'],
    [{ namespace: 'shop-dev', labels: { env: 'x'.repeat(1_000) } }, 'production contradictory'],
  ];
  for (const [facts, expected] of cases) assert.equal(answer(facts), expected, JSON.stringify(facts));
});

test('cluster and owner speak where the namespace is silent, and are heard everywhere when they say production', () => {
  const cases: readonly (readonly [NamespaceFacts, string])[] = [
    [{ namespace: 'monitoring', cluster: 'eks-dev-us-east-1' }, 'development certain'],
    [{ namespace: 'monitoring', owner: { team: 'x', environment: 'staging' } }, 'staging certain'],
    [{ namespace: 'cart-qa', cluster: 'dev-eu-1' }, 'testing certain'],
    [{ namespace: 'cart-nonprod', cluster: 'dev-eu-1' }, 'development certain'],
    [{ namespace: 'cart-prod', cluster: 'dev-eu-1' }, 'production contradictory'],
    [{ namespace: 'cart-dev', owner: { env: 'prod' } }, 'production contradictory'],
    [{ namespace: 'monitoring', cluster: 'dev', owner: { env: 'qa' } }, 'production contradictory'],
  ];
  for (const [facts, expected] of cases) assert.equal(answer(facts), expected, JSON.stringify(facts));
});

test('[BR-AP-022] rules of an organization go before the built-in ones, and the same id replaces one', () => {
  const letter = {
    id: 'letters',
    on: ['name' as const],
    words: ['d'],
    position: 'last' as const,
    says: 'development',
  };
  assert.equal(answer('shop-d-weu', { rules: [letter] }), 'development certain');
  assert.equal(answer('d-shop', { rules: [letter] }), 'production unknown');
  assert.equal(answer('shop-d', { rules: [letter], use_defaults: false }), 'development certain');
  const mine = { id: 'testing-word', on: ['name' as const], words: ['check'], says: 'testing' };
  assert.equal(answer('shop-test', { rules: [mine] }), 'production unknown');
  assert.equal(answer('shop-check', { rules: [mine] }), 'testing certain');
});

test('[BR-AP-022] a pattern speaks for what it matches, except for production words; a final rule speaks alone', () => {
  const branch = { id: 'branch', on: ['name' as const], pattern: '^branch-.*$', says: 'development' };
  assert.equal(answer('branch-fix-qa-login', { rules: [branch] }), 'development certain');
  assert.equal(answer('branch-fix-prod-login', { rules: [branch] }), 'production contradictory');
  const final = { ...branch, is_final: true };
  assert.equal(answer('branch-fix-prod-login', { rules: [final] }), 'development certain');
  assert.equal(answer({ namespace: 'branch-x', cluster: 'prod' }, { rules: [final] }), 'development certain');
});

test('[BR-AP-022] words that say nothing cover what is in them, and a production cluster can be shared', () => {
  const shared = { id: 'shared', on: ['cluster' as const], words: ['live'], says: 'nothing' };
  const facts = { namespace: 'cart-dev', cluster: 'live' };
  assert.equal(answer(facts), 'production contradictory');
  assert.equal(answer(facts, { rules: [shared] }), 'development certain');
});

test('[BR-AP-021] declared environments are as good as the built-in ones, and may count as production', () => {
  const rules = [
    { id: 'recovery', on: ['name' as const], words: ['dr'], says: 'recovery' },
    { id: 'training', on: ['name' as const, 'label' as const], words: ['training'], says: 'training' },
  ];
  const ruleSet = {
    rules,
    environments: { recovery: { is_production: true }, training: { is_production: false } },
  };
  assert.equal(answer('shop-dr', ruleSet), 'recovery certain');
  assert.equal(answer({ namespace: 'shop', labels: { env: 'training' } }, ruleSet), 'training certain');
  assert.equal(answer('shop-dr-dev', ruleSet), 'production contradictory');
  const compiled = compileClassification({ ...DEFAULT_RULE_SET, ...ruleSet });
  assert.equal(classify(compiled, { namespace: 'shop-dr' }).isProduction, true);
  assert.equal(classify(compiled, { namespace: 'shop-training' }).isProduction, false);
});

test('no compound that says nothing holds a production word', () => {
  const compound = builtIn.rules.find(({ id }) => id === 'compound');
  const wrong = compound?.words?.filter((words) =>
    words.split('-').some((word) => /^(?:prod|prd|production)$/.test(word)),
  );
  assert.deepEqual(wrong, []);
});

test('[BR-QUAL-002] a pattern that says nothing covers what it matches, and is no environment', () => {
  const rules: RuleSet['rules'] = [
    { id: 'kitchen', on: ['name'], pattern: '^test-kitchen', says: 'nothing' },
  ];
  assert.equal(answer('test-kitchens', { rules }), 'production unknown');
  assert.equal(answer('test-kitchens-stg', { rules }), 'staging certain');
  assert.equal(answer('test-kitchen-prod', { rules }), 'production certain');
});
