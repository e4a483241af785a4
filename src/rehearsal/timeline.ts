import { durationText, nameOf, type Notification } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Group } from '../model/group.ts';
import type { Incident } from '../model/incident.ts';
import type { Settings } from '../model/settings.ts';
import { routeByKey } from '../pipeline/route-by-key.ts';
import type { Commit } from '../store/port.ts';

export interface TimelineEntry {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly kind: 'alert' | 'incident' | 'group' | 'held' | 'released' | 'told';
  readonly text: string;
}

export interface Timeline {
  note(batch: Commit, now: number): void;
  readonly entries: readonly TimelineEntry[];
  /** Set when more happened than is listed. */
  readonly isCut: boolean;
}

const MAX_ENTRIES = 1_000;

/** Writes down what happens while a rehearsal runs, in words for people. */
export function createTimeline(settings: Settings): Timeline {
  const entries: TimelineEntry[] = [];
  const alerts = new Map<string, Alert>();
  const groups = new Map<string, Group>();
  const incidents = new Map<string, Incident>();
  /** The holds that were said of a group, until it tells again. */
  const holds = new Map<string, string>();
  let isCut = false;

  return {
    entries,
    get isCut() {
      return isCut;
    },
    note(batch, now) {
      const say = (kind: TimelineEntry['kind'], text: string): void => {
        if (entries.length < MAX_ENTRIES) entries.push({ at: now, kind, text });
        else isCut = true;
      };
      for (const alert of batch.alerts ?? []) {
        const key = `${alert.tenant}\0${alert.fingerprint}`;
        for (const text of alertTexts(alerts.get(key), alert)) say('alert', text);
        alerts.set(key, alert);
      }
      for (const incident of batch.incidents ?? []) {
        const text = incidentText(incidents.get(incident.id), incident);
        if (text !== undefined) say('incident', text);
        incidents.set(incident.id, incident);
      }
      for (const group of batch.groups ?? []) {
        noteGroup(groups.get(group.id), group, now, say);
        groups.set(group.id, group);
      }
      for (const id of batch.groupsGone ?? []) {
        groups.delete(id);
        holds.delete(id);
      }
      for (const { status, rule, title } of batch.workflowRuns ?? [])
        if (status === 'waiting') say('held', `${rule} waits for an approval before it runs for ${title}`);
      for (const notification of batch.notifications ?? []) {
        holds.delete(notification.groupId);
        say('told', toldText(notification, batch));
      }
    },
  };

  function noteGroup(
    before: Group | undefined,
    group: Group,
    now: number,
    say: (kind: TimelineEntry['kind'], text: string) => void,
  ): void {
    const { id, receiver, groupKey, flushAt } = group;
    const waitMs = routeByKey(settings.route, group.routeKey)?.groupWaitMs ?? 0;
    if (!before && flushAt > now)
      say('group', `${receiver} waits ${durationText(waitMs)} for more alerts of ${groupKey} (group_wait)`);
    const hold = group.decisions.findLast(({ stage, at }) => stage === 'suppress' && at === now);
    if (hold) {
      const text = `${hold.outcome} by ${hold.rule}`;
      if (holds.get(id) === text) return;
      holds.set(id, text);
      const until = group.held?.until;
      const end = until === undefined ? '' : ` until ${new Date(until).toISOString()}`;
      say('held', `${receiver} is not told of ${groupKey}: ${text}${end}`);
    } else if (holds.has(id) && group.anchorAt === now) {
      say('released', `nothing holds ${groupKey} any more`);
      holds.delete(id);
    }
  }
}

function alertTexts(before: Alert | undefined, alert: Alert): readonly string[] {
  const name = nameOf(alert);
  const texts: string[] = [];
  if (before?.status !== alert.status || before.episode !== alert.episode) {
    const by = alert.decisions.findLast(
      ({ stage, at }) => (stage === 'fold' || stage === 'lifecycle') && at === alert.changedAt,
    );
    const how = alert.status === 'resolved' && by ? ` (${by.rule}: ${by.outcome})` : '';
    texts.push(`${name} ${alert.status === 'firing' ? 'fires' : 'is resolved'}${how}`);
  } else if (before.severity !== alert.severity || before.priority !== alert.priority) {
    texts.push(
      `${name} is ${alert.severity === '' ? alert.priority : alert.severity} now, before ${before.severity === '' ? before.priority : before.severity}`,
    );
  }
  if (alert.lifecycle?.staleSince !== undefined && before?.lifecycle?.staleSince === undefined)
    texts.push(`${name} is stale: nothing was heard of it for long`);
  if (alert.hold && before?.hold?.rule !== alert.hold.rule)
    texts.push(`${name} is held by ${alert.hold.rule}`);
  return texts;
}

function incidentText(before: Incident | undefined, incident: Incident): string | undefined {
  const { title, status, severity, staleSince } = incident;
  if (!before) return `an incident is opened: ${title}`;
  if (before.status !== status) return `the incident “${title}” is ${status}`;
  if (before.severity !== severity) return `the incident “${title}” is ${severity} now`;
  return staleSince !== undefined && before.staleSince === undefined
    ? `the incident “${title}” is stale`
    : undefined;
}

function toldText({ id, receiver, status, reason, alerts, run }: Notification, batch: Commit): string {
  const who = (batch.deliveries ?? [])
    .filter(({ notificationId }) => notificationId === id)
    .map(({ integration }) => integration);
  if (run) return `${who.join(', ')} is asked to run ${run.rule}`;
  const what = alerts.length === 1 ? nameOf(alerts[0]!) : `${alerts.length} alerts`;
  return `${receiver} (${who.join(', ') || 'nobody'}) is told: ${what} ${status}${reason === undefined ? '' : ` (${reason})`}`;
}
