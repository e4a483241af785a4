import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const BASE = INTEGRATIONS + REST;

test('expressions of correlation rules are kept as they are written, so that they can cross to another thread', async (t) => {
  const result = await load(
    t,
    `${BASE}correlation:
  rules:
    - { id: a, when: 'alert.severity == "critical"', parent_when: 'integration == "prom"' }
    - { id: b, changes_when: 'integration == "ci"' }
`,
  );
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(result.warnings, []);
  const [a, b] = structuredClone(
    result.settings.correlation!.rules.map(({ when, parentWhen, changesWhen }) => ({
      when,
      parentWhen,
      changesWhen,
    })),
  );
  assert.deepEqual(a, {
    when: 'alert.severity == "critical"',
    parentWhen: 'integration == "prom"',
    changesWhen: undefined,
  });
  assert.equal(b!.changesWhen, 'integration == "ci"');
});

test('an expression that does not compile is refused where it stands', async (t) => {
  const result = await load(
    t,
    `${BASE}correlation:
  rules:
    - id: a
      when: alert.labels.team == 1
      parent_when: alert.lables.team == "x"
      changes_when: alert.severity
`,
  );
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), [
    '11:13 bad_expression',
    '12:20 bad_expression',
    '13:21 bad_expression',
  ]);
  assert.match(result.errors[1]!.message, /lables.*line 1, column 7 of the expression$/);
});

test('a condition that contradicts itself is a warning, and a rule with an expression does not take all alerts', async (t) => {
  const result = await load(
    t,
    `${BASE}correlation:
  rules:
    - { id: a, matchers: 'team="shop"', when: 'alert.labels.team == "pay"' }
    - { id: b, matchers: ['team="shop"', 'team="pay"'] }
    - { id: c, parent_when: 'alert.severity == "a" && alert.severity == "b"' }
    - { id: d }
`,
  );
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(brief(result.warnings), [
    '10:47 rule_never_matches',
    '11:26 rule_never_matches',
    '12:29 rule_never_matches',
    '13:7 unreachable_rule',
  ]);
});
