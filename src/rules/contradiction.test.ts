import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher, MATCHER_OPS } from '../model/create-matcher.ts';
import { parseMatchers } from '../model/parse-matcher.ts';
import { matches } from '../model/matcher.ts';
import { contradict, type Asked } from './contradiction.ts';

function asked(text: string, demands: Asked['demands'] = []): Asked {
  const parsed = parseMatchers(text);
  assert.ok(parsed.ok);
  return { matchers: parsed.matchers, demands };
}

test('values of which none would do everywhere contradict, in one list or in several', () => {
  for (const text of ['{a="x",a="y"}', '{a="x",a!~"x|y"}', '{a=~"x|y",a=~"z|u"}', '{a="",a!=""}'])
    assert.equal(contradict([asked(text)]), true, text);
  for (const text of ['{a="x",b="y"}', '{a="x",a=~"x|y"}', '{a=~"x.*",a=~"y.*"}', '{a!="x"}', '{}'])
    assert.equal(contradict([asked(text)]), false, text);
  assert.equal(contradict([asked('{a="x"}'), asked('{a="y"}')]), true);
  assert.equal(contradict([asked('{a="x"}'), asked('{a!="y"}')]), false);
});

test('what an expression demands is compared with matchers and with other expressions', () => {
  const team = [{ path: ['alert', 'labels', 'team'], values: ['db', 'web'] }];
  assert.equal(contradict([asked('{team="shop"}'), asked('{}', team)]), true);
  assert.equal(contradict([asked('{team="web"}'), asked('{}', team)]), false);
  const environment = (value: string) => [{ path: ['facts', 'environment'], values: [value] }];
  assert.equal(
    contradict([asked('{}', environment('production')), asked('{}', environment('testing'))]),
    true,
  );
  assert.equal(contradict([asked('{environment="x"}', environment('production'))]), false);
});

test('whatever the matchers, no alert is taken by those that are said to contradict', () => {
  const matcher = fc
    .tuple(
      fc.constantFrom('a', 'b'),
      fc.constantFrom(...MATCHER_OPS),
      fc.constantFrom('', 'x', 'y', 'x|y', 'x.*'),
    )
    .map(([name, op, value]) => createMatcher(name, op, value));
  const labels = fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('', 'x', 'y', 'xx', 'z'));
  fc.assert(
    fc.property(fc.array(matcher, { maxLength: 5 }), fc.array(labels, { maxLength: 10 }), (list, alerts) => {
      if (!contradict([{ matchers: list, demands: [] }])) return;
      assert.ok(alerts.every((alert) => !matches(list, alert)));
    }),
    { numRuns: 500 },
  );
});
