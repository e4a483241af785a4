import assert from 'node:assert/strict';
import { test } from 'node:test';
import { topicNames } from './topics.ts';

test('topics have the prefix of the journal, unless a name is given', () => {
  assert.deepEqual(topicNames('ops', {}), {
    'vpa-events': 'ops-vpa-events',
    'nap-events': 'ops-nap-events',
    conflicts: 'ops-conflicts',
    alerts: 'ops-alerts',
  });
  assert.equal(topicNames('ops', { alerts: 'alerts' }).alerts, 'alerts');
});
