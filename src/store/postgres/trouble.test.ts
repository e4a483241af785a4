import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DatabaseError } from 'pg';
import { explain, isConflict } from './trouble.ts';

const refused = (code: string) => Object.assign(new DatabaseError('refused', 7, 'error'), { code });

test('[BR-REL-004] what the server cannot do now is trouble, and may be repeated', () => {
  const codes = {
    '08006': 'connection failure',
    '25006': 'read-only after a fail-over',
    '25P03': 'idle in transaction for too long',
    '28P01': 'password changed',
    '42P01': 'a table is gone',
    '53100': 'disk full',
    '53300': 'too many connections',
    '57014': 'statement time-out',
    '57P01': 'shut down by an administrator',
    '57P03': 'starting up',
    '58030': 'I/O error',
  };
  for (const [code, meaning] of Object.entries(codes)) {
    const explained = explain(refused(code)) as Error & { code: string };
    assert.equal(explained.code, 'store_unavailable', `${code} ${meaning}`);
    assert.match(explained.message, new RegExp(code));
  }
  const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
  assert.equal((explain(reset) as { code: string }).code, 'store_unavailable');
  assert.equal(
    (explain(new Error('Connection terminated unexpectedly')) as { code: string }).code,
    'store_unavailable',
  );
});

test('what a statement carries, conflicts and our own slips stay as they are', () => {
  for (const code of ['22021', '22P02', '23502', '54000', '40001', '40P01']) {
    const error = refused(code);
    assert.equal(explain(error), error);
  }
  const slip = new TypeError('undefined is not a function');
  assert.equal(explain(slip), slip);
  assert.deepEqual(
    ['40001', '40P01', '57014'].map((code) => isConflict(refused(code))),
    [true, true, false],
  );
});
