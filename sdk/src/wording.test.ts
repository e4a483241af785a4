import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleAlert, sampleNotification } from './testing/sample-notification.ts';
import { wordingOf } from './wording.ts';

const KNOWN = {
  facts: { environment: 'production', businessUnit: 'retail' },
  context: {
    pod: { phase: 'Running' },
    cluster: { changes: [{ at: '2026-11-20T09:10:05Z', what: 'image', kind: 'Deployment', name: 'shop' }] },
  },
};

test('[BR-NOT-006] of a single alert what happened stands out, and it keeps its labels', () => {
  const { title, isSingle, alerts, shared, footer, hub } = wordingOf(
    sampleNotification({ alerts: [sampleAlert(KNOWN)] }),
    { maxAlerts: 10 },
  );
  assert.deepEqual([title, isSingle, shared], ['[FIRING:1] DiskFull · db-1 (critical)', true, []]);
  assert.deepEqual(
    [footer, hub],
    [['to on-call'], [{ title: 'Signalbox', url: 'https://signalbox.example.org/' }]],
  );
  assert.deepEqual(alerts, [
    {
      status: 'firing',
      severity: 'critical',
      look: { color: '#c62828', emoji: '🔴' },
      name: 'DiskFull',
      summary: 'Disk /var is 96% full',
      heading: 'Disk /var is 96% full',
      beside: '',
      description: '',
      labels: [['instance', 'db-1']],
      known: [
        ['environment', 'production'],
        ['owner', 'retail'],
      ],
      found: ['pod: phase Running', 'changed: image of Deployment shop, 4m before it began'],
      times: 'since 2026-11-20 09:14:05 UTC (4m)',
      links: [
        {
          title: 'Explain',
          url: 'https://signalbox.example.org/api/v1/alerts/6b2f0c1d9e8a7f35/explain',
        },
      ],
    },
  ]);
});

test('[BR-NOT-006] of several alerts the names stand out, and what they share is said once', () => {
  const labels = { alertname: 'DiskFull', instance: 'db-2', cluster: 'eu-1' };
  const wording = wordingOf(
    sampleNotification({
      generation: 2,
      reason: 'some_resolved',
      late: true,
      commonLabels: { alertname: 'DiskFull', cluster: 'eu-1' },
      alerts: [sampleAlert({ labels }), sampleAlert({ labels: { ...labels, instance: 'db-3' } })],
    }),
    { maxAlerts: 1 },
  );
  assert.deepEqual(
    wording.alerts.map(({ heading, beside, labels: own }) => [heading, beside, own]),
    [['DiskFull', 'Disk /var is 96% full', [['instance', 'db-2']]]],
    'as many as were asked for',
  );
  assert.deepEqual(wording.footer, [
    'to on-call',
    'cluster=eu-1',
    'update 2',
    'some have resolved',
    'Told late: the hub was catching up.',
  ]);
});

test('a channel that always shows shared labels apart says none twice', () => {
  const { shared, alerts } = wordingOf(sampleNotification(), { maxAlerts: 1, sharesAlways: true });
  assert.deepEqual([shared, alerts[0]!.labels], [[['instance', 'db-1']], []]);
});
