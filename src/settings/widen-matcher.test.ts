import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createAliases } from '../model/aliases.ts';
import { createMatcher } from '../model/create-matcher.ts';
import type { Matcher } from '../model/matcher.ts';
import { widenMatcher } from './widen-matcher.ts';

const ALIASES = createAliases({ retail: 'commerce', online: 'commerce', 'a.b': 'c|d' });
const widen = (name: string, op: Matcher['op'], value: string) =>
  widenMatcher(createMatcher(name, op, value), new Set(['team']), ALIASES);

test('a matcher on an owner holds for all names of the same, and no other matcher changes', () => {
  for (const name of ['retail', 'online', 'commerce']) {
    const matcher = widen('team', '=', name);
    assert.deepEqual(['retail', 'online', 'commerce', 'retail2', ''].map(matcher.test), [
      true,
      true,
      true,
      false,
      false,
    ]);
    assert.equal(widen('team', '!=', name).test('commerce'), false);
  }
  assert.equal(widen('team', '=~', 'retail|bank').test('commerce'), true);
  assert.equal(widen('team', '=~', 'ret.*').test('commerce'), false, 'a pattern names nobody in particular');
  assert.equal(widen('job', '=', 'retail').test('commerce'), false, 'a label that is nobody’s');
});

test('whatever the names hold, exactly the names of the same match', () => {
  const name = fc.string({ minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(name, name, name, (former, present, other) => {
      fc.pre(former !== present);
      const aliases = createAliases({ [former]: present });
      const matcher = widenMatcher(createMatcher('team', '=', former), new Set(['team']), aliases);
      assert.ok(matcher.test(former) && matcher.test(present));
      assert.equal(matcher.test(other), other === former || other === present);
    }),
  );
});
