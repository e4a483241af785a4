import { hash } from 'node:crypto';
import type { WorkflowRequest, WorkflowStart } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import { presentAlerts } from '../notify/notification.ts';

/** What a start says: one alert, and what is to be run. Its group is the run itself, so that it waits behind nothing else. Pure. */
export function startNotification(
  request: WorkflowRequest,
  { alert, incident }: { readonly alert: Alert; readonly incident?: Incident },
  externalURL: string,
  now: number,
): WorkflowStart {
  const stem = hash('sha256', `start/${request.id}`, 'hex').slice(0, 20);
  return {
    id: `n_${now.toString(16).padStart(12, '0')}${stem}`,
    tenant: alert.tenant,
    groupId: request.id,
    groupKey: `workflows/${request.rule}:${incident?.id ?? alert.fingerprint}`,
    generation: 1,
    receiver: `workflows/${request.rule}`,
    status: request.trigger === 'resolved' ? 'resolved' : 'firing',
    priority: incident?.priority ?? alert.priority,
    groupLabels: {},
    commonLabels: alert.labels,
    commonAnnotations: alert.annotations,
    alerts: presentAlerts([alert]),
    truncatedAlerts: 0,
    createdAt: new Date(now).toISOString(),
    late: false,
    externalURL,
    run: { ...request, ...(incident ? { incident: shortIncident(incident) } : {}) },
  };
}

function shortIncident({
  id,
  title,
  severity,
  alerts,
  firing,
}: Incident): NonNullable<WorkflowRequest['incident']> {
  return { id, title, severity, alerts, firing };
}
