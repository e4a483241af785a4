import { isRunId } from '../model/workflow-run.ts';
import type { Delivery } from '../model/delivery.ts';
import type { DeliveryMove, Store } from '../store/port.ts';
import { loadSubject } from './load-subject.ts';
import { whyPointless } from './why-pointless.ts';

/** Of deliveries that may go now, the starts of runs that have become pointless while they waited, by id with the step that ends them. */
export async function findPointless(
  store: Pick<Store, 'alerts' | 'incidents' | 'workflowRuns'>,
  deliveries: readonly Delivery[],
  now: number,
): Promise<ReadonlyMap<string, DeliveryMove>> {
  const starts = deliveries.filter(({ groupId }) => isRunId(groupId));
  if (starts.length === 0) return new Map();
  const runs = new Map(
    (await store.workflowRuns(starts.map(({ groupId }) => groupId))).map((run) => [run.id, run]),
  );
  const found = new Map<string, DeliveryMove>();
  for (const { id, groupId } of starts) {
    const run = runs.get(groupId);
    if (!run) continue;
    const { alert, incident } = await loadSubject(store, run);
    const reason = whyPointless(run, alert, incident);
    if (reason === undefined) continue;
    found.set(id, { id, from: 'pending', to: 'superseded', settledAt: now, summary: reason });
  }
  return found;
}
