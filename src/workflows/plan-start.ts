import type { Delivery, Notification } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import type { WorkflowRun } from '../model/workflow-run.ts';
import { newDelivery } from '../pipeline/new-delivery.ts';
import type { About } from './open-run.ts';
import { startNotification } from './start-notification.ts';
import { transition } from './transitions.ts';

export interface PlannedStart {
  readonly run: WorkflowRun;
  readonly notification: Notification;
  readonly delivery: Delivery;
}

/** The delivery that starts a run, with the run as it is then; undefined where it can't be started any more. Pure. */
export function planStart(
  run: WorkflowRun,
  about: About,
  approvedBy: string | undefined,
  settings: Settings,
  now: number,
): PlannedStart | undefined {
  const { id, rule, trigger, inputs, requestedBy } = run;
  const request = {
    id,
    rule,
    trigger,
    inputs,
    ...(requestedBy === undefined ? {} : { requestedBy }),
    ...(approvedBy === undefined ? {} : { approvedBy }),
  };
  const notification = startNotification(request, about, settings.server.externalURL, now);
  const made = newDelivery(notification, run.integration, settings, now);
  // After a crash a start is sent again under its key like whatever matters: one that is lost helps nobody.
  const delivery = made.priority === 'info' ? { ...made, priority: 'warning' as const } : made;
  const by = approvedBy === undefined ? {} : { approvedBy };
  const begun = transition(run, { kind: 'begin', deliveryId: delivery.id, ...by }, now);
  return begun && { run: begun, notification, delivery };
}
