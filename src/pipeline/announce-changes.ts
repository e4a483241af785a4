import { announceApproval } from '../approvals/announcement.ts';
import { announceIncident, SHOWN_MEMBERS } from '../correlation/announcement.ts';
import type { Alert } from '../model/alert.ts';
import { isTold, toldBy, type Announcement } from '../model/announcement.ts';
import { useOf, type Approval } from '../model/approval.ts';
import { fingerprintOf } from '../model/fingerprint.ts';
import type { Incident } from '../model/incident.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { Settings } from '../model/settings.ts';
import type { AlertKey, ChangeToAnnounce } from '../store/port.ts';
import { alertKey } from './fold-batch.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { countRows } from './count-rows.ts';
import { sayAnnouncements } from './say-announcements.ts';
import { BATCH, type StepContext } from './step.ts';

/** Up to which change of the store it was told. */
const CURSOR_KEY = 'announced';

/** Whether anybody is to be told of incidents or approvals. Where nobody is, the store is asked only from time to time. */
export function announcesChanges({ incidents, approvals }: Settings): boolean {
  return incidents?.receiver !== undefined || Object.keys(approvals?.telling ?? {}).length > 0;
}

/**
 * Tells what became of incidents and approvals: it follows the changes that were committed, by whichever node, and brings the alert that stands
 * for each to how it is by now. What is told and how far it got are one commit, so a crash neither loses nor repeats it. Returns whether
 * there may be more.
 */
export async function announceChangesStep(context: StepContext): Promise<boolean> {
  const { store, ownership } = context;
  if (!ownership.partitions().includes(OWN_PARTITION)) return false;
  const stored = await store.connectorState(OWN_INTEGRATION, CURSOR_KEY, context.now());
  const changes = await store.changesToAnnounce(Number(stored ?? 0), BATCH);
  if (changes.length === 0) return false;
  const idsOf = (kind: ChangeToAnnounce['kind']): readonly string[] => [
    ...new Set(changes.filter((change) => change.kind === kind).map(({ id }) => id)),
  ];
  const approvals = await Promise.all(idsOf('approval').map((id) => store.approval(id)));
  await announce(context, {
    incidents: await store.incidents(idsOf('incident')),
    approvals: approvals.filter((approval) => approval !== undefined),
    cursor: changes.at(-1)!.seq,
  });
  return changes.length === BATCH;
}

/** Tells once more of approvals whose deadline is near. */
export async function remindStep(context: StepContext): Promise<void> {
  const { store, ownership } = context;
  const telling = Object.values(context.settings().approvals?.telling ?? {});
  const longestMs = Math.max(0, ...telling.map(({ remindBeforeMs }) => remindBeforeMs));
  if (longestMs === 0 || !ownership.partitions().includes(OWN_PARTITION)) return;
  const near = await store.dueApprovals(context.now() + longestMs, BATCH);
  const approvals = near.filter(({ state }) => state === 'pending');
  if (approvals.length > 0) await announce(context, { incidents: [], approvals });
}

interface Subjects {
  readonly incidents: readonly Incident[];
  readonly approvals: readonly Approval[];
  readonly cursor?: number;
}

async function announce(context: StepContext, subjects: Subjects): Promise<void> {
  const { store, ownership } = context;
  const now = context.now();
  const known = await knownAlerts(context, subjects);
  const wanted = [
    ...subjects.approvals.map((approval) => wordApproval(context, approval)),
    ...(await Promise.all(subjects.incidents.map((incident) => wordIncident(context, incident, known)))),
  ].filter((announcement) => isNews(announcement, known, context.settings()));
  const rows = sayAnnouncements(wanted, [...known.values()], context.settings(), now);
  const { cursor } = subjects;
  if (wanted.length === 0 && cursor === undefined) return;
  const row = { integration: OWN_INTEGRATION, key: CURSOR_KEY, value: String(cursor) };
  await store.commit({
    ...rows,
    ...(cursor === undefined ? {} : { connectorState: [{ ...row, expiresAt: Number.MAX_SAFE_INTEGER }] }),
    fences: ownership.fences({ partitions: [OWN_PARTITION] }),
  });
  countRows(context.tally, rows, now);
}

async function knownAlerts(
  { store }: StepContext,
  { incidents, approvals }: Subjects,
): Promise<ReadonlyMap<string, Alert>> {
  const keys = [
    ...incidents.map(({ tenant, id }) => keyOf(tenant, `incident/${id}`)),
    ...approvals.map(({ tenant, id }) => keyOf(tenant, `approval/${id}`)),
  ];
  const alerts = keys.length === 0 ? [] : await store.alerts(keys);
  return new Map(alerts.map((alert) => [alertKey(alert.tenant, alert.fingerprint), alert]));
}

function keyOf(tenant: string, key: string): AlertKey {
  return { tenant, fingerprint: fingerprintOf({ labels: {}, key }, OWN_INTEGRATION) };
}

function wordApproval({ settings, now }: StepContext, approval: Approval): Announcement {
  const { approvals, server } = settings();
  const telling = approvals?.telling[useOf(approval)];
  return announceApproval(approval, { telling, externalURL: server.externalURL }, now());
}

async function wordIncident(
  { store, settings }: StepContext,
  incident: Incident,
  known: ReadonlyMap<string, Alert>,
): Promise<Announcement> {
  const { incidents, server } = settings();
  const { tenant, fingerprint } = keyOf(incident.tenant, `incident/${incident.id}`);
  const members = await store.incidentAlerts(incident.id, SHOWN_MEMBERS);
  return announceIncident(incident, {
    members: members.map(({ member, alert }) => ({
      name: alert?.labels['alertname'] ?? member.fingerprint,
      status: member.status,
    })),
    before: toldBy(known.get(alertKey(tenant, fingerprint))),
    settings: incidents ?? { updates: [] },
    externalURL: server.externalURL,
  });
}

/** It began or ended, or something else of it is so by now than people were told; and somebody is to be told, or was. */
function isNews(
  { tenant, data, told, acknowledgedBy }: Announcement,
  known: ReadonlyMap<string, Alert>,
  settings: Settings,
): boolean {
  const before = known.get(alertKey(tenant, fingerprintOf(data, OWN_INTEGRATION)));
  const fires = before?.status === 'firing';
  if (data.status === 'resolved') return fires;
  if (!isWanted(data.labels, settings)) return false;
  const isAcknowledged = before?.lifecycle?.state === 'acknowledged';
  return !fires || !isTold(before, told) || isAcknowledged !== (acknowledgedBy !== undefined);
}

function isWanted(labels: Announcement['data']['labels'], { incidents, approvals }: Settings): boolean {
  if (labels['incident'] !== undefined) return incidents?.receiver !== undefined;
  return Object.hasOwn(approvals?.telling ?? {}, labels['use'] ?? '');
}
