import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { InhibitRule } from '../model/inhibition.ts';
import { matches, type Labels } from '../model/matcher.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import { inhibitionOf } from './inhibition.ts';
import { createSuppressions, inhibitorsNeeded, type Subject } from './why-suppressed.ts';
import type { OpenSilences } from './silence-book.ts';

const nothingSilenced: OpenSilences = { all: [], find: () => [], activeUntil: () => undefined };

function matchersOf(text: string) {
  const parsed = parseMatchers(text);
  assert.ok(parsed.ok);
  return parsed.matchers;
}

function rule(source: string, target: string, equal: readonly string[] = []): InhibitRule {
  return { name: '1', sourceMatchers: matchersOf(source), targetMatchers: matchersOf(target), equal };
}

/** As the store would: keys of all that fire, one source per key and side. */
function heldBy(rules: readonly InhibitRule[], firing: readonly Labels[]): readonly (string | undefined)[] {
  const inhibition = inhibitionOf(rules);
  const subjects = firing.map(
    (labels, index): Subject => ({
      tenant: 'default',
      fingerprint: `f${index}`,
      integration: 'prom',
      labels,
      annotations: {},
      severity: '',
      status: 'firing',
      priority: 'warning',
      startsAt: 0,
      changedAt: 0,
    }),
  );
  const rows = subjects.flatMap(({ tenant, fingerprint, labels }) =>
    inhibition.keysOf(labels).map((key) => ({ tenant, fingerprint, ...key })),
  );
  const inhibitors = inhibitorsNeeded({ inhibitRules: rules }, subjects).flatMap(({ tenant, key }) =>
    [false, true].flatMap((twoSided) =>
      rows.filter((row) => row.tenant === tenant && row.key === key && row.twoSided === twoSided).slice(0, 1),
    ),
  );
  const ask = createSuppressions({
    settings: { inhibitRules: rules },
    silences: nothingSilenced,
    inhibitors,
  });
  return subjects.map((subject) => ask(subject, 0)[0]?.rule);
}

test('a source holds targets with the same values of the equal labels', () => {
  const rules = [rule('severity="critical"', 'severity="warning"', ['cluster'])];
  const firing = [
    { severity: 'critical', cluster: 'eu' },
    { severity: 'warning', cluster: 'eu' },
    { severity: 'warning', cluster: 'us' },
  ];
  assert.deepEqual(heldBy(rules, firing), [undefined, 'f0', undefined]);
});

test('a label that both lack is equal, and an empty one is missing', () => {
  const rules = [rule('severity="critical"', 'severity="warning"', ['cluster'])];
  assert.deepEqual(heldBy(rules, [{ severity: 'critical' }, { severity: 'warning', cluster: '' }]), [
    undefined,
    'f0',
  ]);
});

test('an alert that is source and target holds neither itself nor its like, but what is a target alone', () => {
  const rules = [rule('severity=~"critical|warning"', 'severity!="none"')];
  const firing = [{ severity: 'critical' }, { severity: 'warning' }, { severity: 'info' }];
  assert.deepEqual(heldBy(rules, firing), [undefined, undefined, 'f0']);
});

test('what is held, and only that, is what Alertmanager’s definition says, whatever the rules', () => {
  const value = fc.constantFrom('', 'x', 'y');
  const labels = fc.record({ a: value, b: value, c: value });
  const side = fc.constantFrom('a="x"', 'b!="x"', 'c=~"x|y"', '{a="x",b="y"}', 'a=~".*"');
  const inhibitRule = fc
    .tuple(side, side, fc.subarray(['a', 'b', 'c']))
    .map(([source, target, equal]) => rule(source, target, equal));
  fc.assert(
    fc.property(
      fc.array(inhibitRule, { maxLength: 4 }),
      fc.array(labels, { maxLength: 6 }),
      (rules, firing) => {
        const isHeld = firing.map((target) =>
          rules.some(
            ({ sourceMatchers, targetMatchers, equal }) =>
              matches(targetMatchers, target) &&
              firing.some(
                (source) =>
                  matches(sourceMatchers, source) &&
                  equal.every((name) => source[name as 'a'] === target[name as 'a']) &&
                  !(matches(sourceMatchers, target) && matches(targetMatchers, source)),
              ),
          ),
        );
        assert.deepEqual(
          heldBy(rules, firing).map((by) => by !== undefined),
          isHeld,
        );
      },
    ),
  );
});
