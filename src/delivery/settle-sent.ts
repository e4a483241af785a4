import type { Delivery } from '../model/delivery.ts';
import { deliveryChange } from '../pipeline/change.ts';
import { askAPerson } from './ask-a-person.ts';
import { addMove, type Batch } from './batch.ts';
import { countAttempt } from './metrics.ts';
import type { DeliveryContext, EndedDelivery, Underway } from './underway.ts';
import { settleAttempt } from './settle.ts';

export interface SentParts {
  readonly context: DeliveryContext;
  readonly underway: Underway;
  /** Something of this integration is due at a time. */
  readonly expect: (integration: string, dueAt: number) => void;
  /** Another integration takes over. */
  readonly handOn: (batch: Batch, takeover: Delivery, now: number) => void;
  /** Nothing is under way in the delivery's lane any more. */
  readonly onFree: (delivery: Delivery, now: number) => void;
}

/**
 * Marked deliveries that can't go for now wait as before. Those of a lease that has passed on are left alone: whoever has it settled them
 * when it took over, and may be sending them.
 */
export function settleUnsent({ context, underway, expect }: SentParts, batch: Batch, now: number): void {
  underway.withdraw();
  const taken = underway.unsent.take().filter((entry) => {
    if (isOurs(context, entry)) return true;
    underway.release(entry);
    return false;
  });
  batch.onFailure.push(() => underway.unsent.giveBack(taken));
  for (const entry of taken) {
    const { delivery, lease } = entry;
    addMove(batch, delivery, lease, {
      id: delivery.id,
      from: 'sending',
      to: 'pending',
      dueAt: delivery.dueAt,
    });
    batch.onSuccess.push(() => {
      underway.release(entry);
      expect(delivery.integration, now);
    });
  }
}

/** Everything that ended since the last tick, as rows. */
export async function settleEnded(parts: SentParts, batch: Batch, now: number): Promise<void> {
  const { context, underway, expect } = parts;
  const { metrics } = context;
  const taken = await takeEnded(parts, now);
  batch.onFailure.push((isUnsure) =>
    underway.ended.giveBack(isUnsure ? taken.map((ended) => ({ ...ended, mayBeSettled: true })) : taken),
  );
  for (const ended of taken) {
    const { delivery, lease, result, startedAt, writes } = ended;
    const newer = result.kind === 'failed' && (await context.store.superseded(delivery));
    const settled = settleAttempt(
      delivery,
      result,
      startedAt,
      newer,
      context.settings(),
      now,
      context.random(),
    );
    const receipt = result.kind === 'delivered' ? result.receipt : undefined;
    addMove(batch, delivery, lease, settled.move, receipt);
    batch.settled.add(delivery.integration);
    // A delivery that went well at once says all about its attempt by itself.
    if (settled.attempt.number > 1 || settled.attempt.outcome !== 'delivered')
      batch.attempts.push(settled.attempt);
    batch.connectorState.push(...writes);
    if (settled.takeover) parts.handOn(batch, settled.takeover, now);
    else askAPerson(batch, delivery, settled.move, context.settings(), now);
    batch.changes.push(deliveryChange(delivery, settled.move.to, now));
    batch.onSuccess.push(() => {
      underway.release(ended);
      countAttempt(metrics, delivery, settled.attempt, settled.move.to !== 'pending');
      if (settled.move.to === 'pending') expect(delivery.integration, settled.move.dueAt!);
      else metrics.settled.inc({ integration: delivery.integration, status: settled.move.to });
      if (settled.move.to === 'delivered') {
        metrics.seconds.observe({ integration: delivery.integration }, (now - delivery.createdAt) / 1000);
      }
      if (settled.move.to === 'dead') {
        context.log.warn('a delivery became a dead letter', {
          delivery: delivery.id,
          integration: delivery.integration,
          fault: settled.move.fault,
        });
      }
      parts.onFree(delivery, now);
    });
  }
}

/**
 * What this node has to settle. A result that comes after the integration has passed on comes too late: whoever has it now settled the attempt
 * as unknown, and goes on from there. So it is dropped, with its attempt and its fallback.
 */
async function takeEnded(
  { context, underway, onFree }: SentParts,
  now: number,
): Promise<readonly EndedDelivery[]> {
  const { store, log, metrics } = context;
  const taken = underway.ended.take();
  try {
    const unsure = taken.filter(({ mayBeSettled }) => mayBeSettled).map(({ delivery }) => delivery.id);
    const rows = unsure.length === 0 ? [] : await store.deliveries(unsure);
    const current = new Map(rows.map((delivery) => [delivery.id, delivery]));
    return taken.filter((ended) => {
      const { delivery } = ended;
      const isSettled = ended.mayBeSettled && !isSame(delivery, current.get(delivery.id));
      if (isOurs(context, ended) && !isSettled) return true;
      underway.release(ended);
      onFree(delivery, now);
      if (isSettled) return false;
      metrics.late.inc({ integration: delivery.integration });
      log.info('a result came too late: the integration has passed on to another node', {
        delivery: delivery.id,
        integration: delivery.integration,
        result: ended.result.kind,
      });
      return false;
    });
  } catch (error) {
    underway.ended.giveBack(taken);
    throw error;
  }
}

/** Whether the store still has it as it was when it was sent. */
function isSame(delivery: Delivery, stored: Delivery | undefined): boolean {
  return stored?.status === 'sending' && stored.attempts === delivery.attempts;
}

/** Whether a delivery was marked under the lease that this node has now. One that it had before may have been another node's in between. */
function isOurs(
  { ownership }: Pick<DeliveryContext, 'ownership'>,
  { delivery, lease }: { readonly delivery: Delivery; readonly lease: number },
): boolean {
  return ownership.lease(delivery.integration) === lease;
}
