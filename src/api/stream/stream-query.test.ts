import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readStreamQuery } from './stream-query.ts';

test('a cursor and kinds are read, both may be left out', () => {
  assert.deepEqual(readStreamQuery(new URLSearchParams('cursor=42&kinds=alert,delivery')), {
    cursor: 42,
    kinds: new Set(['alert', 'delivery']),
  });
  assert.deepEqual(readStreamQuery(new URLSearchParams('')), {});
});

test('anything else is refused by its name', () => {
  for (const [query, field] of [
    ['cursor=-1', 'cursor'],
    ['cursor=', 'cursor'],
    ['cursor=1e3', 'cursor'],
    ['cursor=99999999999999999999', 'cursor'],
    ['kinds=', 'kinds'],
    ['kinds=alert,pigeon', 'kinds'],
    ['curser=1', 'curser'],
  ] as const) {
    assert.throws(
      () => readStreamQuery(new URLSearchParams(query)),
      { code: 'invalid_parameter', field },
      query,
    );
  }
});
