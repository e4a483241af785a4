import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseNode } from './share.ts';

const names = Array.from({ length: 64 }, (_, index) => `scope/${index}`);

test('nobody alive, nobody chosen', () => {
  assert.equal(chooseNode('scope/1', []), undefined);
});

test('three nodes share the scopes, none more than twice what another has', () => {
  const nodes = ['a', 'b', 'c'];
  const counts = nodes.map((node) => names.filter((name) => chooseNode(name, nodes) === node).length);
  assert.ok(Math.max(...counts) <= 2 * Math.min(...counts), String(counts));
});

test('the answer does not depend on the order of the nodes, and only the share of a node that goes moves', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.uuid(), { minLength: 2, maxLength: 8 }),
      fc.constantFrom(...names),
      (nodes, name) => {
        const chosen = chooseNode(name, nodes);
        assert.equal(chooseNode(name, nodes.toReversed()), chosen);
        const [gone, ...left] = nodes;
        if (chosen !== gone) assert.equal(chooseNode(name, left), chosen);
      },
    ),
  );
});
