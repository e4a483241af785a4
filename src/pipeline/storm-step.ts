import { isStorm } from '../correlation/storm.ts';
import { stormDigest } from '../correlation/storm-digest.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { bringOwnAlerts } from './own-alerts.ts';
import type { StepContext } from './step.ts';
import { readStormCounts } from './storm-counts.ts';

/**
 * Raises `AlertStorm` for a storm and resolves it when the storm is over. The counts are written by the owner of the scope that counts; the
 * alert belongs to the node that has the hub's own alerts. It tells anew only when a storm begins or ends.
 */
export async function stormStep(context: StepContext): Promise<void> {
  const settings = context.settings();
  if (!settings.storm || !context.ownership.partitions().includes(OWN_PARTITION)) return;
  const { store } = context;
  const now = context.now();
  const counts = Object.values(await readStormCounts(store, now));
  if (counts.length === 0) return;
  const { storm } = settings;
  const wanted = counts.map((count) => stormDigest(count, isStorm(count, storm, now)));
  for (const { status, labels } of await bringOwnAlerts(context, wanted, `storm/${now}`))
    context.log.warn('a storm of alerts began or ended', { status, ...labels });
}
