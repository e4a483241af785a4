import { Type, type Connector, type Notification } from '@signalbox/sdk';
import type { Alert } from '../../model/alert.ts';
import type { Delivery } from '../../model/delivery.ts';
import type { Group } from '../../model/group.ts';
import type { Incident } from '../../model/incident.ts';
import type { NamespaceEntry, NamespaceRecord } from '../../model/namespace.ts';
import { resolveRoute } from '../../model/route.ts';
import type { IntegrationSettings, Settings } from '../../model/settings.ts';
import type { QuarantineRow } from '../../store/port.ts';

/** 2026-03-01T09:30:00Z; the clock of all API tests. */
export const NOW = Date.UTC(2026, 2, 1, 9, 30);

export function sampleAlert(change: Partial<Alert> = {}): Alert {
  return {
    tenant: 'default',
    fingerprint: '5ef77f1f8a3ecfd7',
    partition: 0,
    status: 'firing',
    labels: { alertname: 'DiskFull', instance: 'db-1', team: 'db' },
    annotations: { summary: 'Disk of db-1 is 97% full' },
    severity: 'critical',
    priority: 'critical',
    integration: 'prom',
    episode: 2,
    occurrences: 7,
    startsAt: NOW - 60_000,
    endsAt: NOW + 300_000,
    lastSeenAt: NOW - 1_000,
    changedAt: NOW - 60_000,
    eventAt: NOW - 1_000,
    generatorURL: 'http://prometheus.example/graph',
    details: { value: 97 },
    signal: '0193f0c2a4b1c93e5f00112233445566',
    signalHash: 'not-for-the-outside',
    signalAt: NOW - 1_000,
    decisions: [],
    ...change,
  };
}

export function sampleGroup(change: Partial<Group> = {}): Group {
  return {
    id: 'g1',
    tenant: 'default',
    routeKey: '{}/{team="db"}',
    groupKey: '{}/{team="db"}:{alertname="DiskFull"}',
    labels: { alertname: 'DiskFull' },
    receiver: 'on-call',
    generation: 3,
    anchorAt: NOW - 30_000,
    flushAt: NOW + 30_000,
    decisions: [],
    now: NOW,
    told: [
      {
        integration: 'pager',
        at: NOW - 30_000,
        firing: ['5ef77f1f8a3ecfd7'],
        firingCount: 12,
        resolved: [],
        sinceGeneration: 1,
      },
    ],
    ...change,
  };
}

export function sampleDelivery(change: Partial<Delivery> = {}): Delivery {
  return {
    id: 'd1',
    tenant: 'default',
    notificationId: 'n1',
    groupId: 'g1',
    generation: 3,
    integration: 'pager',
    origin: 'pager',
    receiver: 'on-call',
    step: 0,
    priority: 'critical',
    status: 'dead',
    attempts: 2,
    createdAt: NOW - 30_000,
    dueAt: NOW - 20_000,
    deadlineAt: NOW + 900_000,
    settledAt: NOW - 10_000,
    fault: { code: 'SB_REJECTED', message: 'pager.example answered 404' },
    ...change,
  };
}

export function sampleNotificationRow(change: Partial<Notification> = {}): Notification {
  return {
    id: 'n1',
    tenant: 'default',
    groupId: 'g1',
    groupKey: '{}/{team="db"}:{alertname="DiskFull"}',
    generation: 3,
    receiver: 'on-call',
    status: 'firing',
    priority: 'critical',
    groupLabels: { alertname: 'DiskFull' },
    commonLabels: { alertname: 'DiskFull', team: 'db' },
    commonAnnotations: {},
    alerts: [
      {
        status: 'firing',
        fingerprint: '5ef77f1f8a3ecfd7',
        labels: { alertname: 'DiskFull' },
        annotations: {},
        startsAt: '2026-03-01T09:29:00Z',
      },
    ],
    truncatedAlerts: 4,
    createdAt: '2026-03-01T09:29:30.000Z',
    late: false,
    externalURL: 'http://localhost:8080',
    ...change,
  };
}

export function sampleQuarantine(change: Partial<QuarantineRow> = {}): QuarantineRow {
  return {
    id: '0193f0c2a4b1c93e5f00112233445566',
    tenant: 'default',
    integration: 'prom',
    receivedAt: NOW - 5_000,
    status: 'held',
    problem: {
      code: 'wrong_shape',
      detail: 'labels must be an object of strings',
      field: 'alerts[0].labels',
    },
    request: {
      method: 'POST',
      path: '/hooks/prom?token=hidden-in-the-path',
      contentType: 'application/json',
      headers: {
        'x-github-event': 'push',
        'x-hub-signature-256': 'sha256=hidden',
        authorization: 'Bearer hidden',
      },
      body: Buffer.from('{"alerts":[{"labels":1}]}').toString('base64'),
    },
    ...change,
  };
}

export const webhookConnector: Connector = {
  id: 'webhook',
  title: 'Webhook',
  summary: 'Posts notifications to an address.',
  version: '1.0.0',
  vendorVersions: 'any',
  config: Type.Object({
    url: Type.String({ description: 'Where to post.', examples: ['https://example.org/hook'] }),
    token: Type.String({ description: 'Sent as bearer.', 'x-secret': true }),
  }),
  notifier: {
    idempotency: 'key',
    deliver: async () => ({ summary: '202 Accepted' }),
    render: () => ({ contentType: 'application/json', body: '{}' }),
  },
  probe: async () => {},
};

export const promConnector: Connector = {
  id: 'alertmanager',
  title: 'Alertmanager',
  summary: 'Takes the webhook of Alertmanager.',
  version: '1.0.0',
  config: Type.Object({}),
  source: { parse: () => [] },
};

export function sampleIntegrationSettings(change: Partial<IntegrationSettings>): IntegrationSettings {
  return {
    id: 'pager',
    connector: 'webhook',
    tenant: 'default',
    config: {},
    delivery: {
      concurrency: 4,
      timeoutMs: 10_000,
      retry: { initialMs: 1_000, maxMs: 60_000, factor: 2 },
      deadlineMs: 900_000,
      breaker: { failures: 5, cooldownMs: 30_000 },
      fallback: [],
      fallbackAfterMs: 120_000,
      onUnknown: 'auto',
    },
    http: { tls: { minVersion: 'TLSv1.3' }, reach: 'metadata' },
    ...change,
  };
}

/** Only what the API reads; the rest is never asked for. */
export function sampleSettings(server: Partial<Settings['server']> = {}): Settings {
  return {
    revision: 'rev-1',
    server: { apiTokens: [], externalURL: 'http://localhost:8080', accessLog: false, ...server },
    storage: { path: 'data', journalMaxBytes: 1_000_000, retention: {} },
    maintenanceWindows: [],
    inhibitRules: [],
    enrichment: [],
    workflows: [],
    timeIntervals: {},
    silences: { expiryNoticeMs: 0, confirmAbove: 100 },
    rules: [
      {
        id: 'quiet',
        when: 'alert.severity == "info"',
        matchers: [{ name: 'team', op: '=', value: 'db' }],
        hold: 'it is looked at in the morning',
        set: { priority: 'info', labels: { team: 'shop' }, annotations: {} },
        stop: true,
      },
    ],
    route: resolveRoute({ receiver: 'on-call', matchers: [], continue: false, routes: [] }),
    receivers: { 'on-call': [{ integration: 'pager', sendResolved: true }] },
    lifecycle: { ackStopsRepeats: false, staleAfterMs: 0, resolveStaleAfterMs: 0, escalate: [] },
  } as unknown as Settings;
}

export function sampleIncident(change: Partial<Incident> = {}): Incident {
  return {
    id: 'i1',
    tenant: 'default',
    scopeId: 'scope',
    rule: 'by-cluster',
    version: 1,
    status: 'acknowledged',
    title: 'Disk of db-1 is 97% full',
    severity: 'critical',
    priority: 'critical',
    alerts: 2,
    firing: 1,
    startsAt: NOW - 60_000,
    openedAt: NOW - 60_000,
    changedAt: NOW - 30_000,
    acknowledgement: { by: 'kim', at: NOW - 30_000 },
    cause: {
      fingerprint: '5ef77f1f8a3ecfd7',
      title: 'Disk of db-1 is 97% full',
      startsAt: NOW - 60_000,
      why: 'first',
      depth: 0,
    },
    changes: [{ at: NOW - 90_000, what: 'db was deployed', source: '00000000000000aa' }],
    facets: [{ from: NOW - 60_000, to: NOW - 60_000 }],
    escalations: 0,
    decisions: [{ stage: 'correlate', rule: 'by-cluster', outcome: 'opened', at: NOW - 60_000, count: 1 }],
    timeline: [
      { at: NOW - 60_000, kind: 'opened', text: 'DiskFull opened it' },
      { at: NOW - 30_000, kind: 'acknowledged', by: 'kim', text: 'acknowledged' },
    ],
    ...change,
  };
}

const NAMESPACE = { tenant: 'default', cluster: 'eu-1', namespace: 'shop' };

export function sampleNamespace(): NamespaceRecord {
  return {
    ...NAMESPACE,
    environment: 'production',
    classifiedAs: 'production',
    labels: { team: 'shop' },
    uid: 'u1',
    state: 'active',
    life: 1,
    sequence: 2,
    createdAt: NOW - 60_000,
    changedAt: NOW - 1_000,
  };
}

export function sampleNamespaceEntry(): NamespaceEntry {
  const change = { from: 'staging', to: 'production', isUnapproved: true as const };
  const labels = { team: 'shop' };
  return {
    ...NAMESPACE,
    life: 1,
    sequence: 2,
    kind: 'labelled',
    at: NOW - 1_000,
    by: 'k8s',
    labels,
    ...change,
  };
}
