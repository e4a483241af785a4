import type { AlertStatus, Notification, Priority } from '@signalbox/sdk';

export interface SampleWishes {
  readonly status: AlertStatus;
  readonly priority: Priority;
}

export interface SampleFacts {
  readonly id: string;
  readonly tenant: string;
  readonly integration: string;
  readonly externalURL: string;
  readonly now: number;
}

/** A notification that says of itself that it is a test, for trying an integration out and for previews. */
export function sampleNotification(facts: SampleFacts, { status, priority }: SampleWishes): Notification {
  const at = new Date(facts.now).toISOString();
  const startedAt = new Date(facts.now - 5 * 60_000).toISOString();
  const labels = { alertname: 'SignalboxTest', severity: priority, integration: facts.integration };
  const annotations = {
    summary: 'This is a test notification. Nothing is wrong.',
    description: `Somebody tried the integration ${facts.integration} out.`,
  };
  return {
    id: facts.id,
    tenant: facts.tenant,
    groupId: `test-${facts.id}`,
    groupKey: '{}:{alertname="SignalboxTest"}',
    generation: 1,
    receiver: 'test',
    status,
    priority,
    groupLabels: { alertname: labels.alertname },
    commonLabels: labels,
    commonAnnotations: annotations,
    alerts: [
      {
        status,
        fingerprint: facts.id.slice(-16).padStart(16, '0'),
        labels,
        annotations,
        startsAt: startedAt,
        ...(status === 'resolved' && { endsAt: at }),
      },
    ],
    truncatedAlerts: 0,
    createdAt: at,
    late: false,
    externalURL: facts.externalURL,
  };
}
