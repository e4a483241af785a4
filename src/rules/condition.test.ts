import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault, isMissingField } from '@signalbox/sdk';
import { compileCondition } from './condition.ts';
import { isLate } from './compile-rules.ts';
import { NOW, subject } from './testing.ts';

const holds = (when: string, given = subject({ team: 'db', 'k8s.io/name': 'x' })): boolean =>
  compileCondition({ when }).test(given);

test('a condition compares labels, facts, the integration and times', () => {
  assert.equal(holds('alert.labels.team == "db" && integration == "prom"'), true);
  assert.equal(holds('alert.labels.team == "shop"'), false);
  assert.equal(holds('alert.labels.team in ["shop", "db"] || integration == "nagios"'), true);
  assert.equal(holds('alert.labels["k8s.io/name"] == "x"'), true);
  assert.equal(holds('now - alert.startsAt > duration("30s")'), true);
  assert.equal(holds('now - alert.startsAt > duration("2m")'), false);
  assert.equal(holds('now < timestamp("2026-03-02T00:00:00Z")', subject({}, { now: new Date(NOW) })), true);
  const production = subject({}, { facts: { environment: 'production', compliance: ['pci'] } });
  assert.equal(holds('facts.environment == "production" && "pci" in facts.compliance', production), true);
});

test('a label that is not there reads as an empty text, as it does for matchers', () => {
  for (const when of [
    'alert.labels.owner == ""',
    'alert.labels.owner != "db" && !has(alert.labels.owner)',
    'alert.labels.owner.startsWith("")',
    'alert.labels["owner"] + "x" == "x"',
    'facts.environment != "production"',
    '!("owner" in alert.labels)',
  ])
    assert.equal(holds(when), true, when);
  assert.equal(holds('alert.labels.constructor == ""'), true);
});

test('a field that is missing further down is told from other failures', () => {
  assert.throws(() => holds('facts.score.value > 0.5'), isMissingField);
  assert.throws(() => holds('facts.context.deploy.version == "1" || false'), isMissingField);
  const odd = subject({}, { facts: { context: { n: [] } } });
  assert.throws(
    () => holds('facts.context.n > 1', odd),
    (error) => isFault(error) && !isMissingField(error),
  );
});

test('an unknown field, a wrong type and what is no condition are found when it is compiled', () => {
  for (const [when, message] of [
    ['alert.lables.team == "x"', /lables.*line 1, column 7/],
    ['alert.labels.team == 1', /string == int/],
    ['alert.severity', /gives string, not true or false/],
    ['host == "x"', /Unknown variable: host/],
    ['alert.severity.matches("(a+)+b")', /use `re`/],
    ['alert.severity ==', /line 1, column 18/],
  ] as const)
    assert.throws(
      () => compileCondition({ when }),
      (error) => isFault(error) && error.code === 'SB_CONFIG' && message.test(error.message),
      when,
    );
});

test('what contradicts itself is known without an alert', () => {
  const never = (text: Parameters<typeof compileCondition>[0]) => compileCondition(text).isNever;
  assert.equal(never({ when: 'alert.labels.a == "1" && alert.labels.a == "2"' }), true);
  assert.equal(never({ when: 'alert.labels.a in ["1", "2"] && "3" == alert.labels.a' }), true);
  assert.equal(never({ when: 'integration == "x" && false' }), true);
  assert.equal(
    never({ when: 'alert.labels.a == "1"', matchers: [{ name: 'a', op: '!=', value: '1' }] }),
    true,
  );
  const apart = [
    { name: 'a', op: '=', value: 'x' },
    { name: 'a', op: '=~', value: 'y.*' },
  ] as const;
  assert.equal(never({ matchers: apart }), true);
  assert.equal(never({ when: '1 > 2' }), true);
  assert.equal(never({ when: '1 < 2' }), false);
  assert.equal(never({ when: 'alert.labels.a == "1" || alert.labels.a == "2"' }), false);
  assert.equal(never({ when: 'alert.labels.a == "1" && alert.labels.b == "2"' }), false);
});

test('a condition that reads what enrichment or priority find out has to wait for them', () => {
  const late = (when: string) => isLate(compileCondition({ when }));
  assert.equal(late('facts.environment == "production"'), false);
  assert.equal(late('facts.context.cmdb.owner == "x"'), true);
  assert.equal(late('alert.severity == "x" && alert.priority == "critical"'), true);
  assert.equal(late('facts.score.value > 0.5'), true);
});
