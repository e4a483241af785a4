import { askAboutDead } from '../approvals/redrive-question.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import { approvalChange } from '../pipeline/change.ts';
import type { DeliveryMove } from '../store/port.ts';
import type { Batch } from './batch.ts';

/** Nothing takes over: where the configuration says so a person decides what happens to it, in the same commit (BR-ERR-007). */
export function askAPerson(
  batch: Batch,
  delivery: Delivery,
  { to, fault }: DeliveryMove,
  settings: Settings,
  now: number,
): void {
  const asked = to === 'dead' && askAboutDead(delivery, fault, settings, now);
  if (!asked) return;
  batch.approvals.push(asked);
  batch.changes.push(approvalChange(asked, now));
}
