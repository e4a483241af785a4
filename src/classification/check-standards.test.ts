import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkStandards, compileStandards } from './check-standards.ts';
import { classify } from './classify.ts';
import { compileClassification } from './compile.ts';
import { DEFAULT_RULE_SET, type Standard } from './rules.ts';

const TEAMS = ['payments', 'risk'];
const ENVIRONMENTS = ['dev', 'qa', 'stg', 'prod'];
const shape: Standard = {
  id: 'team-app-env',
  segments: [
    { name: 'team', values: TEAMS },
    { name: 'app', pattern: '[a-z]{2,12}' },
    { name: 'environment', values: ENVIRONMENTS },
  ],
};

function messages(
  namespace: string,
  standards: readonly Standard[],
  labels: Record<string, string> = {},
): readonly string[] {
  const named = { namespace, labels, environment: 'production', certainty: 'certain' as const };
  return checkStandards(compileStandards(standards), named).map(
    ({ standard, message }) => `${standard}: ${message}`,
  );
}

test('[BR-AP-024] names that Kubernetes refuses or reserves are findings without any rule', () => {
  assert.deepEqual(messages('shop-dev', []), []);
  assert.deepEqual(messages('kube-system', []), []);
  assert.deepEqual(messages('Shop_Dev', []), ['kubernetes-name: the name is no DNS label']);
  assert.deepEqual(messages('-shop', []), ['kubernetes-name: the name is no DNS label']);
  assert.deepEqual(messages('a'.repeat(64), []), ['kubernetes-name: the name has 64 characters']);
  assert.deepEqual(messages('kube-shop', []), ['kubernetes-prefix: the name begins with "kube-"']);
});

test('[BR-AP-024] a finding names the part of the name that is wrong, and what was expected', () => {
  assert.deepEqual(messages('payments-cart-prod', [shape]), []);
  assert.deepEqual(messages('cart-prod', [shape]), [
    'team-app-env: the name has 2 parts, not the 3 of <team>-<app>-<environment>',
  ]);
  assert.deepEqual(messages('growth-c4rt-live', [shape]), [
    'team-app-env: part 1, the team, is "growth", not one of payments, risk',
    'team-app-env: part 2, the app, is "c4rt" and does not match [a-z]{2,12}',
    'team-app-env: part 3, the environment, is "live", not one of dev, qa, stg, prod',
  ]);
});

test('[BR-AP-024] standards ask for patterns, lengths and labels, only where they are meant', () => {
  const strict: Standard = {
    id: 'strict',
    environments: ['production'],
    except: 'kube-.*|legacy',
    pattern: '[a-z-]+',
    max_length: 10,
    required_labels: ['team', 'cost-center'],
  };
  assert.deepEqual(messages('shop-prod', [strict], { team: 'x', 'cost-center': '1' }), []);
  assert.deepEqual(messages('legacy', [strict]), []);
  assert.deepEqual(messages('shop-prod-01', [strict], { team: '' }), [
    'strict: the name does not match [a-z-]+',
    'strict: the name has 12 characters, more than 10',
    'strict: labels are missing: team, cost-center',
  ]);
  const elsewhere = { ...strict, environments: ['staging'] };
  assert.deepEqual(messages('shop-prod-01', [elsewhere]), []);
});

test('[BR-AP-024] a standard may ask for an environment that is said without a contradiction', () => {
  const ruleSet = {
    ...DEFAULT_RULE_SET,
    standards: [{ id: 'clear', needs_environment: true, description: 'Say it.' }],
  };
  const compiled = compileClassification(ruleSet);
  const findingsOf = (namespace: string): unknown => classify(compiled, { namespace }).findings;
  assert.deepEqual(findingsOf('shop-dev'), []);
  assert.deepEqual(findingsOf('shop'), [
    { standard: 'clear', message: 'the environment is unknown', advice: 'Say it.' },
  ]);
  assert.deepEqual(findingsOf('dev-prod'), [
    { standard: 'clear', message: 'the environment is contradictory', advice: 'Say it.' },
  ]);
});

test('[BR-QUAL-005] every finding is a breach, and every breach is a finding', () => {
  const team = fc.constantFrom(...TEAMS, 'growth', 'x');
  const app = fc.constantFrom('cart', 'ledger', 'c4rt', 'a', 'averyverylongname');
  const environment = fc.constantFrom(...ENVIRONMENTS, 'live', 'p');
  const names = fc.oneof(
    fc.tuple(team, app, environment).map((parts) => parts.join('-')),
    fc.tuple(team, app).map((parts) => parts.join('-')),
  );
  const oracle = /^(?:payments|risk)-(?:cart|ledger)-(?:dev|qa|stg|prod)$/;
  fc.assert(
    fc.property(names, (name) => assert.equal(messages(name, [shape]).length === 0, oracle.test(name), name)),
  );
});
