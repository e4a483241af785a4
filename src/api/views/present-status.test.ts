import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOW } from '../testing/sample-rows.ts';
import { presentStatus } from './present-status.ts';

test('the lag is what was accepted and not processed, over all partitions', () => {
  const view = presentStatus({
    version: '0.1.0',
    revision: 'rev-1',
    now: NOW,
    counts: { alertsFiring: 2, alertsResolved: 1, groups: 1, deliveries: { pending: 3 }, quarantined: 0 },
    positions: [{ partition: 1, offset: 5 }],
    ends: [4, 12, 0],
    journalBytes: 10,
    journalMaxBytes: 100,
    healths: ['healthy', 'healthy', 'degraded'],
    heartbeats: [{ integration: 'prom', lastSeenAt: 0, silent: true }],
  });
  assert.equal(view.journal.lag, 11);
  assert.deepEqual(view.journal.partitions[1], { partition: 1, processed: 5, end: 12, lag: 7 });
  assert.deepEqual(view.integrations, { healthy: 2, degraded: 1 });
  assert.deepEqual(view.heartbeats, [{ integration: 'prom', silent: true }]);
  assert.equal('oldest_pending_at' in view, false);
});
