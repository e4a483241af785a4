import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleGroup } from '../testing/sample-rows.ts';
import { presentGroup } from './present-group.ts';

test('a group shows who was told what, and when the next flush is', () => {
  const view = presentGroup(sampleGroup());
  assert.equal(view.next_flush_at, '2026-03-01T09:30:30.000Z');
  assert.deepEqual(view.told, [
    {
      integration: 'pager',
      at: '2026-03-01T09:29:30.000Z',
      firing: ['5ef77f1f8a3ecfd7'],
      firing_count: 12,
      resolved: [],
    },
  ]);
});

test('timers that stand for never are left out', () => {
  const view = presentGroup(sampleGroup({ anchorAt: 0, flushAt: Number.POSITIVE_INFINITY }));
  assert.equal('last_flush_at' in view, false);
  assert.equal('next_flush_at' in view, false);
  assert.equal('next_flush_at' in presentGroup(sampleGroup({ flushAt: Number.MAX_SAFE_INTEGER })), false);
});
