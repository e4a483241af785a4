import type { Alert } from '../model/alert.ts';
import type { Approval } from '../model/approval.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Silence } from '../model/silence.ts';
import type { Incident } from '../model/incident.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { QuarantineRow } from './port.ts';
import type { ChangeRow } from './reader.ts';

/** What a list needs to show of an alert that changed, as it is now. */
export function describeAlert(alert: Alert): ChangeRow['data'] {
  const { fingerprint, status, severity, episode, labels, lifecycle } = alert;
  return {
    fingerprint,
    status,
    severity,
    episode,
    labels,
    ...(lifecycle && {
      state: lifecycle.state,
      ...(lifecycle.assignee !== undefined && { assignee: lifecycle.assignee }),
      ...(lifecycle.snooze && { snoozed_until: new Date(lifecycle.snooze.until).toISOString() }),
    }),
    starts_at: new Date(alert.startsAt).toISOString(),
  };
}

export function describeIncident(incident: Incident): ChangeRow['data'] {
  const { id, status, title, severity, alerts, firing, assignee } = incident;
  return { id, status, title, severity, alerts, firing, ...(assignee === undefined ? {} : { assignee }) };
}

export function describeApproval({ id, state, question, subject, requestedBy }: Approval): ChangeRow['data'] {
  return { id, state, question, subject, requested_by: requestedBy };
}

export function describeWorkflowRun({ id, status, rule, subject, title }: WorkflowRun): ChangeRow['data'] {
  return { id, status, rule, subject, title };
}

export function describeDelivery(delivery: Delivery): ChangeRow['data'] {
  const { id, integration, receiver, status, attempts, notificationId } = delivery;
  return { id, integration, receiver, status, attempts, notification_id: notificationId };
}

export function describeQuarantined({ id, integration, problem }: QuarantineRow): ChangeRow['data'] {
  return { id, integration, problem };
}

export function describeSilence(silence: Silence): ChangeRow['data'] {
  const { id, kind, startsAt, endsAt, createdBy, comment } = silence;
  const [starts_at, ends_at] = [startsAt, endsAt].map((at) => new Date(at).toISOString());
  return { id, kind, starts_at, ends_at, created_by: createdBy, comment };
}
