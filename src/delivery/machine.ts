import type { Notification } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import { deliveryChange } from '../pipeline/change.ts';
import { StaleLease, type Fence } from '../store/lease.ts';
import { CommitUnknown } from '../store/port.ts';
import { isRunId } from '../model/workflow-run.ts';
import { emptyBatch, toCommit, type Batch } from './batch.ts';
import { claim, SWEEP_EVERY_MS, type ClaimParts } from './claim.ts';
import { createRunFollower } from './follow-runs.ts';
import { leaseEnd, mayWait } from './marking.ts';
import { createNotificationCache } from './notification-cache.ts';
import type { ReadyDelivery } from './order.ts';
import { createUnderway, laneOf, type DeliveryContext } from './underway.ts';
import { settleEnded, settleUnsent, type SentParts } from './settle-sent.ts';
import { settleAbandoned } from './settle.ts';

/**
 * Gets deliveries there. A committed `sending` mark precedes every send; results, retries, fallbacks and new marks share one commit per
 * tick. Nothing here sleeps: whatever waits is a row with a due time.
 */
export interface DeliveryMachine {
  /**
   * Settles what a dead process left half-sent, before anything else is sent there: of all integrations at a start, of one when its
   * lease comes to this node.
   */
  recover(integration?: string): Promise<void>;
  /** Commits what ended, marks and starts what may go. Returns whether something was committed. */
  tick(): Promise<boolean>;
  /** When a tick is worthwhile although nothing ends in between; Infinity when nothing waits. */
  nextTickAt(now: number): number;
  /** Something was committed for this integration, due at a time. */
  expect(integration: string, dueAt: number): void;
  /**
   * Of deliveries that are about to be created, takes those that may go at once: they are created as `sending`, which spares a claim. The
   * caller commits them and then calls `start`; when the commit failed it forgets them, or calls `takeBack`.
   */
  takeOver(deliveries: readonly Delivery[], said: ReadonlyMap<string, Notification>): TakenOver;
  /** Keeps notifications at hand that will be sent soon. */
  remember(notifications: Iterable<Notification>): void;
  /** Whether what is marked already goes out quickly, and should go before more is decided. */
  isFlowing(now: number): boolean;
  /** Integrations at which deliveries that this node has marked are not settled yet. */
  sendingTo(): ReadonlySet<string>;
  /** Integrations for which something waits, whoever sends it. */
  waitingFor(): readonly string[];
  /** Looks in the store for what waits, when nobody can tell what was committed. */
  rescan(): Promise<void>;
  /** The configuration has changed; resolves when whatever is sent next goes by it. */
  reconfigure(): Promise<void>;
  /** Waits for attempts under way, at most until `deadline`, and commits their results. No new ones start. */
  drain(deadline: AbortSignal): Promise<void>;
  readonly inFlight: number;
}

export interface TakenOver {
  readonly deliveries: readonly Delivery[];
  /** Of their integrations, for the commit. */
  readonly fences: readonly Fence[];
  start(): void;
  /** Nobody can tell whether the commit has happened: whatever is marked all the same waits again. */
  takeBack(): void;
}

/** So many attempts that ended are settled at once. */
const FULL_TICK = 256;
/** So long fewer wait for company: a commit costs nearly the same for one and for many, and nobody waits for it but the next one of the same lane. */
const COMPANY_MS = 20;

export function createDeliveryMachine(context: DeliveryContext): DeliveryMachine {
  const { store, metrics, ownership } = context;
  const underway = createUnderway({ ...context, wake: wakeWithCompany });
  const runs = createRunFollower(context);
  /** When each integration's next delivery is due, as far as known; absent: nothing waits. */
  const waiting = new Map<string, number>();
  const notifications = createNotificationCache(store);
  /** Lanes in which something waits behind the attempt under way. */
  const behind = new Set<string>();
  /** Integrations with deliveries that wait for a free slot in the store, not in the queue. */
  const withoutSlot = new Set<string>();
  /** What waits has to be looked for, because a commit may have happened or not. */
  let isUnsure = false;
  let tickedAt = 0;
  let company: NodeJS.Timeout | undefined;
  let draining = false;

  const expect = (integration: string, dueAt: number): void => {
    waiting.set(integration, Math.min(dueAt, waiting.get(integration) ?? Infinity));
  };

  const parts: SentParts = {
    context,
    underway,
    expect,
    handOn,
    onFree(delivery, now) {
      // Whatever waited behind it in its lane may go now.
      if (behind.delete(laneOf(delivery)) || withoutSlot.delete(delivery.integration))
        expect(delivery.integration, now);
    },
  };
  const claimParts: ClaimParts = { ...parts, notifications, waiting, withoutSlot, sweptAt: new Map() };

  function handOn(batch: Batch, takeover: Delivery, now: number): void {
    batch.deliveries.push(takeover);
    batch.changes.push(deliveryChange(takeover, 'pending', now));
    batch.onSuccess.push(() => expect(takeover.integration, takeover.dueAt));
  }

  /** What was decided under one lease may not be committed under another: somebody else had it in between. */
  function fencesOf({ leases }: Batch): readonly Fence[] {
    for (const [integration, lease] of leases) {
      if (ownership.lease(integration) !== lease)
        throw new StaleLease(`The lease of integration/${integration} has changed`);
    }
    return ownership.fences({ integrations: leases.keys() });
  }

  /** Marks that nobody acts upon, in case that they were committed. */
  function giveUp(entries: readonly ReadyDelivery[]): void {
    isUnsure = true;
    underway.unsent.giveBack(entries);
  }

  function nextTickAt(now: number): number {
    if (underway.ended.size >= FULL_TICK || underway.unsent.size > 0 || draining) return now;
    let next = underway.ended.size > 0 ? tickedAt + COMPANY_MS : Infinity;
    for (const [integration, dueAt] of waiting) {
      if (!ownership.delivers(integration)) continue;
      const gate = underway.gateOf(integration);
      if (underway.windowOf(integration, Math.max(now, dueAt)) > 0) next = Math.min(next, dueAt);
      else if (gate.isShut(now))
        next = Math.min(next, Math.max(dueAt, Math.min(gate.opensAt(now), now + SWEEP_EVERY_MS)));
      else next = Math.min(next, Math.max(dueAt, gate.opensAt(now)));
    }
    return next;
  }

  /** An attempt ended. One wake is for all that end until the next tick is due: a round in which nothing is due asks the store all the same. */
  function wakeWithCompany(): void {
    const waitMs = tickedAt + COMPANY_MS - context.now();
    if (waitMs <= 0 || underway.ended.size >= FULL_TICK) context.wake();
    else {
      company ??= setTimeout(
        () => {
          company = undefined;
          context.wake();
        },
        Math.min(waitMs, COMPANY_MS),
      ).unref();
    }
  }

  return {
    takeOver(created, said) {
      const now = context.now();
      const taken: ReadyDelivery[] = [];
      const rooms = new Map<string, { window: number; slots: number }>();
      for (const delivery of draining ? [] : created) {
        const { integration } = delivery;
        const lane = laneOf(delivery);
        if (underway.isBusy(lane)) behind.add(lane);
        if (
          delivery.status !== 'pending' ||
          // A start is looked at again right before it goes.
          isRunId(delivery.groupId) ||
          !ownership.delivers(integration) ||
          (waiting.get(integration) ?? Infinity) <= now ||
          underway.isBusy(lane)
        )
          continue;
        const notification = said.get(delivery.notificationId)!;
        const room = rooms.get(integration) ?? {
          window: underway.windowOf(integration, now),
          slots: underway.gateOf(integration).capacity(now),
        };
        rooms.set(integration, room);
        if (room.window-- <= 0 || (room.slots-- <= 0 && !mayWait(delivery, notification, context.settings())))
          continue;
        const leaseUntil = leaseEnd(context.settings(), integration, now);
        taken.push({
          delivery: { ...delivery, status: 'sending', leaseUntil },
          lease: ownership.lease(integration)!,
          notification,
        });
      }
      return {
        deliveries: taken.map(({ delivery }) => delivery),
        fences: ownership.fences({ integrations: taken.map(({ delivery }) => delivery.integration) }),
        start: () => underway.take(taken),
        takeBack: () => giveUp(taken),
      };
    },

    isFlowing: (now) => underway.isFlowing(now),

    sendingTo: () => underway.sendingTo(),

    waitingFor: () => [...waiting.keys()],

    remember: (created) => notifications.add(created),

    async rescan() {
      for (const { integration, dueAt } of await store.waitingIntegrations()) expect(integration, dueAt);
    },

    async recover(integration) {
      await this.rescan();
      for (;;) {
        // The folder's lock, or the lease of the integration, says that nobody else can be sending these.
        const now = context.now();
        const found = await store.abandoned(Number.MAX_SAFE_INTEGER, 500, integration);
        const left = found.filter((delivery) => !underway.holds(delivery));
        if (left.length === 0) return;
        const settled = left.map((delivery) => settleAbandoned(delivery, context.settings(), now));
        const starts = settled.map(({ move }, index) => ({ delivery: left[index]!, move }));
        const followed = await runs.follow(starts, now);
        await store.commit({
          ...followed,
          moves: settled.map(({ move }) => move),
          attempts: settled.map(({ attempt }) => attempt),
          ...(integration === undefined ? {} : { fences: ownership.fences({ integrations: [integration] }) }),
        });
        runs.count(followed);
        settled.forEach(({ move }, index) => {
          metrics.abandoned.inc({ status: move.to });
          if (move.to === 'pending') expect(left[index]!.integration, now);
        });
      }
    },

    async tick() {
      const now = context.now();
      if (nextTickAt(now) > now) return false;
      tickedAt = now;
      const batch = emptyBatch();
      let lost: ReadonlySet<string>;
      try {
        if (isUnsure) await this.rescan();
        isUnsure = false;
        await settleEnded(parts, batch, now);
        settleUnsent(parts, batch, now);
        if (!draining) await claim(claimParts, batch, now);
        if (batch.moves.length === 0) return false;
        const followed = await runs.follow(batch.starts, now);
        lost = new Set((await store.commit({ ...toCommit(batch, followed), fences: fencesOf(batch) })).lost);
        runs.count(followed);
      } catch (error) {
        // Also when the store could not be asked on the way there: what was taken would be lost.
        const mayStand = error instanceof CommitUnknown;
        batch.onFailure.forEach((undo) => undo(mayStand));
        if (mayStand) giveUp(batch.claims);
        throw error;
      }
      batch.onSuccess.forEach((effect) => effect());
      underway.take(batch.claims.filter(({ delivery }) => !lost.has(delivery.id)));
      return true;
    },

    nextTickAt,

    expect,

    reconfigure: () => underway.reconfigure(),

    async drain(deadline) {
      draining = true;
      const given = new Promise<void>((resolve) =>
        deadline.addEventListener('abort', () => resolve(), { once: true }),
      );
      await this.tick();
      await Promise.race([underway.drain(), given]);
      await this.tick();
    },

    get inFlight() {
      return underway.inFlight;
    },
  };
}
