import assert from 'node:assert/strict';
import { test } from 'node:test';
import { classify } from './classify.ts';
import type { NamespaceFacts } from './classification.ts';
import { compileClassification } from './compile.ts';
import { explainClassification } from './explain.ts';
import { compileNamespaceCondition } from './namespace-condition.ts';
import { DEFAULT_RULE_SET, type Rule, type TenantRule } from './rules.ts';

const SHOP: Rule = {
  id: 'shop-beta',
  when: 'name.startsWith("shop-") && labels["example.org/stage"] in ["beta", "gamma"]',
  says: 'staging',
};
const BROKEN: Rule = { id: 'broken', when: 'int(labels.tier) > 2', says: 'production' };

function ask(facts: NamespaceFacts, rules: Rule[], tenants: TenantRule[] = []) {
  return classify(compileClassification({ ...DEFAULT_RULE_SET, rules, tenants }), facts);
}

test('[BR-AP-022] a rule with an expression alone says its environment where the expression holds, and is named as what decided', () => {
  const beta = { namespace: 'shop-cart', labels: { 'example.org/stage': 'beta' } };
  const found = ask(beta, [SHOP]);
  assert.deepEqual([found.environment, found.certainty], ['staging', 'certain']);
  assert.deepEqual(
    found.reasons.map(({ rule, source }) => [rule, source]),
    [['shop-beta', 'condition']],
  );
  assert.equal(explainClassification(found), 'the condition of the rule shop-beta says staging');
  assert.equal(ask({ ...beta, namespace: 'cart' }, [SHOP]).certainty, 'unknown');
  assert.equal(ask({ namespace: 'shop-cart' }, [SHOP]).certainty, 'unknown');
});

test('an expression sees name, cluster, labels, annotations and owner; what is not there reads as an empty text', () => {
  const facts: NamespaceFacts = {
    namespace: 'Shop',
    cluster: 'eu-1',
    labels: { team: 'a' },
    annotations: { note: 'b' },
    owner: { cost_center: '4711' },
  };
  for (const when of [
    'name == "Shop"',
    'name.lower() == "shop" && cluster.re("^eu-[0-9]$")',
    'labels.team == "a" && annotations.note == "b"',
    'owner.cost_center == "4711" && owner.team == "" && !has(labels.tier)',
    '"team" in labels && labels.size() == 1',
  ])
    assert.equal(ask(facts, [{ id: 'mine', when, says: 'testing' }]).environment, 'testing', when);
  const bare = { id: 'mine', when: 'cluster == "" && labels.team == ""', says: 'testing' };
  assert.equal(ask({ namespace: 'x' }, [bare]).environment, 'testing');
});

test('with words or a pattern both must hold; where the expression does not, the rule is not there', () => {
  const last: Rule = {
    id: 'letter',
    on: ['name'],
    words: ['d'],
    when: 'cluster == "lab"',
    says: 'development',
  };
  const covered: Rule = {
    id: 'kitchen',
    on: ['name'],
    pattern: '^test-kitchen',
    when: 'labels.team == "food"',
    says: 'nothing',
  };
  assert.equal(ask({ namespace: 'cart-d', cluster: 'lab' }, [last]).environment, 'development');
  assert.equal(ask({ namespace: 'cart-d', cluster: 'one' }, [last]).environment, 'production');
  const kitchen = (team: string) => ask({ namespace: 'test-kitchens', labels: { team } }, [covered]).reasons;
  assert.deepEqual(
    [kitchen('food'), kitchen('it')].map((reasons) => reasons.map(({ rule, isHeard }) => [rule, isHeard])),
    [[['testing-word', false]], [['testing-word', true]]],
  );
});

test('[BR-QUAL-002] a rule with an expression alone does not silence a production word, and contradicts what says otherwise', () => {
  const beta = { 'example.org/stage': 'beta' };
  assert.equal(ask({ namespace: 'shop-prod', labels: beta }, [SHOP]).certainty, 'contradictory');
  assert.equal(ask({ namespace: 'shop-dev', labels: beta }, [SHOP]).certainty, 'contradictory');
  assert.equal(ask({ namespace: 'shop-a', labels: beta, cluster: 'prod-1' }, [SHOP]).isProduction, true);
});

test('[BR-QUAL-002] a rule that fails is passed over and named, and what it would have said counts as unclear', () => {
  const failing = ask({ namespace: 'shop-dev', labels: { tier: 'gold' } }, [BROKEN]);
  assert.deepEqual([failing.environment, failing.certainty], ['production', 'contradictory']);
  assert.equal(failing.troubles?.length, 1);
  assert.equal(failing.troubles[0]!.rule, 'broken');
  assert.match(failing.troubles[0]!.problem, /^The expression fails at `int\(labels\.tier\)`/);
  assert.doesNotMatch(failing.troubles[0]!.problem, /gold/);
  assert.match(explainClassification(failing), /the condition of the rule broken failed/);
  assert.equal(ask({ namespace: 'shop-dev', labels: { tier: '1' } }, [BROKEN]).environment, 'development');
  assert.equal('troubles' in ask({ namespace: 'shop-dev', labels: { tier: '1' } }, [BROKEN]), false);
});

test('an expression that would take too long fails, and so do those after the steps of the namespace are used up', () => {
  const labels = Object.fromEntries(Array.from({ length: 400 }, (_, index) => [`l${index}`, 'x']));
  const when = 'labels.exists(a, labels.exists(b, (a + b).contains("zzz")))';
  const rules = Array.from(
    { length: 12 },
    (_, index): Rule => ({ id: `slow-${index}`, when, says: 'testing' }),
  );
  const { troubles = [], isProduction } = ask({ namespace: 'x', labels }, rules);
  assert.equal(troubles.length, 12);
  assert.match(troubles[0]!.problem, /too many steps/);
  assert.equal(isProduction, true);
});

test('a tenant may follow from an expression; where one fails that names another tenant, there is none', () => {
  const tenants: TenantRule[] = [
    { id: 'pay', when: 'labels.team.startsWith("pay")', tenant: 'pay', business_unit: 'finance' },
    { id: 'shop', when: 'int(labels.number) == 7', tenant: 'shop' },
  ];
  const owned = (labels: Record<string, string>) => {
    const { tenant, businessUnit, troubles } = ask({ namespace: 'x', labels }, [], tenants);
    return [tenant, businessUnit, troubles?.map(({ rule }) => rule)];
  };
  assert.deepEqual(owned({ team: 'payments', number: '1' }), ['pay', 'finance', undefined]);
  assert.deepEqual(owned({ team: 'x', number: '7' }), ['shop', undefined, undefined]);
  assert.deepEqual(owned({ team: 'payments', number: 'one' }), [undefined, 'finance', ['shop']]);
});

test('it is known which labels an expression looks at, so that alerts with the same ones share an answer', () => {
  const labels = (when: string) => compileNamespaceCondition(when).labels;
  assert.deepEqual(labels('name == "x" && cluster == "y"'), []);
  assert.deepEqual(labels('labels.a == "1" || labels["b/c"] != "" || has(labels.d)'), ['a', 'b/c', 'd']);
  assert.equal(labels('"a" in labels'), undefined);
  assert.equal(labels('labels.exists(key, key == "a")'), undefined);
  assert.equal(labels('labels[name] == "a"'), undefined);
});
