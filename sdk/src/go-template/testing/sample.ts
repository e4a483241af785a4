import type { Notification } from '../../notification.ts';

/** Two alerts that fire and one that is resolved, with texts that have to be escaped. */
export const SAMPLE: Notification = {
  id: 'n_1',
  tenant: 'default',
  groupId: 'g_1',
  groupKey: '{}:{alertname="DiskFull"}',
  generation: 1,
  receiver: 'team (a).b',
  status: 'firing',
  priority: 'critical',
  groupLabels: { alertname: 'DiskFull', cluster: 'eu-1' },
  commonLabels: { alertname: 'DiskFull', cluster: 'eu-1', job: 'node', über: 'ä' },
  commonAnnotations: { runbook_url: 'https://example.org/run?a=1&b=<2>' },
  alerts: [
    {
      status: 'firing',
      fingerprint: '0123456789abcdef',
      labels: {
        alertname: 'DiskFull',
        cluster: 'eu-1',
        instance: 'db-1:9100',
        severity: 'warning',
        team: '<b>"ops" & \'more\'</b>',
      },
      annotations: { summary: 'Disk is 91% full\non db-1', value: '91.5' },
      startsAt: '2026-11-20T09:14:05.123456Z',
      generatorURL: 'http://prometheus.example.org/graph?g0.expr=up+%3D%3D+0&g0.tab=1',
    },
    {
      status: 'firing',
      fingerprint: '1123456789abcdef',
      labels: { alertname: 'DiskFull', cluster: 'eu-1', instance: 'db-2:9100', severity: 'critical' },
      annotations: {},
      startsAt: '2026-11-20T23:59:59Z',
      generatorURL: 'javascript:alert(1)',
    },
    {
      status: 'resolved',
      fingerprint: '2123456789abcdef',
      labels: { alertname: 'DiskFull', cluster: 'eu-1', instance: 'db-3:9100', severity: 'info' },
      annotations: { summary: 'fine' },
      startsAt: '2026-07-01T00:00:00Z',
      endsAt: '2026-07-02T12:30:00Z',
      generatorURL: '',
    },
  ],
  truncatedAlerts: 0,
  createdAt: '2026-11-21T00:00:00Z',
  late: false,
  externalURL: 'http://alertmanager.example.org',
};
