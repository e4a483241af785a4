import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';
import type { NamespaceFacts } from './classification.ts';
import { compileClassification } from './compile.ts';
import { DEFAULT_RULE_SET, type RuleSet, type TenantRule } from './rules.ts';

const RULES: readonly TenantRule[] = [
  { id: 'pay', on: ['name'], words: ['payments'], tenant: 'pay', business_unit: 'finance' },
  { id: 'risk', on: ['name'], pattern: '^risk-', tenant: 'risk', business_unit: 'finance' },
  {
    id: 'team-shop',
    on: ['owner', 'label'],
    keys: ['team'],
    words: ['shop'],
    tenant: 'shop',
    business_unit: 'retail',
  },
  { id: 'lab', on: ['cluster'], words: ['lab'], tenant: 'lab' },
];

function ownership(facts: NamespaceFacts, changes: Partial<RuleSet> = {}): readonly unknown[] {
  const compiled = compileClassification({ ...DEFAULT_RULE_SET, tenants: [...RULES], ...changes });
  const { tenant, businessUnit, findings } = classify(compiled, facts);
  return [tenant, businessUnit, ...findings.map(({ standard }) => standard)];
}

test('a tenant and its business unit follow from name, owner, labels or cluster', () => {
  assert.deepEqual(ownership({ namespace: 'payments-prod' }), ['pay', 'finance']);
  assert.deepEqual(ownership({ namespace: 'risk-prod' }), ['risk', 'finance']);
  assert.deepEqual(ownership({ namespace: 'x-prod', owner: { team: 'shop' } }), ['shop', 'retail']);
  assert.deepEqual(ownership({ namespace: 'x-prod', labels: { 'example.org/team': 'Shop' } }), [
    'shop',
    'retail',
  ]);
  assert.deepEqual(ownership({ namespace: 'x-prod', cluster: 'lab-1' }), ['lab', undefined]);
  assert.deepEqual(ownership({ namespace: 'x-prod' }), [undefined, undefined]);
});

test('a production word and the name of a tenant have nothing to do with each other', () => {
  const tenants: TenantRule[] = [{ id: 'odd', on: ['name'], words: ['odd'], tenant: 'nothing' }];
  assert.deepEqual(ownership({ namespace: 'shopprod-prod' }), [undefined, undefined]);
  assert.deepEqual(ownership({ namespace: 'odd-prod' }, { tenants }), ['nothing', undefined]);
});

test('labels name tenant and business unit themselves', () => {
  const labels = { tenant: 'acme', 'example.org/business-unit': 'retail' };
  assert.deepEqual(ownership({ namespace: 'x-prod', labels }), ['acme', 'retail']);
  assert.deepEqual(ownership({ namespace: 'x', labels: { mandant: 'acme' } }, { tenant_keys: ['mandant'] }), [
    'acme',
    undefined,
  ]);
});

test('two tenants for one namespace are none, and a finding; the business unit stays where it is the same', () => {
  assert.deepEqual(ownership({ namespace: 'risk-payments' }), [undefined, 'finance', 'one-tenant']);
  assert.deepEqual(ownership({ namespace: 'payments', labels: { tenant: 'acme' } }), [
    undefined,
    'finance',
    'one-tenant',
  ]);
  assert.deepEqual(ownership({ namespace: 'payments', owner: { team: 'shop' } }), [
    undefined,
    undefined,
    'one-tenant',
    'one-business-unit',
  ]);
});
