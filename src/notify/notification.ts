import { hash } from 'node:crypto';
import type { NotificationReason, NotifiedAlert, Notification } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import { acknowledgeBy, graver } from '../model/assessment.ts';
import type { Analysis } from '../model/analysis.ts';
import { commonPairs } from '../model/common-pairs.ts';
import type { Facts } from '../model/prepared.ts';
import type { Group } from '../model/group.ts';
import { urgent } from '../model/severity.ts';

/** A notification shows at most this many alerts; the rest is counted. A reader can't take in more, and a body must stay small. */
export const MAX_ALERTS = 500;

export interface NotificationInput {
  /** After the flush: its generation is the notification's. */
  readonly group: Pick<Group, 'id' | 'tenant' | 'groupKey' | 'generation' | 'receiver' | 'labels'>;
  readonly alerts: readonly Alert[];
  /** All alerts of the group, also those that were not loaded. */
  readonly total: number;
  readonly withResolved: boolean;
  readonly late: boolean;
  readonly reason: NotificationReason;
  /** Of the route; absent for none. */
  readonly routeLabels?: Readonly<Record<string, string>> | undefined;
  readonly externalURL: string;
}

/** The immutable snapshot of one group at one flush. Pure: the id follows from the group, its generation and `now`. */
export function buildNotification(input: NotificationInput, now: number): Notification {
  const { group } = input;
  const chosen = input.withResolved
    ? input.alerts
    : input.alerts.filter((alert) => alert.status === 'firing');
  const firing = chosen.filter((alert) => alert.status === 'firing');
  const shown = [
    ...firing.sort(byStart),
    ...chosen.filter((alert) => alert.status === 'resolved').sort(byStart),
  ].slice(0, MAX_ALERTS);
  const leftOut = input.total - input.alerts.length + chosen.length - shown.length;
  return {
    id: notificationId(input, now),
    tenant: group.tenant,
    groupId: group.id,
    groupKey: group.groupKey,
    generation: group.generation,
    receiver: group.receiver,
    status: firing.length > 0 ? 'firing' : 'resolved',
    priority: shown.map((alert) => alert.priority).reduce(urgent, 'info'),
    reason: input.reason,
    ...assessmentOf(firing.length > 0 ? firing : shown),
    ...(input.routeLabels === undefined ? {} : { routeLabels: input.routeLabels }),
    groupLabels: group.labels,
    commonLabels: commonPairs(shown.map((alert) => alert.labels)),
    commonAnnotations: commonPairs(shown.map((alert) => alert.annotations)),
    alerts: presentAlerts(shown),
    truncatedAlerts: Math.max(0, leftOut),
    createdAt: new Date(now).toISOString(),
    late: input.late,
    externalURL: input.externalURL,
  };
}

function notificationId({ group, withResolved, reason }: NotificationInput, now: number): string {
  const facts = [group.id, group.generation, withResolved, reason].join('/');
  const stem = hash('sha256', facts, 'hex').slice(0, 20);
  return `n_${now.toString(16).padStart(12, '0')}${stem}`;
}

/**
 * All that was found out about the alerts of one notification, in bytes of JSON. What is over it is left out, from the end; the alerts themselves
 * have it.
 */
const CONTEXT_BYTES = 256 * 1024;

/** Alerts as messages show them. */
export function presentAlerts(alerts: readonly Alert[]): readonly NotifiedAlert[] {
  let bytes = 0;
  return alerts.map((alert): NotifiedAlert => {
    const { context, missing, analysis } = alert.facts ?? {};
    if (context) bytes += Buffer.byteLength(JSON.stringify(context));
    return {
      ...present(alert),
      ...(context && bytes <= CONTEXT_BYTES ? { context } : {}),
      ...(missing ? { missing } : {}),
      ...(analysis ? { analysis: presentAnalysis(analysis) } : {}),
    };
  });
}

function present(alert: Alert): NotifiedAlert {
  return {
    status: alert.status,
    fingerprint: alert.fingerprint,
    labels: alert.labels,
    annotations: alert.annotations,
    startsAt: new Date(alert.startsAt).toISOString(),
    ...(alert.status === 'resolved'
      ? { endsAt: new Date(alert.endsAt ?? alert.changedAt).toISOString() }
      : {}),
    ...(alert.generatorURL === undefined ? {} : { generatorURL: alert.generatorURL }),
    ...(alert.details === undefined ? {} : { details: alert.details }),
    ...(alert.facts === undefined ? {} : { facts: shortFacts(alert.facts) }),
  };
}

function presentAnalysis({ at, score, ...said }: Analysis): NonNullable<NotifiedAlert['analysis']> {
  return {
    ...said,
    ...(at === undefined ? {} : { at: new Date(at).toISOString() }),
    ...(score === undefined ? {} : { score: { ...score, at: new Date(score.at).toISOString() } }),
  };
}

/** Without what enrichment and machines said, which may be long and stands beside them; what a level asks for is said once. */
function shortFacts({
  context: _,
  missing: __,
  analysis: ___,
  assessment,
  ...facts
}: Facts): Readonly<Record<string, unknown>> {
  if (!assessment) return facts;
  const { level, rule, definedAt } = assessment;
  return { ...facts, assessment: { level, rule, definedAt } };
}

/** Of the gravest alert. */
function assessmentOf(alerts: readonly Alert[]): Pick<Notification, 'assessment'> {
  const worst = alerts.reduce<Alert | undefined>((left, right) => {
    const level = right.facts?.assessment;
    return level && graver(left?.facts?.assessment, level) === level ? right : left;
  }, undefined);
  if (!worst?.facts?.assessment) return {};
  const { rank: _, since: __, ...asked } = worst.facts.assessment;
  const by = acknowledgeBy(worst.facts.assessment, worst.lifecycle?.at);
  return {
    assessment: { ...asked, ...(by === Infinity ? {} : { acknowledgeBy: new Date(by).toISOString() }) },
  };
}

function byStart(left: Alert, right: Alert): number {
  return left.startsAt - right.startsAt || (left.fingerprint < right.fingerprint ? -1 : 1);
}
