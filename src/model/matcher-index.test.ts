import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createMatcher, MATCHER_OPS } from './create-matcher.ts';
import { createMatcherIndex } from './matcher-index.ts';
import { matches, type Matcher } from './matcher.ts';

const name = fc.constantFrom('a', 'b', 'c', 'constructor');
const value = fc.constantFrom('', 'x', 'y', 'z', 'xy', 'xyz');
const pattern = fc.constantFrom('x', 'x.*', 'x|xy', '(?:x|y)z?', 'x?y', '.*z', '(?:xy|x).*');
const matcher = fc
  .tuple(name, fc.constantFrom(...MATCHER_OPS), fc.oneof(value, pattern))
  .map(([label, op, text]): Matcher => createMatcher(label, op, text));

test('the index finds exactly what trying every list would, in the same order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(matcher, { maxLength: 3 }), { maxLength: 12 }),
      fc.array(fc.tuple(name, value), { maxLength: 4 }),
      (lists, pairs) => {
        const labels = Object.fromEntries(pairs);
        const index = createMatcherIndex(lists, (list) => list);
        // What an object inherits is no label.
        const own = Object.assign(Object.create(null) as Record<string, string>, labels);
        assert.deepEqual(
          index.find(labels),
          lists.filter((list) => matches(list, own)),
        );
      },
    ),
  );
});
