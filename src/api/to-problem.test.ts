import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StoreUnavailable } from '../store/port.ts';
import { BadCursor } from '../store/cursor.ts';
import { Problem } from './problem.ts';
import { toProblem } from './to-problem.ts';

test('a refusal stays as it is', () => {
  const problem = new Problem('conflict', 'it is being sent');
  assert.equal(toProblem(problem), problem);
});

test('what is not recognised becomes an internal error that tells nothing', () => {
  for (const thrown of [
    new Error('SELECT secret FROM rows'),
    'a string',
    undefined,
    new TypeError('x is not a function'),
  ]) {
    const problem = toProblem(thrown);
    assert.equal(problem.code, 'internal');
    assert.doesNotMatch(problem.message, /SELECT|function|string/);
    assert.equal(problem.cause, thrown);
  }
});

test('a store that refuses is a passing trouble, a strange cursor the caller’s', () => {
  assert.equal(toProblem(new StoreUnavailable('disk I/O error in /data')).code, 'unavailable');
  assert.doesNotMatch(toProblem(new StoreUnavailable('disk I/O error in /data')).message, /data/);
  assert.deepEqual(
    [toProblem(new BadCursor('x')).status, toProblem(new BadCursor('x')).field],
    [400, 'cursor'],
  );
});

test('a path in a body is written as people write it', () => {
  const thrown = Object.assign(new Error('validation'), {
    validation: [
      {
        keyword: 'type',
        instancePath: '/alerts/0/labels',
        schemaPath: '',
        params: {},
        message: 'must be object',
      },
    ],
    validationContext: 'body',
  });
  const problem = toProblem(thrown);
  assert.deepEqual(
    [problem.status, problem.field, problem.message],
    [422, 'alerts[0].labels', 'alerts[0].labels must be object.'],
  );
});
