import type { NotifiedAlert, Notification } from '../notification.ts';

/** One firing alert as a test needs it; give only what matters to the test. */
export function sampleAlert(changes: Partial<NotifiedAlert> = {}): NotifiedAlert {
  return {
    status: 'firing',
    fingerprint: '6b2f0c1d9e8a7f35',
    labels: { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' },
    annotations: { summary: 'Disk /var is 96% full' },
    startsAt: '2026-11-20T09:14:05Z',
    ...changes,
  };
}

/** A notification of one group; give only what matters to the test. */
export function sampleNotification(changes: Partial<Notification> = {}): Notification {
  return {
    id: 'n_1',
    tenant: 'default',
    groupId: 'g_1',
    groupKey: '{}:{alertname="DiskFull"}',
    generation: 1,
    receiver: 'on-call',
    status: 'firing',
    priority: 'critical',
    groupLabels: { alertname: 'DiskFull' },
    commonLabels: { alertname: 'DiskFull', instance: 'db-1', severity: 'critical' },
    commonAnnotations: { summary: 'Disk /var is 96% full' },
    alerts: [sampleAlert()],
    truncatedAlerts: 0,
    createdAt: '2026-11-20T09:18:05Z',
    late: false,
    externalURL: 'https://signalbox.example.org',
    ...changes,
  };
}
