import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { LimitRule } from '../model/limit-settings.ts';
import { checkLimits, limitsOf } from './check-limits.ts';
import { parseQuantity } from './parse-quantity.ts';

const RULES: readonly LimitRule[] = [
  { id: 'big-shop', namespaces: ['shop-dev'], limits: { cpu: '16' } },
  { id: 'dev', environments: ['development', 'testing'], limits: { cpu: '4', memory: '8Gi', pods: '50' } },
  { id: 'acme', tenants: ['acme'], limits: { memory: '1Ti' } },
  { id: 'all', limits: { cpu: '64', memory: '256Gi' } },
];

test('quantities are read as Kubernetes reads them', () => {
  const expected = {
    '500m': 0.5,
    '2': 2,
    '1.5': 1.5,
    '1e3': 1_000,
    '2Gi': 2 ** 31,
    '1k': 1_000,
    '100n': 1e-7,
    '.5': 0.5,
    '700m': 0.7,
    '0.5Gi': 2 ** 29,
  };
  for (const [text, value] of Object.entries(expected)) assert.equal(parseQuantity(text), value, text);
  for (const text of ['', 'x', '1 Gi', '1gi', '-1', '1e999', 'Infinity', '1K', '0x10']) {
    assert.equal(parseQuantity(text), undefined, text);
  }
});

test('limits follow environment, tenant and name, the first rule that names the resource deciding', () => {
  const dev = { namespace: 'cart-dev', environment: 'development' };
  assert.deepEqual(checkLimits(RULES, dev, { cpu: '4000m', memory: '8Gi' }), {
    outcome: 'within',
    breaches: [],
    unlimited: [],
  });
  const { outcome, breaches } = checkLimits(RULES, dev, { cpu: '4001m', memory: '9Gi', pods: '50' });
  assert.equal(outcome, 'needs_approval');
  assert.deepEqual(
    breaches.map(({ resource, limit, rule, message }) => [resource, limit, rule, message]),
    [
      ['cpu', '4', 'dev', 'cart-dev (development) asks for 4001m of cpu, and dev allows 4'],
      ['memory', '8Gi', 'dev', 'cart-dev (development) asks for 9Gi of memory, and dev allows 8Gi'],
    ],
  );
  const named = { namespace: 'shop-dev', environment: 'development' };
  assert.equal(checkLimits(RULES, named, { cpu: '16' }).outcome, 'within');
  const acme = { namespace: 'x', environment: 'production', tenant: 'acme' };
  assert.equal(checkLimits(RULES, acme, { memory: '500Gi' }).outcome, 'within');
  assert.equal(
    checkLimits(RULES, { ...acme, tenant: 'other' }, { memory: '500Gi' }).outcome,
    'needs_approval',
  );
});

test('what can’t be read needs approval, and what nobody limits is told', () => {
  const where = { namespace: 'x', environment: 'production' };
  const { outcome, breaches, unlimited } = checkLimits(RULES, where, {
    cpu: 'much',
    gpu: '1',
    constructor: '1',
  });
  assert.equal(outcome, 'needs_approval');
  assert.deepEqual(breaches, [{ resource: 'cpu', asked: 'much', message: '"much" is no quantity of cpu' }]);
  assert.deepEqual(unlimited, ['gpu', 'constructor']);
  const wrong: LimitRule = { id: 'wrong', limits: { cpu: 'some' } };
  assert.equal(checkLimits([wrong], where, { cpu: '1' }).outcome, 'needs_approval');
});

test('who asks for more never gets by with what was refused for less', () => {
  const where = { namespace: 'x', environment: 'testing' };
  fc.assert(
    fc.property(fc.nat(20_000), fc.nat(20_000), (left, right) => {
      const [less, more] = [Math.min(left, right), Math.max(left, right)];
      const outcomeOf = (milli: number): string => checkLimits(RULES, where, { cpu: `${milli}m` }).outcome;
      if (outcomeOf(less) === 'needs_approval') assert.equal(outcomeOf(more), 'needs_approval');
    }),
  );
});

test('limits follow what a namespace is to the business, and what is not known is none of it', () => {
  const rules: readonly LimitRule[] = [
    { id: 'tier-1', criticalities: ['tier-1'], limits: { cpu: '64' } },
    { id: 'urgent', priorities: ['critical'], clusters: ['eu-1'], limits: { memory: '64Gi' } },
    { id: 'retail', businessUnits: ['retail'], limits: { cpu: '8', memory: '32Gi' } },
  ];
  const shop = { namespace: 'shop', environment: 'production', businessUnit: 'retail' };
  assert.deepEqual(limitsOf(rules, { ...shop, criticality: 'tier-1' }), [
    { resource: 'cpu', limit: '64', rule: 'tier-1' },
    { resource: 'memory', limit: '32Gi', rule: 'retail' },
  ]);
  assert.deepEqual(limitsOf(rules, { ...shop, priority: 'critical', cluster: 'eu-1' }), [
    { resource: 'memory', limit: '64Gi', rule: 'urgent' },
    { resource: 'cpu', limit: '8', rule: 'retail' },
  ]);
  assert.deepEqual(limitsOf(rules, { namespace: 'shop', environment: 'production' }), []);
});
