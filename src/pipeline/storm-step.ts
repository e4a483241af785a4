import { isStorm } from '../correlation/storm.ts';
import { stormDigest } from '../correlation/storm-digest.ts';
import { alertKey, emptyBatch, foldRecord, statementsOf, toCommit } from './fold-batch.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { ownRecord } from './own-record.ts';
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
  const record = ownRecord(wanted, now, `storm/${now}`);
  const said = statementsOf(record);
  const { tenant } = record.meta;
  const known = await store.alerts(said.map(({ fingerprint }) => ({ tenant, fingerprint })));
  const batch = emptyBatch(known, new Map());
  const changed = said.filter(({ event, fingerprint }) => {
    const before = batch.alerts.get(alertKey(tenant, fingerprint))?.status ?? 'resolved';
    return before !== event.data.status;
  });
  if (changed.length === 0) return;
  foldRecord(batch, record.meta, changed, OWN_PARTITION, settings, now);
  await store.commit({
    ...toCommit(batch),
    receipts: [],
    fences: context.ownership.fences({ partitions: [OWN_PARTITION] }),
  });
  for (const { event } of changed)
    context.log.warn('a storm of alerts began or ended', { status: event.data.status, ...event.data.labels });
}
