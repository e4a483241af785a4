import type { CommandResult } from '../model/command.ts';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import { deliveryChange } from '../pipeline/change.ts';
import { followStarts } from '../workflows/follow-starts.ts';
import type { Commit, Store } from '../store/port.ts';

export type Refused = Extract<CommandResult, { readonly ok: false }>;

/** What has to be committed for a dead letter to be sent again, or why it can't be. */
export type RedrivePlan =
  | {
      readonly ok: true;
      readonly delivery: Delivery;
      readonly rows: Pick<Commit, 'moves' | 'changes' | 'workflowRuns'>;
    }
  | Refused;

/** A delivery that nobody took goes out again under its old idempotency key, with a deadline from now on. */
export async function planRedrive(
  store: Pick<Store, 'deliveries' | 'superseded' | 'workflowRuns'>,
  settings: Settings,
  id: string,
  now: number,
): Promise<RedrivePlan> {
  const [delivery] = await store.deliveries([id]);
  if (!delivery) return { ok: false, code: 'not_found', detail: `there is no ${id}` };
  if (!['dead', 'unknown', 'discarded'].includes(delivery.status)) return conflict(delivery, 'be sent again');
  if (await store.superseded(delivery)) {
    return {
      ok: false,
      code: 'conflict',
      detail: `delivery ${delivery.id} is out of date: a newer notification of its group exists`,
    };
  }
  const deadlineMs = settings.integrations[delivery.integration]?.delivery.deadlineMs ?? 0;
  const deadlineAt = now + deadlineMs;
  const move = { id: delivery.id, from: delivery.status, to: 'pending', dueAt: now, deadlineAt } as const;
  const { workflowRuns, changes } = await followStarts(store, [{ delivery, move }], () => true, now);
  return {
    ok: true,
    delivery,
    rows: { moves: [move], workflowRuns, changes: [deliveryChange(delivery, 'pending', now), ...changes] },
  };
}

export function conflict(delivery: Delivery, what: string): Refused {
  return {
    ok: false,
    code: 'conflict',
    detail: `delivery ${delivery.id} is ${delivery.status} and can't ${what}`,
  };
}
