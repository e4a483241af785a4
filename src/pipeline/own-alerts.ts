import type { AlertData } from '@signalbox/sdk';
import { countRows } from './count-rows.ts';
import { alertKey, emptyBatch, foldRecord, statementsOf, toCommit } from './fold-batch.ts';
import { OWN_PARTITION } from './heartbeat.ts';
import { ownRecord } from './own-record.ts';
import type { StepContext } from './step.ts';

/**
 * Brings alerts of the hub's own to what is wanted; what is so already, and the end of what nobody knows, is not said. Only the owner of the
 * hub's own partition may ask. Returns what was said.
 *
 * @param hash two sets of statements with the same one are the same signal.
 */
export async function bringOwnAlerts(
  context: StepContext,
  wanted: readonly AlertData[],
  hash: string,
): Promise<readonly AlertData[]> {
  if (wanted.length === 0) return [];
  const { store } = context;
  const now = context.now();
  const record = ownRecord(wanted, now, hash);
  const said = statementsOf(record);
  const { tenant } = record.meta;
  const known = await store.alerts(said.map(({ fingerprint }) => ({ tenant, fingerprint })));
  const batch = emptyBatch(known, new Map());
  const changed = said.filter(({ event, fingerprint }) => {
    const before = batch.alerts.get(alertKey(tenant, fingerprint))?.status ?? 'resolved';
    return before !== event.data.status;
  });
  if (changed.length === 0) return [];
  foldRecord(batch, record.meta, changed, OWN_PARTITION, context.settings(), now);
  await store.commit({
    ...toCommit(batch),
    receipts: [],
    fences: context.ownership.fences({ partitions: [OWN_PARTITION] }),
  });
  countRows(context.tally, batch, now);
  return changed.map(({ event }) => event.data);
}
