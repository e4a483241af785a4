import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlert } from '../testing/sample-rows.ts';
import { presentAlert } from './present-alert.ts';

test('an alert is shown in snake_case with times as RFC 3339, and nothing of its bookkeeping', () => {
  const view = presentAlert(sampleAlert());
  assert.deepEqual(view, {
    tenant: 'default',
    fingerprint: '5ef77f1f8a3ecfd7',
    status: 'firing',
    severity: 'critical',
    priority: 'critical',
    labels: { alertname: 'DiskFull', instance: 'db-1', team: 'db' },
    annotations: { summary: 'Disk of db-1 is 97% full' },
    integration: 'prom',
    episode: 2,
    occurrences: 7,
    lifecycle: { state: 'open', comments: [] },
    starts_at: '2026-03-01T09:29:00.000Z',
    expires_at: '2026-03-01T09:35:00.000Z',
    last_seen_at: '2026-03-01T09:29:59.000Z',
    changed_at: '2026-03-01T09:29:00.000Z',
    event_at: '2026-03-01T09:29:59.000Z',
    generator_url: 'http://prometheus.example/graph',
    details: { value: 97 },
  });
});

test('the end of a resolved alert is an end, not an expiry', () => {
  const view = presentAlert(sampleAlert({ status: 'resolved' }));
  assert.equal(view.ends_at, '2026-03-01T09:35:00.000Z');
  assert.equal('expires_at' in view, false);
});
