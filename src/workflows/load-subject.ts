import type { Alert } from '../model/alert.ts';
import type { Incident } from '../model/incident.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import type { Store } from '../store/port.ts';

/** What a run is about, as it is now; of an incident also the alert that most likely caused it. */
export async function loadSubject(
  store: Pick<Store, 'alerts' | 'incidents'>,
  { tenant, subject }: WorkflowRun,
): Promise<{ readonly alert?: Alert; readonly incident?: Incident }> {
  const [incident] = subject.kind === 'incident' ? await store.incidents([subject.id]) : [];
  const fingerprint = subject.kind === 'alert' ? subject.id : incident?.cause.fingerprint;
  const [alert] = fingerprint === undefined ? [] : await store.alerts([{ tenant, fingerprint }]);
  return { ...(alert ? { alert } : {}), ...(incident ? { incident } : {}) };
}
