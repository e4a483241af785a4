import { isGranted, type Approval } from '../model/approval.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import { deliveryChange, runChange } from '../pipeline/change.ts';
import type { Commit, Store } from '../store/port.ts';
import { loadSubject } from './load-subject.ts';
import { planStart } from './plan-start.ts';
import { transition, type RunEvent } from './transitions.ts';
import { whyPointless } from './why-pointless.ts';

/** What comes of an approval: the delivery that starts the run, or the rows that say why there is none. */
export interface Granted {
  readonly detail: string;
  readonly rows?: Commit;
  readonly delivery?: Delivery;
}

/** A person agreed: the run is started, unless what it was for is over by now. */
export async function grantRun(
  store: Pick<Store, 'workflowRuns' | 'alerts' | 'incidents'>,
  id: string,
  approval: Approval,
  settings: Settings,
  now: number,
): Promise<Granted> {
  const [run] = await store.workflowRuns([id]);
  if (!run) return { detail: `the run ${id} is no longer kept` };
  if (run.status !== 'waiting') return { detail: `the run ${id} is ${run.status}` };
  const end = (event: RunEvent, detail: string): Granted => {
    const over = transition(run, event, now);
    return { detail, ...(over ? { rows: { workflowRuns: [over], changes: [runChange(over, now)] } } : {}) };
  };
  const { alert, incident } = await loadSubject(store, run);
  const pointless = whyPointless(run, alert, incident);
  if (pointless !== undefined || !alert) {
    const words = pointless ?? 'the alert is no longer kept';
    return end({ kind: 'cancel', words }, words);
  }
  if (!settings.integrations[run.integration]) {
    const words = `the configuration has no integration ${run.integration} any more`;
    return end({ kind: 'fail', words }, words);
  }
  const about = { alert, ...(incident ? { incident } : {}) };
  const planned = planStart(run, about, approval.answer?.by, settings, now)!;
  return {
    detail: `${run.integration} is asked to run ${run.rule}`,
    delivery: planned.delivery,
    rows: {
      workflowRuns: [planned.run],
      notifications: [planned.notification],
      deliveries: [planned.delivery],
      changes: [runChange(planned.run, now), deliveryChange(planned.delivery, 'pending', now)],
    },
  };
}

/** What an approval that was not given does to the run that waits for it; undefined when there is none. */
export async function refuseRun(
  store: Pick<Store, 'workflowRuns'>,
  approval: Approval,
  now: number,
): Promise<Commit | undefined> {
  const { action, state, answer } = approval;
  if (action?.kind !== 'start_workflow' || state === 'pending' || isGranted(approval)) return undefined;
  const [run] = await store.workflowRuns([action.run]);
  const words = answer ? `rejected by ${answer.by}` : 'nobody approved it in time';
  const refused = run && transition(run, { kind: 'refuse', words }, now);
  return refused && { workflowRuns: [refused], changes: [runChange(refused, now)] };
}
