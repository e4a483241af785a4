import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createMemory } from './memory.ts';

test('each integration has a memory of its own, as long as its configuration object, until it is forgotten', () => {
  const memory = createMemory(({ name }: { readonly name: string }) => [name]);
  const [first, second] = [{ name: 'same' }, { name: 'same' }];
  memory.of(first).push('more');
  assert.deepEqual(memory.of(first), ['same', 'more']);
  assert.deepEqual(memory.of(second), ['same']);
  memory.forget(first);
  assert.deepEqual(memory.of(first), ['same']);
});
