import { Type, type Static } from '@signalbox/sdk';
import { INCIDENT_STATUSES, type Incident } from '../../model/incident.ts';
import type { IncidentAlert } from '../../store/port.ts';
import { alertSchema, decisionSchema, presentAlert, presentDecision } from './present-alert.ts';
import { assessmentSchema, presentAssessment } from './present-assessment.ts';
import { rfc3339 } from './rfc3339.ts';
import { alertStatus, fingerprint, oneOf, priority, ref, tenantName, timestamp } from './schema.ts';

export const incidentStatus = oneOf(
  INCIDENT_STATUSES,
  'Open until somebody acknowledges it, resolved with its last alert, closed for good.',
);

const causeSchema = Type.Object(
  {
    fingerprint,
    title: Type.String({ description: 'What the alert says of itself.' }),
    service: Type.Optional(Type.String({ description: 'Its service, where a topology is configured.' })),
    why: oneOf(
      ['parent', 'upstream', 'first'],
      '`parent`: a rule names it. `upstream`: its service depends on the fewest others. `first`: it began before the others.',
    ),
    starts_at: timestamp('When it began.'),
  },
  { $id: 'IncidentCause', description: 'The alert that most likely caused the others.' },
);

const changeNoteSchema = Type.Object(
  {
    at: timestamp('When it was made.'),
    what: Type.String({ description: 'What was changed.' }),
    source: Type.String({ description: 'The alert or the enrichment that told of it.' }),
  },
  { $id: 'IncidentChange', description: 'A deployment or a change of configuration near the start.' },
);

const timelineSchema = Type.Object(
  {
    at: timestamp('When it happened.'),
    kind: Type.String({ description: 'What happened.', examples: ['acknowledged'] }),
    by: Type.Optional(Type.String({ description: 'Who said so, as they said themselves; absent: the hub.' })),
    text: Type.String({ description: 'In words.' }),
  },
  { $id: 'IncidentTimelineEntry', description: 'One step in the life of an incident.' },
);

const fields = {
  id: Type.String({ description: 'Its id.' }),
  tenant: tenantName,
  status: incidentStatus,
  title: Type.String({ description: 'What its cause says of itself.' }),
  severity: Type.String({
    description: 'The highest that any of its alerts had, or what it was escalated to.',
  }),
  priority,
  rule: Type.String({ description: 'The correlation rule that opened it.' }),
  alerts: Type.Integer({ minimum: 0, description: 'How many alerts joined it.' }),
  firing: Type.Integer({ minimum: 0, description: 'How many of them fire.' }),
  starts_at: timestamp('Earliest start of its alerts.'),
  opened_at: timestamp('When it was opened, for the last time.'),
  changed_at: timestamp('Newest change.'),
  resolved_at: Type.Optional(timestamp('When it was resolved.')),
  closed_at: Type.Optional(timestamp('When it was closed.')),
  stale_since: Type.Optional(timestamp('Since when nothing has happened to it for too long.')),
  due_at: Type.Optional(
    timestamp('When it next changes by itself: it is escalated, marked as stale or closed.'),
  ),
  assignee: Type.Optional(Type.String({ description: 'Who takes care of it.' })),
  acknowledged_by: Type.Optional(Type.String({ description: 'Who has seen it.' })),
  acknowledged_at: Type.Optional(timestamp('When.')),
  merged_into: Type.Optional(Type.String({ description: 'The incident that has its alerts now.' })),
  cause: ref(causeSchema),
  assessment: Type.Optional(ref(assessmentSchema)),
  overdue_since: Type.Optional(
    timestamp('By when its level asked for an acknowledgement that did not come; only while it is open.'),
  ),
};

export const incidentSchema = Type.Object(fields, {
  $id: 'Incident',
  description: 'Correlated alerts that people respond to together.',
});
export type IncidentView = Static<typeof incidentSchema>;

export const incidentAlertSchema = Type.Object(
  {
    fingerprint,
    status: alertStatus,
    joined_at: timestamp('When it joined the incident.'),
    alert: Type.Optional(ref(alertSchema)),
  },
  {
    $id: 'IncidentAlert',
    description: 'An alert of an incident; without `alert` when it is no longer kept.',
  },
);
export type IncidentAlertView = Static<typeof incidentAlertSchema>;

export const incidentDetailSchema = Type.Object(
  {
    ...fields,
    members: Type.Array(ref(incidentAlertSchema), {
      description: 'Its alerts, the newest first, at most 100.',
    }),
    changes: Type.Array(ref(changeNoteSchema), { description: 'Changes near its start, oldest first.' }),
    decisions: Type.Array(ref(decisionSchema), { description: 'Why its alerts are in it, newest first.' }),
    timeline: Type.Array(ref(timelineSchema), { description: 'Its life, oldest first.' }),
  },
  { $id: 'IncidentDetail', description: 'An incident with its alerts, its timeline and the reasons.' },
);
export type IncidentDetailView = Static<typeof incidentDetailSchema>;

export const INCIDENT_PARTS = [causeSchema, changeNoteSchema, timelineSchema];

export function presentIncident(incident: Incident): IncidentView {
  const { acknowledgement, cause } = incident;
  return {
    id: incident.id,
    tenant: incident.tenant,
    status: incident.status,
    title: incident.title,
    severity: incident.severity,
    priority: incident.priority,
    rule: incident.rule,
    alerts: incident.alerts,
    firing: incident.firing,
    starts_at: rfc3339(incident.startsAt),
    opened_at: rfc3339(incident.openedAt),
    changed_at: rfc3339(incident.changedAt),
    ...(incident.resolvedAt !== undefined && { resolved_at: rfc3339(incident.resolvedAt) }),
    ...(incident.closedAt !== undefined && { closed_at: rfc3339(incident.closedAt) }),
    ...(incident.staleSince !== undefined && { stale_since: rfc3339(incident.staleSince) }),
    ...(incident.dueAt !== undefined && { due_at: rfc3339(incident.dueAt) }),
    ...(incident.assignee !== undefined && { assignee: incident.assignee }),
    ...(acknowledgement && {
      acknowledged_by: acknowledgement.by,
      acknowledged_at: rfc3339(acknowledgement.at),
    }),
    ...(incident.mergedInto !== undefined && { merged_into: incident.mergedInto }),
    cause: {
      fingerprint: cause.fingerprint,
      title: cause.title,
      why: cause.why,
      starts_at: rfc3339(cause.startsAt),
      ...(cause.service !== undefined && { service: cause.service }),
    },
    ...(incident.assessment && { assessment: presentAssessment(incident.assessment, incident.openedAt) }),
    ...(incident.overdueSince !== undefined && { overdue_since: rfc3339(incident.overdueSince) }),
  };
}

export function presentIncidentAlert({ member, alert }: IncidentAlert): IncidentAlertView {
  return {
    fingerprint: member.fingerprint,
    status: member.status,
    joined_at: rfc3339(member.joinedAt),
    ...(alert && { alert: presentAlert(alert) }),
  };
}

export function presentIncidentDetail(
  incident: Incident,
  members: readonly IncidentAlert[],
): IncidentDetailView {
  return {
    ...presentIncident(incident),
    members: members.map(presentIncidentAlert),
    changes: incident.changes.map((change) => ({ ...change, at: rfc3339(change.at) })),
    decisions: incident.decisions.toReversed().map(presentDecision),
    timeline: incident.timeline.map((entry) => ({ ...entry, at: rfc3339(entry.at) })),
  };
}
