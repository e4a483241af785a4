import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correlationId } from './correlation-id.ts';

test('a sane id of the caller is kept, anything else is replaced', () => {
  const fresh = () => 'fresh';
  assert.equal(correlationId({ 'x-correlation-id': 'trace-1.a:b_C' }, fresh), 'trace-1.a:b_C');
  for (const bad of [undefined, '', 'two words', 'line\nbreak', 'ü', 'x'.repeat(129)]) {
    assert.equal(correlationId(bad === undefined ? {} : { 'x-correlation-id': bad }, fresh), 'fresh');
  }
});
