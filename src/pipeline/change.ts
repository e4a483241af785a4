import type { Alert } from '../model/alert.ts';
import type { Approval } from '../model/approval.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Incident } from '../model/incident.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { Change } from '../store/port.ts';

/** For the live stream: an alert changed. */
export function alertChange({ tenant, fingerprint, status }: Alert, now: number): Change {
  return { at: now, tenant, kind: 'alert', id: fingerprint, status };
}

/** For the live stream: a delivery reached a status. */
export function deliveryChange({ tenant, id }: Delivery, status: string, now: number): Change {
  return { at: now, tenant, kind: 'delivery', id, status };
}

/** For the live stream: an incident changed. */
export function incidentChange({ tenant, id, status }: Incident, now: number): Change {
  return { at: now, tenant, kind: 'incident', id, status };
}

/** For the live stream: an approval changed. */
export function approvalChange({ id, tenant, state }: Approval, now: number): Change {
  return { at: now, tenant, kind: 'approval', id, status: state };
}

/** For the live stream: a run of a workflow changed. */
export function runChange({ id, tenant, status }: WorkflowRun, now: number): Change {
  return { at: now, tenant, kind: 'workflow_run', id, status };
}
