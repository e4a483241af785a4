import type { Connector, Notification } from '@signalbox/sdk';
import type { DeliverCall, Host, Integration } from '../../host/integration.ts';
import type { Journal, JournalRecord, NewRecord } from '../../journal/port.ts';
import type { Command, CommandResult } from '../../model/command.ts';
import type { Attempt, Delivery } from '../../model/delivery.ts';
import { sampleApproval, sampleSilence, sampleWorkflowRun } from '../../store/suite/samples.ts';
import type { Approval } from '../../model/approval.ts';
import type { WorkflowRun } from '../../model/workflow-run.ts';
import type { Silence } from '../../model/silence.ts';
import type { Alert } from '../../model/alert.ts';
import type { Incident } from '../../model/incident.ts';
import type { IntegrationSettings } from '../../model/settings.ts';
import type { CommandBody } from '../../model/record.ts';
import { matches } from '../../model/matcher.ts';
import { BadCursor } from '../../store/cursor.ts';
import type { QuarantineRow, ReceiptRow } from '../../store/port.ts';
import type { ChangeRow, Page, PageQuery, StoreReader } from '../../store/reader.ts';
import { countFailure, countMatch, createTally } from '../../rules/tally.ts';
import type { RehearsalJob } from '../../rehearsal/job.ts';
import type { Readiness, Services } from '../services.ts';
import {
  NOW,
  promConnector,
  sampleAlert,
  sampleDelivery,
  sampleGroup,
  sampleIncident,
  sampleIntegrationSettings,
  sampleNamespace,
  sampleNamespaceEntry,
  sampleNotificationRow,
  sampleQuarantine,
  sampleSettings,
  webhookConnector,
} from './sample-rows.ts';

/** Services over rows in memory that a test may change, and a list of what was asked of them. */
export interface FakeServices extends Services {
  readonly rows: {
    alerts: Alert[];
    incidents: Incident[];
    deliveries: Delivery[];
    attempts: Attempt[];
    quarantine: QuarantineRow[];
    receipts: ReceiptRow[];
    changes: ChangeRow[];
    oldestChange: number;
    silences: Silence[];
    approvals: Approval[];
    workflowRuns: WorkflowRun[];
    records: JournalRecord[];
    /** Next offset to process of partition 0. */
    position: number;
  };
  readonly commands: Command[];
  readonly sent: { notification: Notification; call: DeliverCall }[];
  /** Records that the API appended, and what the owner of the state does with them. */
  readonly appended: NewRecord[];
  onAppend: (records: readonly NewRecord[]) => void;
  /** What the next command answers. */
  answer: CommandResult;
  parts: Readiness[];
  settingsNow: ReturnType<typeof sampleSettings>;
  /** What `integration.deliver` and `probe` do besides being noted. */
  onCall: () => void;
  /** As a commit does. */
  changed(): void;
}

export function createFakeServices(server: Parameters<typeof sampleSettings>[0] = {}): FakeServices {
  const listeners = new Set<() => void>();
  const rows: FakeServices['rows'] = {
    alerts: [sampleAlert()],
    silences: [sampleSilence('s1', { startsAt: NOW - 1_000, endsAt: NOW + 60_000 })],
    approvals: [sampleApproval('s1')],
    workflowRuns: [sampleWorkflowRun('s1', { status: 'succeeded' })],
    incidents: [sampleIncident()],
    deliveries: [sampleDelivery()],
    attempts: [
      {
        deliveryId: 'd1',
        number: 1,
        startedAt: NOW - 20_000,
        endedAt: NOW - 19_000,
        outcome: 'failed',
        code: 'SB_REJECTED',
        detail: 'pager.example answered 404',
      },
    ],
    quarantine: [sampleQuarantine()],
    receipts: [],
    changes: [],
    oldestChange: 1,
    records: [],
    position: 0,
  };
  const fake: FakeServices = {
    rows,
    commands: [],
    sent: [],
    appended: [],
    onAppend: (records) => void fake.rows.receipts.push(...records.map(receiptOf)),
    answer: { ok: true, id: 's1' },
    parts: [
      { part: 'journal', ready: true, required: true, detail: 'open' },
      { part: 'integration:pager', ready: false, required: false, detail: 'refused the token' },
    ],
    settingsNow: sampleSettings(server),
    onCall: () => {},
    changed: () => listeners.forEach((listener) => listener()),
    settings: () => fake.settingsNow,
    host: () => host,
    reader: createFakeReader(rows),
    journal: createFakeJournal(rows),
    async command(command) {
      fake.commands.push(command);
      return fake.answer;
    },
    suppressions: async () => () => [],
    settled: async () => {},
    async append(records) {
      fake.appended.push(...records);
      fake.onAppend(records);
      return records.map((_, index) => ({ partition: 0, offset: fake.appended.length + index }));
    },
    async redriveQuarantined(id) {
      fake.commands.push({ kind: 'settle_quarantine', id, status: 'redriven' });
      return fake.answer;
    },
    directory: () => ({ entries: 0 }),
    rehearsals: {
      start: (request) => ({ ...rehearsal, kind: request.kind }),
      find: (id) => (id === rehearsal.id ? rehearsal : undefined),
      list: () => [rehearsal],
      wait: async () => ({ ...rehearsal, kind: 'payload', status: 'done', progress: 1, endedAt: NOW }),
      cancel: (id) => (id === rehearsal.id ? { ...rehearsal, status: 'cancelled', endedAt: NOW } : undefined),
    },
    refreshHealth: async () => undefined,
    readiness: async () => fake.parts,
    metrics: async () => 'signalbox_up 1\n',
    ruleCounts: async () => {
      const tally = createTally();
      const alert = { tenant: 'default', fingerprint: '5ef77f1f8a3ecfd7' };
      for (let count = 0; count < 3; count++) countMatch(tally, 'filter', 'quiet', alert, NOW);
      countFailure(tally, 'filter', 'quiet');
      return tally;
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    version: '0.1.0',
    startedAt: NOW,
    now: () => NOW,
  };
  const host: Host = {
    connectors: [promConnector, webhookConnector],
    broken: [{ id: 'left-out', reason: 'it could not be loaded' }],
    integrations: new Map(
      [
        integrationOf(fake, webhookConnector, {
          config: { url: 'https://pager.example', token: 'never-to-be-seen' },
        }),
        integrationOf(fake, promConnector, { id: 'prom', connector: 'alertmanager' }),
      ].map((integration) => [integration.id, integration]),
    ),
    startTasks: () => {},
    close: async () => {},
  };
  return fake;
}

const rehearsal: RehearsalJob = {
  id: 'r1',
  kind: 'back_test',
  status: 'running',
  startedAt: NOW - 1_000,
  progress: 0.5,
};

/** The owner of the state takes every command as one that changes something. */
function receiptOf({ value, at }: NewRecord): ReceiptRow {
  const { meta, command } = JSON.parse(String(value)) as CommandBody;
  const { signal, integration } = meta;
  const parts = { parts: 1, partsDone: 1, alerts: [command.fingerprint] };
  const outcome = { ok: true, changed: true } as const;
  return { signal, integration, receivedAt: at, processedAt: at, status: 'processed', ...parts, outcome };
}

function integrationOf(
  fake: FakeServices,
  connector: Connector,
  change: Partial<IntegrationSettings>,
): Integration {
  const settings = sampleIntegrationSettings(change);
  return {
    id: settings.id,
    settings,
    connector,
    health: {
      status: 'degraded',
      since: NOW - 1_000,
      successes: 4,
      failures: 1,
      lastFault: { code: 'SB_UNAVAILABLE', message: 'pager.example answered 503', at: NOW - 1_000 },
    },
    async deliver(notification, call) {
      fake.sent.push({ notification, call });
      fake.onCall();
      return { summary: '202 Accepted', vendorId: 'v-1' };
    },
    note: () => {},
    render: (notification) => ({
      contentType: 'application/json',
      body: JSON.stringify({ id: notification.id }),
    }),
    cacheKey: () => undefined,
    recordKey: () => undefined,
    analyse: () => Promise.reject(new Error('nobody analyses here')),
    score: () => Promise.reject(new Error('nobody scores here')),
    list: () => Promise.reject(new Error('nobody lists here')),
    tellsRuns: false,
    runStatus: () => Promise.reject(new Error('nothing runs here')),
    enrich: async () => ({}),
    async probe() {
      fake.onCall();
    },
  };
}

function createFakeReader(rows: FakeServices['rows']): StoreReader {
  return {
    alerts: async ({ matchers = [], status, ...query }) =>
      pageOf(
        rows.alerts.filter(
          (alert) => matches(matchers, alert.labels) && (status === undefined || alert.status === status),
        ),
        query,
      ),
    alert: async (tenant, fingerprint) =>
      rows.alerts.find((alert) => alert.tenant === tenant && alert.fingerprint === fingerprint),
    silences: async (query) => pageOf(rows.silences, query),
    openSilences: async () => rows.silences,
    silenceMark: async () => 0,
    silenceVersions: async () => [],
    prepared: async () => [],
    answers: async () => [],
    silence: async (id) => rows.silences.find((silence) => silence.id === id),
    approvals: async (query) => pageOf(rows.approvals, query),
    workflowRuns: async (query) => pageOf(rows.workflowRuns, query),
    workflowRun: async (id) => rows.workflowRuns.find((run) => run.id === id),
    approval: async (id) => rows.approvals.find((approval) => approval.id === id),
    inhibitors: async () => [],
    memberships: async () => [],
    decisions: async () => [{ stage: 'route', rule: '{}', outcome: 'on-call', at: NOW, count: 3 }],
    groups: async (query) => pageOf([sampleGroup()], query),
    groupsOf: async () => [sampleGroup({ flushAt: Number.POSITIVE_INFINITY, anchorAt: 0 })],
    incidents: async ({ status = [], ...query }) =>
      pageOf(
        rows.incidents.filter((incident) => status.length === 0 || status.includes(incident.status)),
        query,
      ),
    incident: async (id) => rows.incidents.find((incident) => incident.id === id),
    incidentAlerts: async (id, query) =>
      pageOf(
        rows.alerts.map((alert) => ({
          alert,
          member: {
            incidentId: id,
            tenant: alert.tenant,
            fingerprint: alert.fingerprint,
            status: alert.status,
            joinedAt: NOW,
          },
        })),
        query,
      ),
    incidentsOf: async () => rows.incidents,
    model: async () => undefined,
    costs: async () => [],
    connectorState: async () => undefined,
    namespaces: async (query) => pageOf([sampleNamespace()], query),
    namespaceEntries: async (query) => pageOf([sampleNamespaceEntry()], query),
    notification: async (id) => (id === 'n1' ? sampleNotificationRow() : undefined),
    notifications: async (query) => pageOf([sampleNotificationRow()], query),
    deliveries: async ({ status, ...query }) =>
      pageOf(
        rows.deliveries.filter((delivery) => status === undefined || status.includes(delivery.status)),
        query,
      ),
    delivery: async (id) => rows.deliveries.find((delivery) => delivery.id === id),
    attempts: async (deliveryId) => rows.attempts.filter((attempt) => attempt.deliveryId === deliveryId),
    quarantine: async ({ status, ...query }) =>
      pageOf(
        rows.quarantine.filter((row) => status === undefined || row.status === status),
        query,
      ),
    quarantined: async (id) => rows.quarantine.find((row) => row.id === id),
    receipt: async (signal) => rows.receipts.find((row) => row.signal === signal),
    heartbeats: async () => [{ integration: 'prom', lastSeenAt: NOW - 1_000, silent: false }],
    positions: async () => [{ partition: 0, offset: rows.position }],
    changes: async (cursor, limit) => ({
      rows: rows.changes.filter(({ seq }) => seq > cursor).slice(0, limit),
      oldest: rows.oldestChange,
      newest: rows.changes.at(-1)?.seq ?? 0,
    }),
    revisions: async () => [{ id: 'rev-1', at: NOW - 60_000 }],
    counts: async () => ({
      alertsFiring: 1,
      alertsResolved: 0,
      groups: 1,
      deliveries: { dead: 1 },
      quarantined: 1,
      oldestPendingAt: NOW - 500,
    }),
    close: async () => {},
  };
}

/** The cursor is the index of the next row. */
function pageOf<T>(all: readonly T[], { limit, cursor }: PageQuery): Page<T> {
  const start = Number(cursor ?? 0);
  if (!Number.isInteger(start)) throw new BadCursor('not a cursor');
  const end = start + limit;
  return { items: all.slice(start, end), ...(end < all.length && { next: String(end) }) };
}

function createFakeJournal(rows: FakeServices['rows']): Journal {
  const refuse = async (): Promise<never> => {
    throw new Error('The API only reads the journal.');
  };
  return {
    partitions: 1,
    identity: async () => ({ cluster: 'c', generation: 'g' }),
    append: refuse,
    trim: refuse,
    offsetAt: async () => 0,
    read: async (partition, offset, limit) =>
      rows.records
        .filter((record) => record.partition === partition && record.offset >= offset)
        .slice(0, limit),
    end: async () => rows.position + 2,
    bytes: async () => 4096,
    close: async () => {},
  };
}
