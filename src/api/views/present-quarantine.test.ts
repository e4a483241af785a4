import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleQuarantine } from '../testing/sample-rows.ts';
import { presentQuarantinedDetail } from './present-quarantine.ts';

test('a quarantined signal shows its body as received, and no credential of its sender', () => {
  const view = presentQuarantinedDetail(sampleQuarantine());
  assert.deepEqual(view.problem, {
    code: 'wrong_shape',
    detail: 'labels must be an object of strings',
    field: 'alerts[0].labels',
  });
  assert.equal(view.request.path, '/hooks/prom');
  assert.deepEqual(view.request.headers, { 'x-github-event': 'push' });
  assert.equal(Buffer.from(view.request.body_base64, 'base64').toString(), '{"alerts":[{"labels":1}]}');
  assert.doesNotMatch(JSON.stringify(view), /hidden/);
});
