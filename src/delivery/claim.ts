import type { Notification } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import type { Suppression } from '../model/suppression.ts';
import { deliveryChange } from '../pipeline/change.ts';
import { findHeld } from '../pipeline/recheck.ts';
import type { Room } from '../store/port.ts';
import { findPointless } from '../workflows/find-pointless.ts';
import { askAPerson } from './ask-a-person.ts';
import { addMove, type Batch } from './batch.ts';
import { leaseEnd, mayWait } from './marking.ts';
import { countGivenUp } from './metrics.ts';
import type { NotificationCache } from './notification-cache.ts';
import type { SentParts } from './settle-sent.ts';
import { settleWaiting } from './settle.ts';

export interface ClaimParts extends Pick<SentParts, 'context' | 'underway' | 'expect' | 'handOn'> {
  readonly notifications: NotificationCache;
  /** When each integration's next delivery is due, as far as known; absent: nothing waits. */
  readonly waiting: Map<string, number>;
  /** Integrations with deliveries that wait for a free slot in the store, not in the queue. */
  readonly withoutSlot: Set<string>;
  /** When a shut integration was last looked at. */
  readonly sweptAt: Map<string, number>;
}

/** A shut integration's deliveries go on waiting, but their deadlines and fallbacks are looked at this often. */
export const SWEEP_EVERY_MS = 1_000;
/** So many of them at a time. */
const SWEEP = 64;
/** Integrations per tick, and about so many deliveries: bounds question and commit, and the rest has its turn in the next tick. */
const MAX_INTEGRATIONS = 256;
const MAX_DELIVERIES = 4_096;
/** What waits behind an attempt that nobody here knows of is looked for this often. */
const LOOK_AGAIN_MS = 1_000;
/** What is held is looked at this often: silences are ended before their time. */
const HELD_LOOK_MS = 30_000;

/** Marks what may go now, of all integrations with one question to the store. */
export async function claim(parts: ClaimParts, batch: Batch, now: number): Promise<void> {
  const { context, notifications } = parts;
  const { rooms, shut } = findRooms(parts, now);
  if (shut.length > 0) await sweep(parts, batch, shut, now);
  if (rooms.length === 0) return;
  const claimable = await context.store.claimable(rooms, now);
  await expectTheRest(parts, batch, { rooms, claimable, now });
  const rows = [...claimable.values()].flat();
  const said = await notifications.load(rows.map(({ notificationId }) => notificationId));
  const waited = rows.map((delivery) => ({ delivery, notification: said.get(delivery.notificationId)! }));
  const held = await findHeld(context, waited, now);
  const pointless = await findPointless(context.store, rows, now);
  for (const { integration } of rooms) {
    const left = (claimable.get(integration) ?? []).filter((delivery) => {
      // What this batch settles still stands in the store as it was.
      if (batch.moving.has(delivery.id)) return false;
      const over = pointless.get(delivery.id);
      const reason = held.get(delivery.id);
      if (over) settleWithoutAttempt(parts, batch, { delivery, settled: { move: over }, now });
      else if (reason) postpone(parts, batch, { delivery, reason, now });
      return !over && !reason;
    });
    mark(parts, batch, { integration, deliveries: left, said, now });
    batch.onFailure.push(() => parts.expect(integration, now));
  }
}

/** Integrations with something due: those that have room for it, and those that are shut and want to be looked at. */
function findRooms(
  { context, underway, waiting, sweptAt }: ClaimParts,
  now: number,
): { readonly rooms: readonly Room[]; readonly shut: readonly Room[] } {
  const rooms: Room[] = [];
  const shut: Room[] = [];
  let left = MAX_DELIVERIES;
  for (const [integration, dueAt] of waiting) {
    if (rooms.length + shut.length === MAX_INTEGRATIONS || left <= 0) break;
    if (dueAt > now || !context.ownership.delivers(integration)) continue;
    const limit = underway.windowOf(integration, now);
    left -= limit;
    if (limit > 0) rooms.push({ integration, limit });
    else if (
      underway.gateOf(integration).isShut(now) &&
      now - (sweptAt.get(integration) ?? 0) >= SWEEP_EVERY_MS
    )
      shut.push({ integration, limit: SWEEP });
  }
  return { rooms, shut };
}

/** Where fewer are claimable than there is room for, whatever else waits is not due yet, or waits behind one that is being sent. */
async function expectTheRest(
  { context, underway, waiting }: ClaimParts,
  batch: Batch,
  asked: {
    readonly rooms: readonly Room[];
    readonly claimable: ReadonlyMap<string, readonly Delivery[]>;
    readonly now: number;
  },
): Promise<void> {
  const { rooms, claimable, now } = asked;
  const emptied = rooms
    .filter(({ integration, limit }) => (claimable.get(integration)?.length ?? 0) < limit)
    .map(({ integration }) => integration);
  if (emptied.length === 0) return;
  const next = await context.store.nextDueAfter(emptied, now);
  for (const integration of emptied) {
    // An attempt that is settled by this very batch still holds its lane in what was just read.
    const isBusy = underway.gateOf(integration).inFlight > 0 || batch.settled.has(integration);
    const dueAt = Math.min(isBusy ? now + LOOK_AGAIN_MS : Infinity, next.get(integration) ?? Infinity);
    if (dueAt === Infinity) waiting.delete(integration);
    else waiting.set(integration, dueAt);
  }
}

function mark(
  parts: ClaimParts,
  batch: Batch,
  found: {
    readonly integration: string;
    readonly deliveries: readonly Delivery[];
    readonly said: ReadonlyMap<string, Notification>;
    readonly now: number;
  },
): void {
  const { context, underway, withoutSlot } = parts;
  const { integration, deliveries, said, now } = found;
  const settings = context.settings();
  const leaseUntil = leaseEnd(settings, integration, now);
  const lease = context.ownership.lease(integration);
  let slots = underway.gateOf(integration).capacity(now);
  for (const delivery of deliveries) {
    const late = settleWaiting(delivery, settings, now);
    if (late && (late.takeover === undefined || now > delivery.deadlineAt)) {
      settleWithoutAttempt(parts, batch, { delivery, settled: late, now });
      continue;
    }
    const notification = said.get(delivery.notificationId)!;
    if (--slots < 0 && !mayWait(delivery, notification, settings)) {
      // It may not be marked ahead of a slot; the next attempt that ends makes one free.
      withoutSlot.add(integration);
      continue;
    }
    addMove(batch, delivery, lease, { id: delivery.id, from: 'pending', to: 'sending', leaseUntil });
    batch.claims.push({
      delivery: { ...delivery, status: 'sending', leaseUntil },
      lease: lease!,
      notification,
    });
  }
}

/** Somebody asked to be quiet about it while it waited. It goes on waiting, and no time of that counts against its deadline. */
function postpone(
  { context, expect }: ClaimParts,
  batch: Batch,
  waiting: { readonly delivery: Delivery; readonly reason: Suppression; readonly now: number },
): void {
  const { delivery, reason, now } = waiting;
  const dueAt = Math.min(reason.until ?? Infinity, now + HELD_LOOK_MS);
  addMove(batch, delivery, context.ownership.lease(delivery.integration), {
    id: delivery.id,
    from: 'pending',
    to: 'pending',
    dueAt,
    deadlineAt: delivery.deadlineAt + (dueAt - now),
    summary: `held: ${reason.reason} by ${reason.rule}`,
  });
  batch.onSuccess.push(() => expect(delivery.integration, dueAt));
}

async function sweep(parts: ClaimParts, batch: Batch, shut: readonly Room[], now: number): Promise<void> {
  for (const { integration } of shut) parts.sweptAt.set(integration, now);
  for (const deliveries of (await parts.context.store.claimable(shut, now)).values()) {
    for (const delivery of deliveries) {
      const settled = settleWaiting(delivery, parts.context.settings(), now);
      if (settled) settleWithoutAttempt(parts, batch, { delivery, settled, now });
    }
  }
}

function settleWithoutAttempt(
  { context, handOn }: ClaimParts,
  batch: Batch,
  over: {
    readonly delivery: Delivery;
    readonly settled: NonNullable<ReturnType<typeof settleWaiting>>;
    readonly now: number;
  },
): void {
  const { delivery, settled, now } = over;
  addMove(batch, delivery, context.ownership.lease(delivery.integration), settled.move);
  if (settled.takeover) handOn(batch, settled.takeover, now);
  else askAPerson(batch, delivery, settled.move, context.settings(), now);
  batch.changes.push(deliveryChange(delivery, settled.move.to, now));
  batch.onSuccess.push(() => countGivenUp(context.metrics, delivery, settled.move));
}
