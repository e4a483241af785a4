import type { Alert } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';

/**
 * Why a run should not be started any more, in words: what it was for is over. Undefined when it should. After an outage nobody is helped by a
 * remedy for what has ended (design §2.8); what a person asked for is started all the same.
 */
export function whyPointless(
  { trigger, episode }: WorkflowRun,
  alert: Alert | undefined,
  incident: Incident | undefined,
): string | undefined {
  if (trigger === 'person') return undefined;
  if (trigger === 'incident') {
    if (!incident) return 'the incident is no longer kept';
    return incident.status === 'resolved' || incident.status === 'closed'
      ? `the incident is ${incident.status}`
      : undefined;
  }
  if (!alert) return 'the alert is no longer kept';
  if (trigger === 'resolved') return alert.status === 'firing' ? 'the alert fires again' : undefined;
  if (alert.status === 'resolved' || alert.episode !== episode) return 'the alert has resolved';
  return alert.lifecycle?.state === 'closed' ? 'somebody closed the alert' : undefined;
}
