import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher } from '../model/create-matcher.ts';
import type { Alert } from '../model/alert.ts';
import { isPlacedElsewhere, placeAlert } from './place-alert.ts';
import { conditionsOf, type Trouble } from './rule-conditions.ts';
import { MINUTE, sampleAlert, sampleRule, T0 } from './testing/scope.ts';

const rules = [
  sampleRule({ id: 'tier-1', when: 'facts.criticality == "tier-1" && alert.severity != "info"' }),
  sampleRule({
    id: 'shop',
    matchers: [createMatcher('team', '=', 'shop')],
    when: 'alert.annotations.summary.re("^disk ")',
    changesWhen: 'integration == "ci"',
  }),
];
const settings = { correlation: { rules } };
const rulesOf = (alert: Alert) =>
  placeAlert(alert, settings).map(({ rule, isChange }) => [rule.id, isChange]);

test('[BR-AP-004] a rule takes the alerts that its matchers and its expression hold for, and the first that does has them', () => {
  const shop = { labels: { team: 'shop' }, annotations: { summary: 'disk is full' } };
  assert.deepEqual(rulesOf(sampleAlert('a', shop)), [['shop', false]]);
  assert.deepEqual(rulesOf(sampleAlert('a', { ...shop, labels: { team: 'pay' } })), []);
  assert.deepEqual(rulesOf(sampleAlert('a', { ...shop, annotations: {} })), []);
  assert.deepEqual(rulesOf(sampleAlert('a', { ...shop, facts: { criticality: 'tier-1' } })), [
    ['tier-1', false],
  ]);
  assert.deepEqual(rulesOf(sampleAlert('a', { ...shop, integration: 'ci' })), [['shop', true]]);
});

test('without matchers and without an expression nothing is a change or a parent', () => {
  const { takes, isChange, isParent } = conditionsOf(sampleRule());
  const alert = sampleAlert('a');
  assert.deepEqual([takes(alert), isChange(alert), isParent(alert)], [true, false, false]);
});

test('the place of an alert depends neither on the time at which it is asked for nor on whether it has ended', () => {
  const rule = sampleRule({
    when: `alert.status == "firing" && now == alert.startsAt && now < timestamp("${new Date(T0 + MINUTE).toISOString()}")`,
  });
  const anyAlert = fc.record({
    status: fc.constantFrom('firing' as const, 'resolved' as const),
    changedAt: fc.integer({ min: T0, max: T0 + 100 * MINUTE }),
    endsAt: fc.integer({ min: T0, max: T0 + 100 * MINUTE }),
    startsAt: fc.integer({ min: T0 - MINUTE, max: T0 + 3 * MINUTE }),
  });
  fc.assert(
    fc.property(anyAlert, (more) => {
      const places = placeAlert(sampleAlert('a', more), { correlation: { rules: [rule] } });
      assert.equal(places.length === 1, more.startsAt < T0 + MINUTE);
    }),
  );
});

test('an expression that fails does not hold and says why; one that names a field which is not there only does not hold', () => {
  const broken = sampleRule({ id: 'broken', when: 'int(alert.labels.rack) > 3' });
  const vague = sampleRule({ id: 'vague', when: 'facts.score.value > 0.5' });
  const troubles: Trouble[] = [];
  const places = placeAlert(
    sampleAlert('a', { labels: { rack: 'left' } }),
    { correlation: { rules: [broken, vague, sampleRule({ id: 'rest' })] } },
    troubles,
  );
  assert.deepEqual(
    places.map(({ rule }) => rule.id),
    ['rest'],
  );
  assert.equal(troubles.length, 1);
  assert.equal(troubles[0]!.rule, 'broken');
  assert.match(troubles[0]!.problem, /^The expression fails at `int\(alert\.labels\.rack\)`/);
  assert.doesNotMatch(troubles[0]!.problem, /left/);
});

test('an expression that would take too long fails on the alert', () => {
  const slow = 'alert.labels.exists(a, alert.labels.exists(b, (a + b).contains("zzz")))';
  const labels = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`l${index}`, 'x']));
  const troubles: Trouble[] = [];
  placeAlert(
    sampleAlert('a', { labels }),
    { correlation: { rules: [sampleRule({ when: slow })] } },
    troubles,
  );
  assert.match(troubles[0]?.problem ?? '', /too many steps/);
});

test('an alert with the same labels is elsewhere only when an expression says so', () => {
  const before = sampleAlert('a', { facts: { criticality: 'tier-2' } });
  const after = { ...before, facts: { criticality: 'tier-1' } };
  assert.equal(isPlacedElsewhere(before, after, settings), true);
  assert.equal(isPlacedElsewhere(before, { ...before, severity: 'error' }, settings), false);
  assert.equal(isPlacedElsewhere(before, after, { correlation: { rules: [sampleRule()] } }), false);
});
