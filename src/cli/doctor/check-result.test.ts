import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, runChecks, warning } from './check-result.ts';

test('[HNP-046] a check that throws is failed under its own name, the others still run, and all come back as one map', async () => {
  const results = await runChecks({
    first: () => ok('fine'),
    broken: () => {
      throw new Error('the disk is gone');
    },
    later: async () => Promise.reject(new Error('the vendor is away')),
    nothing: () => undefined,
    last: async () => warning('nearly full', 'free space'),
  });
  assert.deepEqual(results, {
    first: { status: 'ok', detail: 'fine' },
    broken: { status: 'failed', detail: 'the disk is gone', error: 'the disk is gone' },
    later: { status: 'failed', detail: 'the vendor is away', error: 'the vendor is away' },
    last: { status: 'warning', detail: 'nearly full', advice: 'free space' },
  });
  assert.deepEqual(Object.keys(results), ['first', 'broken', 'later', 'last']);
});
