import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RuleSettings } from '../model/rule-settings.ts';
import { compileRules, type BoundFilter } from './compile-rules.ts';
import { runRules } from './run-rules.ts';
import { rule, subject } from './testing.ts';

const none = () => undefined;
const run = (
  rules: readonly RuleSettings[],
  labels = {},
  filterOf: (id: string) => BoundFilter | undefined = none,
) => runRules(compileRules(rules, filterOf).early, subject(labels));

test('rules see what those before them set, the first that holds gives the reason, and a stop ends them', () => {
  const ruled = run(
    [
      rule('owner', {
        when: 'alert.labels.service == "cart"',
        set: { labels: { team: 'shop', job: '' }, annotations: {} },
      }),
      rule('hold-shop', { when: 'alert.labels.team == "shop"', hold: 'in the morning' }),
      rule('hold-too', {
        when: 'alert.labels.team.startsWith("s")',
        hold: 'later',
        set: { priority: 'info', labels: {}, annotations: {} },
      }),
      rule('end', { stop: true }),
      rule('never', { hold: 'no' }),
    ],
    { service: 'cart', job: 'x' },
  );
  assert.deepEqual(ruled?.labels, { alertname: 'Slow', service: 'cart', team: 'shop' });
  assert.deepEqual(ruled?.hold, { reason: 'filtered', rule: 'hold-shop', comment: 'in the morning' });
  assert.equal(ruled?.priority, 'info');
  assert.deepEqual(
    ruled?.decisions.map(({ rule: id, outcome }) => `${id}: ${outcome}`),
    [
      'owner: label team=shop, label job removed',
      'hold-shop: held: in the morning',
      'hold-too: held: later, priority info',
      'end: no further rules',
    ],
  );
});

test('nothing matches, nothing is made', () => {
  assert.equal(run([rule('a', { when: 'alert.labels.team == "x"', hold: '' })]), undefined);
});

test('a rule that fails or takes too long does not match, says so, and the next one is tried', () => {
  const slow =
    'alert.labels.exists(a, alert.labels.exists(b, a + b == "" && alert.labels.exists_one(c, c == "x")))';
  const labels = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`label${index}`, 'v']));
  const ruled = run(
    [
      rule('broken', { when: 'int(alert.labels.alertname) > 1', hold: '' }),
      rule('slow', { when: slow.replace(' && alert.labels.exists_one(c, c == "x")', ''), hold: '' }),
      rule('fine', { matchers: [{ name: 'alertname', op: '=', value: 'Slow' }], hold: '' }),
    ],
    labels,
  );
  assert.deepEqual(
    ruled?.decisions.map(({ rule: id, outcome }) => [id, outcome.startsWith('failed: ')]),
    [
      ['broken', true],
      ['slow', true],
      ['fine', false],
    ],
  );
  assert.equal(ruled?.hold?.rule, 'fine');
});

test('a filter holds with its own reason, lets pass without a trace, and a filter that throws lets pass and says so', () => {
  const filters: Record<string, BoundFilter> = {
    night: ({ labels }) => (labels['team'] === 'shop' ? { hold: 'shop sleeps' } : 'pass'),
    broken: () => {
      throw new TypeError('boom');
    },
  };
  const rules = [rule('n', { filter: 'night' }), rule('b', { filter: 'broken' })];
  const held = run(rules, { team: 'shop' }, (id) => filters[id]);
  assert.equal(held?.hold?.comment, 'shop sleeps');
  const passed = run(rules, { team: 'db' }, (id) => filters[id]);
  assert.equal(passed?.hold, undefined);
  assert.deepEqual(
    passed?.decisions.map(({ rule: id, outcome }) => `${id} ${outcome}`),
    ['b failed: TypeError: boom'],
  );
});

test('comparing first never changes what a condition says', () => {
  const name = fc.constantFrom('a', 'b', 'constructor');
  const value = fc.constantFrom('', 'x', 'y');
  const equality = fc.tuple(name, value, fc.boolean()).map(([label, text, turned]) => {
    const field = `alert.labels["${label}"]`;
    return turned ? `"${text}" == ${field}` : `${field} == "${text}"`;
  });
  const part = fc.oneof(
    equality,
    fc.tuple(equality, equality).map(([left, right]) => `(${left} || ${right})`),
    name.map((label) => `alert.labels["${label}"] in ["x", "y"]`),
    fc
      .tuple(name, fc.constantFrom('startsWith', 'endsWith', 'contains'), value)
      .map(([label, method, text]) => `!alert.labels["${label}"].${method}("${text}")`),
    fc.tuple(equality, name).map(([left, label]) => `!(${left} && alert.labels["${label}"] != "x")`),
  );
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.dictionary(name, value.filter(Boolean)),
      (parts, labels) => {
        const condition = parts.join(' && ');
        // What follows the `?` is never seen through, so this one is evaluated whole.
        const compared = run([rule('r', { when: condition, hold: '' })], labels);
        const evaluated = run([rule('r', { when: `(${condition}) ? true : false`, hold: '' })], labels);
        assert.deepEqual(compared, evaluated);
      },
    ),
  );
});

test('what a score holds is held as low_score, but never what is critical in production or may be', () => {
  const rules = [rule('rarely', { when: 'facts.score.value < 0.3', hold: 'rarely relevant' })];
  const runScored = (priority: string, isProduction?: boolean) => {
    const facts = {
      compliance: [],
      score: { value: 0.1, why: [] },
      ...(isProduction === undefined ? {} : { isProduction }),
    };
    const plain = subject({}, { facts });
    const { late } = compileRules(rules, () => undefined);
    return runRules(late, { ...plain, alert: { ...plain.alert, priority } });
  };
  const hold = { reason: 'low_score', rule: 'rarely', comment: 'rarely relevant' };
  assert.deepEqual(runScored('warning', true)?.hold, hold);
  assert.deepEqual(runScored('critical', false)?.hold, hold);
  for (const isProduction of [true, undefined]) {
    const ruled = runScored('critical', isProduction);
    assert.equal(ruled?.hold, undefined);
    assert.match(ruled?.decisions[0]?.outcome ?? '', /^not held: what is critical in production/);
  }
});
