import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatFinding } from './finding.ts';
import { brief, INTEGRATIONS, load, REST } from './testing.ts';

const withRules = (rules: string) => `rules:\n${rules}${INTEGRATIONS}${REST}`;

const ERRORS: readonly [title: string, rules: string, position: string, message: RegExp][] = [
  [
    'an unknown field',
    `  - when: alert.lables.a == "x"\n    hold: ''\n`,
    '2:11 bad_expression',
    /lables at line 1, column 7/,
  ],
  [
    'an expression that is no condition',
    `  - { hold: '', when: alert.severity }\n`,
    '2:23 bad_expression',
    /gives string/,
  ],
  [
    'a pattern that may run for ever',
    `  - { hold: '', when: 'alert.severity.re("(?=a)")' }\n`,
    '2:23 bad_expression',
    /RE2/,
  ],
  ['a broken matcher', `  - { hold: '', matchers: ['team=~"("'] }\n`, '2:28 bad_matcher', /RE2/],
  [
    'an id that stands twice',
    `  - { id: a, hold: '' }\n  - { id: a, hold: '' }\n`,
    '3:11 duplicate_id',
    /twice/,
  ],
  ['an unknown key', `  - { drop: true }\n`, '2:7 unknown_key', /known keys: .*hold/],
];

for (const [title, rules, position, message] of ERRORS) {
  test(`a rule with ${title} is an error with its place`, async (t) => {
    const result = await load(t, withRules(rules));
    assert.ok(!result.ok);
    assert.deepEqual(brief(result.errors), [position]);
    assert.match(formatFinding(result.errors[0]!), message);
  });
}

const WARNINGS: readonly [title: string, rules: string, positions: readonly string[]][] = [
  [
    'contradicts itself',
    `  - { hold: '', when: 'integration == "a" && integration == "b"' }\n`,
    ['2:23 rule_never_matches'],
  ],
  [
    'has matchers that contradict each other',
    `  - { hold: '', matchers: [a="1", a="2"] }\n`,
    ['2:27 rule_never_matches'],
  ],
  ['stands behind a stop', `  - { stop: true }\n  - { hold: '' }\n`, ['3:5 rule_never_matches']],
  [
    'stands behind a stop with fewer matchers',
    `  - { stop: true, matchers: a="1" }\n  - { hold: '', matchers: [a="1", b="2"] }\n  - { hold: '', matchers: b="2" }\n`,
    ['3:5 rule_never_matches'],
  ],
  ['does nothing', `  - { matchers: a="1" }\n`, ['2:5 rule_without_effect']],
];

for (const [title, rules, positions] of WARNINGS) {
  test(`a rule that ${title} is a warning`, async (t) => {
    const result = await load(t, withRules(rules));
    assert.ok(result.ok, JSON.stringify(!result.ok && result.errors));
    assert.deepEqual(brief(result.warnings), positions);
  });
}

test('a rule that waits for enrichment is not behind a stop that comes after it in time', async (t) => {
  const result = await load(
    t,
    withRules(`  - { stop: true, when: facts.context.a.b == "x" }\n  - { hold: '', matchers: a="1" }\n`),
  );
  assert.deepEqual(brief(result.warnings), []);
});
