import { expire } from './fold.ts';
import { alertKey, emptyBatch, noteInhibitor, toCommit, wakeGroups } from './fold-batch.ts';
import { alertChange } from './change.ts';
import { observePassages } from './metrics.ts';
import { countVerdicts } from '../workflows/count-verdicts.ts';
import { handOver, type Verdict } from '../workflows/hand-over.ts';
import { BATCH, type StepContext } from './step.ts';

/** Resolves firing alerts whose time is up. Returns whether there may be more. */
export async function expireStep(context: StepContext): Promise<boolean> {
  const now = context.now();
  const { ownership } = context;
  const due = await context.store.expiredAlerts(now, BATCH, ownership.partitions());
  if (due.length === 0) return false;
  const settings = context.settings();
  const batch = emptyBatch([], new Map());
  for (const before of due) {
    const alert = wakeGroups(batch, expire(before, now), 'resolve_after', 'expired', settings, now);
    const key = alertKey(alert.tenant, alert.fingerprint);
    batch.alerts.set(key, alert);
    batch.touched.add(key);
    noteInhibitor(batch, before, alert, settings);
    batch.changes.push(alertChange(alert, now));
    batch.passages.push({ before, after: alert });
  }
  const what = JSON.stringify({ alerts: due.map((alert) => alertKey(alert.tenant, alert.fingerprint)) });
  const verdicts: Verdict[] = [];
  const handedOver = handOver(batch.passages, settings, now, verdicts);
  await context.store.commit({
    ...toCommit(batch),
    ...handedOver,
    changes: [...batch.changes, ...handedOver.changes],
    fences: ownership.fences({ partitions: due.map(({ partition }) => partition) }),
    inputs: [{ step: 'expire', now, revision: settings.revision, what }],
  });
  context.metrics.batches.inc({ step: 'expire' });
  countVerdicts(context.tally, verdicts, now);
  context.metrics.outcomes.inc({ outcome: 'expired' }, due.length);
  observePassages(context.metrics, batch.passages);
  return due.length === BATCH;
}
