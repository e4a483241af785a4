import type { AlertData } from '@signalbox/sdk';
import type { Beat, Heartbeat } from '../store/port.ts';
import { countRows } from './count-rows.ts';
import { emptyBatch, foldRecord, statementsOf, toCommit } from './fold-batch.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import { ownRecord } from './own-record.ts';
import type { StepContext } from './step.ts';

/** Heartbeats are a duty of one node: of the owner of this partition, to whom the hub's own alerts belong. */
export const OWN_PARTITION = 0;

/** The store is told of a source after this share of its heartbeat. */
const TOLD_EVERY = 1 / 4;

/** Sources that this node heard of and the store does not know it of yet. */
export function beatsToTell(context: Pick<StepContext, 'pulses' | 'settings'>): readonly Beat[] {
  return Object.values(context.settings().integrations)
    .map(
      ({ id, endpoint }) =>
        endpoint?.heartbeatMs && context.pulses.untold(id, endpoint.heartbeatMs * TOLD_EVERY),
    )
    .filter((beat) => typeof beat === 'object');
}

/**
 * Raises `HeartbeatMissing` for a source that has been silent for longer than its `heartbeat`, and resolves it with the
 * next signal (a dead man's switch). Returns when the next source may become silent.
 */
export async function heartbeatStep(context: StepContext): Promise<number> {
  if (!context.ownership.partitions().includes(OWN_PARTITION)) return Infinity;
  context.pulses.restore(await context.store.heartbeats());
  const now = context.now();
  const settings = context.settings();
  const changed: Heartbeat[] = [];
  const events: AlertData[] = [];
  let next = Infinity;
  for (const { id, endpoint } of Object.values(settings.integrations)) {
    if (endpoint?.heartbeatMs === undefined) continue;
    const stored = context.pulses.stored.get(id);
    // A source that was never heard of gets its time from the moment it is configured.
    const lastSeenAt = context.pulses.lastSeenAt(id) ?? now;
    const silent = now - lastSeenAt >= endpoint.heartbeatMs;
    if (!silent) next = Math.min(next, lastSeenAt + endpoint.heartbeatMs);
    if (
      !stored ||
      stored.silent !== silent ||
      lastSeenAt - stored.lastSeenAt > endpoint.heartbeatMs * TOLD_EVERY
    ) {
      changed.push({ integration: id, lastSeenAt, silent });
    }
    if (silent !== (stored?.silent ?? false)) events.push(heartbeatAlert(id, silent, lastSeenAt));
  }
  if (changed.length === 0) return next;

  const record = ownRecord(events, now, `${settings.revision}/${now}`);
  const statements = statementsOf(record);
  const { tenant } = record.meta;
  const keys = statements.map(({ fingerprint }) => ({ tenant, fingerprint }));
  const batch = emptyBatch(await context.store.alerts(keys), new Map());
  foldRecord(batch, record.meta, statements, OWN_PARTITION, settings, now);
  const rows = toCommit(batch);
  await context.store.commit({
    ...rows,
    receipts: [],
    heartbeats: changed,
    fences: context.ownership.fences({ partitions: [OWN_PARTITION] }),
  });
  countRows(context.tally, batch, now);
  for (const heartbeat of changed) {
    context.pulses.stored.set(heartbeat.integration, heartbeat);
    context.pulses.beat(heartbeat.integration, heartbeat.lastSeenAt);
  }
  for (const key of batch.touched) {
    context.log.warn('a heartbeat changed', {
      alert: key,
      integration: batch.alerts.get(key)?.labels.integration,
    });
  }
  return next;
}

function heartbeatAlert(integration: string, silent: boolean, lastSeenAt: number): AlertData {
  return {
    status: silent ? 'firing' : 'resolved',
    labels: { alertname: 'HeartbeatMissing', severity: 'critical', integration, source: OWN_INTEGRATION },
    annotations: {
      summary: `${integration} has gone silent`,
      description: `No signal from ${integration} since ${new Date(lastSeenAt).toISOString()}. The sender, or the way to it, may be down.`,
    },
  };
}
