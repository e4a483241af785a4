import type { Notification, WorkflowRequest } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import type { Suppression } from '../model/suppression.ts';
import { alertKey } from './fold-batch.ts';
import { suppress } from './suppress.ts';
import type { StepContext } from './step.ts';

/** What was flushed a moment ago was asked at the flush. */
const FRESH_MS = 2_000;

export interface Waiting {
  readonly delivery: Delivery;
  readonly notification: Notification;
}

/**
 * Of deliveries that had to wait (for a retry, a rate, a vendor that was down), those that tell only of alerts about which nobody is to be told
 * any more, by id with the reason (design §2.7). What resolves is always told.
 */
export async function findHeld(
  context: Pick<StepContext, 'store' | 'silences' | 'settings'>,
  waiting: readonly Waiting[],
  now: number,
): Promise<ReadonlyMap<string, Suppression>> {
  const old = waiting.filter(
    ({ delivery, notification: { status, run } }) =>
      status === 'firing' && (run ? isUnasked(run) : now - delivery.createdAt > FRESH_MS),
  );
  if (old.length === 0) return new Map();
  const keys = old.flatMap(({ delivery, notification }) =>
    firingOf(notification).map((fingerprint) => ({ tenant: delivery.tenant, fingerprint })),
  );
  const alerts = await context.store.alerts(keys);
  const known = new Set(alerts.map(({ tenant, fingerprint }) => alertKey(tenant, fingerprint)));
  const suppressed = await suppress(context, alerts, now);
  const held = new Map<string, Suppression>();
  for (const { delivery, notification } of old) {
    const own = suppressed.get(delivery.tenant);
    const reasons = firingOf(notification).map((fingerprint) =>
      known.has(alertKey(delivery.tenant, fingerprint)) ? own?.get(fingerprint) : undefined,
    );
    const [first] = reasons;
    if (first && reasons.every((reason) => reason !== undefined)) held.set(delivery.id, first);
  }
  return held;
}

/** Nobody flushed it, and no person asked for it or agreed to it. */
function isUnasked({ requestedBy, approvedBy }: WorkflowRequest): boolean {
  return requestedBy === undefined && approvedBy === undefined;
}

function firingOf({ alerts }: Notification): readonly string[] {
  return alerts.filter(({ status }) => status === 'firing').map(({ fingerprint }) => fingerprint);
}
