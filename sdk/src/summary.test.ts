import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';
import {
  descriptionOf,
  durationText,
  labelsOf,
  lateText,
  leftOutText,
  linksOf,
  lookOf,
  severityOf,
  summaryOf,
  timesOf,
  titleOf,
  worstSeverity,
} from './summary.ts';

test('[BR-NOT-006] the title says state, count, name, place and severity', () => {
  assert.equal(titleOf(sampleNotification()), '[FIRING:1] DiskFull · db-1 (critical)');
  assert.equal(titleOf(sampleNotification({ status: 'resolved' })), '[RESOLVED] DiskFull · db-1 (critical)');
});

test('[BR-NOT-006] the title counts what fires and marks what is left out', () => {
  const alerts = [
    sampleAlert(),
    sampleAlert({ labels: { alertname: 'HighLoad' } }),
    sampleAlert({ labels: { alertname: 'SwapUsed' }, status: 'resolved' }),
  ];
  const notification = sampleNotification({ alerts, commonLabels: {}, truncatedAlerts: 4 });
  assert.equal(titleOf(notification), '[FIRING:2+] DiskFull and 2 more');
  assert.equal(leftOutText(notification, 2), '… and 5 more alerts');
  assert.equal(leftOutText(sampleNotification(), 1), '');
});

test('a title is one clean line however hostile the labels', () => {
  const labels = { alertname: 'Evil\r\nBcc: x\u001b[2J\u202e', instance: 'a\nb' };
  const notification = sampleNotification({ alerts: [sampleAlert({ labels })], commonLabels: labels });
  assert.equal(titleOf(notification), '[FIRING:1] Evil Bcc: x · a b');
});

test('the worst severity counts the alerts that fire', () => {
  const low = sampleAlert({ labels: { alertname: 'A', severity: 'P4' } });
  const high = sampleAlert({ labels: { alertname: 'A', severity: 'Disaster' }, status: 'resolved' });
  assert.equal(worstSeverity(sampleNotification({ alerts: [low, high] })), 'info');
  assert.equal(worstSeverity(sampleNotification({ alerts: [high] })), 'critical');
  assert.equal(severityOf({ severity: 'purple' }), 'unknown');
});

test('resolved looks resolved, whatever the severity was', () => {
  assert.equal(lookOf('resolved', 'critical').emoji, '✅');
  assert.notEqual(lookOf('firing', 'critical').color, lookOf('firing', 'warning').color);
});

test('labels: telling ones first, without the title, the common ones and the internal ones', () => {
  const labels = {
    zone: 'b',
    alertname: 'A',
    severity: 'x',
    __meta__: 'y',
    cluster: 'eu',
    instance: 'db-1',
    app: 'shop',
  };
  assert.deepEqual(labelsOf(labels, { app: 'shop' }), [
    ['instance', 'db-1'],
    ['cluster', 'eu'],
    ['zone', 'b'],
  ]);
});

test('the description is left out when it repeats the summary', () => {
  const annotations = { summary: 'Disk full', description: 'Disk full' };
  assert.equal(summaryOf({ annotations }), 'Disk full');
  assert.equal(descriptionOf({ annotations }), '');
  assert.equal(summaryOf({ annotations: { description: 'only this' } }), 'only this');
});

test('links: runbook, dashboard, source, each once, and never a script', () => {
  const links = linksOf({
    annotations: {
      runbook_url: 'https://runbooks.example.org/disk',
      dashboard: 'javascript:alert(1)',
      panel_url: '/relative',
    },
    generatorURL: 'http://prometheus.example.org/graph?g0.expr=up',
  });
  assert.deepEqual(links, [
    { title: 'Runbook', url: 'https://runbooks.example.org/disk' },
    { title: 'Source', url: 'http://prometheus.example.org/graph?g0.expr=up' },
  ]);
});

test('times: since when and how long', () => {
  const notification = sampleNotification();
  assert.equal(timesOf(sampleAlert(), notification), 'since 2026-11-20 09:14:05 UTC (4m)');
  const resolved = sampleAlert({ status: 'resolved', endsAt: '2026-11-20T10:15:05Z' });
  assert.equal(timesOf(resolved, notification), 'resolved 2026-11-20 10:15:05 UTC after 1h 1m');
});

test('durations in their two largest units', () => {
  assert.deepEqual([0, 999, 45_000, 3_600_000, 93_784_000, -5, Number.NaN].map(durationText), [
    '0s',
    '1s',
    '45s',
    '1h',
    '1d 2h',
    '0s',
    'unknown time',
  ]);
});

test('late is said', () => {
  assert.match(lateText({ late: true }), /late/);
  assert.equal(lateText({ late: false }), '');
});
