import { hash } from 'node:crypto';
import { compileTemplate, nameOf, type WorkflowRequest, type WorkflowTrigger } from '@signalbox/sdk';
import type { Alert } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { WorkflowSettings } from '../model/workflow-settings.ts';
import { startNotification } from './start-notification.ts';

/** What a run is about: an alert, or an incident with the alert that most likely caused it. */
export interface About {
  readonly alert: Alert;
  readonly incident?: Incident;
}

export interface Opening {
  readonly rule: WorkflowSettings;
  readonly trigger: WorkflowTrigger;
  readonly about: About;
  /** Who asks for it; absent: the hub. */
  readonly requestedBy?: string;
  readonly externalURL: string;
}

/**
 * A run that waits for what comes first: an approval, or its start. Its inputs are filled in now, so that whoever approves it sees what it will
 * be given; one that can't be filled in makes it fail. Pure.
 */
export function openRun(
  { rule, trigger, about, requestedBy, externalURL }: Opening,
  now: number,
): WorkflowRun {
  const { alert, incident } = about;
  const by = requestedBy === undefined ? {} : { requestedBy };
  const id =
    incident && trigger === 'incident'
      ? incidentRunId(rule.id, incident)
      : alertRunId(rule.id, trigger, alert, now);
  const request: WorkflowRequest = { id, rule: rule.id, trigger, inputs: {}, ...by };
  const filled = fillInputs(rule, request, about, externalURL, now);
  const run: WorkflowRun = {
    id,
    version: 1,
    tenant: alert.tenant,
    rule: rule.id,
    integration: rule.integration,
    trigger,
    subject: incident ? { kind: 'incident', id: incident.id } : { kind: 'alert', id: alert.fingerprint },
    ...(incident ? {} : { episode: alert.episode }),
    title: incident?.title ?? nameOf(alert),
    priority: incident?.priority ?? alert.priority,
    inputs: filled.inputs,
    status: 'waiting',
    ...by,
    createdAt: now,
    changedAt: now,
    asked: 0,
    watchMs: rule.watchMs,
  };
  if (filled.problem === undefined) return run;
  return { ...run, status: 'failed', words: filled.problem, endedAt: now };
}

/** One run per rule and incident, however often the incident is looked at. */
export function incidentRunId(rule: string, { id, openedAt }: Incident): string {
  return runId(openedAt, `incident/${rule}/${id}`);
}

/** One per rule and moment; the moment itself comes once, because an episode begins and ends in one commit. */
function alertRunId(
  rule: string,
  trigger: WorkflowTrigger,
  { tenant, fingerprint, episode }: Alert,
  now: number,
): string {
  return runId(now, [trigger, rule, tenant, fingerprint, episode].join('/'));
}

/** Ordered by time, as the ids of deliveries. */
function runId(at: number, facts: string): string {
  return `w_${at.toString(16).padStart(12, '0')}${hash('sha256', facts, 'hex').slice(0, 20)}`;
}

function fillInputs(
  { inputs }: WorkflowSettings,
  request: WorkflowRequest,
  about: About,
  externalURL: string,
  now: number,
): { readonly inputs: Readonly<Record<string, string>>; readonly problem?: string } {
  const notification = startNotification(request, about, externalURL, now);
  const extra = { alert: notification.alerts[0], incident: notification.run.incident };
  const filled: Record<string, string> = {};
  for (const [name, source] of Object.entries(inputs)) {
    const rendering = compileTemplate(source, { field: `inputs.${name}` }).render(notification, extra);
    if (!rendering.ok)
      return { inputs: filled, problem: `the input ${name} can't be filled in: ${rendering.problem}` };
    filled[name] = rendering.text;
  }
  return { inputs: filled };
}
