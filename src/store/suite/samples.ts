import type { WorkflowRun } from '../../model/workflow-run.ts';
import type { Attempt, Delivery, Notification } from '../../model/delivery.ts';
import type { Alert } from '../../model/alert.ts';
import type { Approval } from '../../model/approval.ts';
import type { Decision } from '../../model/decision.ts';
import type { Group, Wake } from '../../model/group.ts';
import type { NamespaceEntry } from '../../model/namespace.ts';
import type { Silence } from '../../model/silence.ts';
import type { Incident, IncidentMember } from '../../model/incident.ts';
import type { Change, QuarantineRow, ReceiptRow } from '../port.ts';

/** A moment that all samples stand at. */
export const T0 = 1_700_000_000_000;

export function sampleAlert(fingerprint: string, more: Partial<Alert> = {}): Alert {
  return {
    tenant: 'default',
    fingerprint,
    status: 'firing',
    labels: { alertname: 'DiskFull', instance: fingerprint },
    annotations: { summary: 'Die Platte läuft voll 火' },
    severity: 'critical',
    priority: 'critical',
    integration: 'prom',
    episode: 1,
    occurrences: 1,
    startsAt: T0,
    lastSeenAt: T0,
    changedAt: T0,
    eventAt: T0,
    signal: 'signal',
    signalHash: 'hash',
    signalAt: T0,
    partition: 0,
    decisions: [],
    ...more,
  };
}

export function sampleGroup(id: string, more: Partial<Group> = {}): Group {
  return {
    id,
    tenant: 'default',
    routeKey: '{}',
    groupKey: `{}:{alertname="${id}"}`,
    labels: { alertname: id },
    receiver: 'on-call',
    generation: 0,
    anchorAt: 0,
    flushAt: T0,
    now: T0,
    told: [],
    decisions: [],
    ...more,
  };
}

export function sampleIncident(id: string, more: Partial<Incident> = {}): Incident {
  return {
    id,
    tenant: 'default',
    scopeId: 'scope',
    rule: 'by-cluster',
    version: 1,
    status: 'open',
    title: 'Disk of db-1 is 97% full',
    severity: 'critical',
    priority: 'critical',
    alerts: 1,
    firing: 1,
    startsAt: T0,
    openedAt: T0,
    changedAt: T0,
    cause: { fingerprint: 'a', title: 'Disk of db-1 is 97% full', startsAt: T0, why: 'first', depth: 0 },
    changes: [],
    facets: [{ from: T0, to: T0 }],
    escalations: 0,
    decisions: [],
    timeline: [{ at: T0, kind: 'opened', text: 'DiskFull opened it' }],
    ...more,
  };
}

export function sampleIncidentMember(
  incidentId: string,
  fingerprint: string,
  more: Partial<IncidentMember> = {},
): IncidentMember {
  return { incidentId, tenant: 'default', fingerprint, status: 'firing', joinedAt: T0, ...more };
}

export function sampleWake(groupId: string, fingerprint: string): Wake {
  return {
    groupId,
    tenant: 'default',
    routeKey: '{}',
    labels: { alertname: 'DiskFull' },
    fingerprint,
    status: 'firing',
    startsAt: T0,
  };
}

export function sampleNotification(id: string, more: Partial<Notification> = {}): Notification {
  return {
    id,
    tenant: 'default',
    groupId: 'g',
    groupKey: '{}:{}',
    generation: 1,
    receiver: 'on-call',
    status: 'firing',
    priority: 'critical',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    alerts: [],
    truncatedAlerts: 0,
    createdAt: new Date(T0).toISOString(),
    late: false,
    externalURL: 'http://127.0.0.1:8080',
    ...more,
  };
}

export function sampleDelivery(id: string, more: Partial<Delivery> = {}): Delivery {
  return {
    id,
    tenant: 'default',
    notificationId: `n-${id}`,
    groupId: `g-${id}`,
    generation: 1,
    integration: 'pager',
    origin: 'pager',
    receiver: 'on-call',
    step: 0,
    priority: 'warning',
    status: 'pending',
    attempts: 0,
    createdAt: T0,
    dueAt: T0,
    deadlineAt: T0 + 3_600_000,
    ...more,
  };
}

export function sampleAttempt(deliveryId: string, number: number): Attempt {
  return {
    deliveryId,
    number,
    startedAt: T0,
    endedAt: T0 + 5,
    outcome: 'failed',
    code: 'SB_UNAVAILABLE',
    detail: '503',
  };
}

export function sampleReceipt(signal: string, more: Partial<ReceiptRow> = {}): ReceiptRow {
  return {
    signal,
    integration: 'prom',
    receivedAt: T0,
    processedAt: T0 + 1,
    status: 'processed',
    parts: 1,
    partsDone: 1,
    alerts: [],
    ...more,
  };
}

export function sampleQuarantine(id: string, more: Partial<QuarantineRow> = {}): QuarantineRow {
  return {
    id,
    tenant: 'default',
    integration: 'prom',
    receivedAt: T0,
    status: 'held',
    problem: { code: 'malformed', detail: 'Unexpected end of JSON input', field: '/alerts' },
    request: {
      method: 'POST',
      path: '/hooks/prom',
      contentType: 'application/json',
      headers: { 'user-agent': 'Alertmanager/0.28' },
      body: 'e30=',
    },
    ...more,
  };
}

export function sampleDecision(more: Partial<Decision> = {}): Decision {
  return { stage: 'fold', rule: 'prom', outcome: 'fired', at: T0, count: 1, ...more };
}

export function sampleChange(id: string, more: Partial<Change> = {}): Change {
  return { at: T0, tenant: 'default', kind: 'alert', id, status: 'firing', ...more };
}

export function sampleSilence(id: string, more: Partial<Silence> = {}): Silence {
  return {
    id,
    tenant: 'default',
    kind: 'silence',
    matchers: [{ name: 'alertname', op: '=', value: 'DiskFull' }],
    startsAt: T0 - 100,
    endsAt: T0,
    createdBy: 'ada',
    comment: 'disks are being replaced',
    annotations: {},
    updatedAt: T0 - 100,
    ...more,
  };
}

export function sampleNamespaceEntry(
  namespace: string,
  change: Partial<NamespaceEntry> = {},
): NamespaceEntry {
  const key = { tenant: 'default', cluster: 'eu-1', namespace };
  return { ...key, life: 1, sequence: 1, kind: 'created', at: T0, by: 'k8s', to: 'production', ...change };
}

export function sampleApproval(id: string, more: Partial<Approval> = {}): Approval {
  return {
    id,
    tenant: 'default',
    version: 1,
    state: 'pending',
    question: 'Send the dead letter d1 to erp again?',
    subject: { kind: 'dead_letter', id: 'd1' },
    action: { kind: 'redrive_delivery', id: 'd1' },
    requestedBy: 'ada',
    requestedAt: T0,
    deadlineAt: T0 + 100,
    onExpiry: 'reject',
    dueAt: T0 + 100,
    ...more,
  };
}

export function sampleWorkflowRun(id: string, more: Partial<WorkflowRun> = {}): WorkflowRun {
  return {
    id,
    version: 1,
    tenant: 'default',
    rule: 'restart',
    integration: 'argo',
    trigger: 'firing',
    subject: { kind: 'alert', id: 'f1' },
    episode: 1,
    title: 'ConsumerStuck',
    priority: 'warning',
    inputs: { namespace: 'shop' },
    status: 'starting',
    deliveryId: 'd1',
    createdAt: T0,
    changedAt: T0,
    asked: 0,
    watchMs: 3_600_000,
    ...more,
  };
}
