import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import type { Host } from '../host/integration.ts';
import { mayBegin, type Ownership } from '../ownership/ownership.ts';
import type { Logger } from '../lib/log.ts';
import type { Store } from '../store/port.ts';
import type { SilenceBook } from '../suppression/silence-book.ts';
import type { WorkflowMetrics } from '../workflows/metrics.ts';
import { createFlow, type Flow } from './flow.ts';
import type { Gate } from './gate.ts';
import { createGates } from './gates.ts';
import type { DeliveryMetrics } from './metrics.ts';
import { createMovingSender, type StartSender } from './moving-sender.ts';
import type { Order, ReadyDelivery } from './order.ts';
import type { Ended } from './sender.ts';

export interface DeliveryContext {
  readonly store: Store;
  readonly silences: SilenceBook;
  readonly ownership: Ownership;
  settings(): Settings;
  host(): Host;
  now(): number;
  random(): number;
  readonly log: Logger;
  readonly metrics: DeliveryMetrics;
  readonly workflowMetrics: WorkflowMetrics;
  /** An attempt ended: a tick is worthwhile. */
  wake(): void;
  /** Starts a thread that sends. Where it is missing, whoever decides sends as well. */
  readonly startSender?: StartSender;
}

/** One attempt that is over and waits to be settled. */
export interface EndedDelivery extends Pick<ReadyDelivery, 'delivery' | 'lease'> {
  readonly result: Ended['result'];
  readonly startedAt: number;
  readonly writes: Ended['writes'];
  /** A commit that had it may have happened. */
  readonly mayBeSettled?: boolean;
}

/**
 * Deliveries that are marked as being sent and not settled yet. Knows how many more may be marked, and has them sent: here, or, once there is
 * much to send, in a thread of its own, so that what is decided and what is sent need not wait for each other.
 */
export interface Underway {
  gateOf(integration: string): Gate;
  /** How many more deliveries of an integration may be marked. */
  windowOf(integration: string, now: number): number;
  /** Whether much waits for a slot that will soon be free: it is worthwhile to wait before more is decided. */
  isFlowing(now: number): boolean;
  /** Takes marked deliveries and starts as many as may go. */
  take(entries: readonly ReadyDelivery[]): void;
  /** Whether this delivery waits for a slot here, or is being sent, under the lease that this node has now. */
  holds(delivery: Delivery): boolean;
  /** Integrations at which an attempt is under way, waits for a slot, or is not settled yet. */
  sendingTo(): ReadonlySet<string>;
  /** Whether an attempt of this lane is under way, waits for a slot, or is not settled yet. */
  isBusy(lane: string): boolean;
  /** The attempt is settled, here or by somebody else: its lane is free, unless a newer one has it. */
  release(entry: Marked): void;
  readonly ended: Pending<EndedDelivery>;
  /** Marked deliveries that can't go for now: the breaker has opened, the lease has run out, or the hub stops. */
  readonly unsent: Pending<Marked>;
  /** What waits for a slot where this node may send no more comes back. */
  withdraw(): void;
  /** The configuration has changed; resolves when whatever is taken next goes by it. */
  reconfigure(): Promise<void>;
  /** Starts nothing more; resolves when all attempts have ended. */
  drain(): Promise<void>;
  /** Attempts under way. */
  readonly inFlight: number;
}

export type Marked = Pick<ReadyDelivery, 'delivery' | 'lease'>;

/** A list that is taken as a whole, and given back when what was made of it could not be committed. */
export interface Pending<T> {
  take(): readonly T[];
  giveBack(items: readonly T[]): void;
  readonly size: number;
}

/** What waits for a slot in memory: below this, more may be decided meanwhile. */
const MUCH = 128;
/** A receiver that takes longer for what waits is slow, and holds up nobody else. */
const PATIENCE_MS = 200;

export function createUnderway(context: DeliveryContext): Underway {
  const { ownership } = context;
  const gates = createGates({ ...context, keepsRates: true });
  const flows = new Map<string, Flow>();
  /** What each lane is busy with. */
  const lanes = new Map<string, Marked>();
  /** What waits for a slot or is being sent, by the number of its order. */
  const ordered = new Map<number, Marked>();
  const ended: EndedDelivery[] = [];
  const unsent: Marked[] = [];
  const sender = createMovingSender(context, { onEnded, onUnsent });
  let lastNo = 0;
  let draining = false;
  context.metrics.watchInFlight(attemptsUnderWay);

  function* attemptsUnderWay(): Iterable<readonly [integration: string, count: number]> {
    for (const [integration, { inFlight, surplus }] of gates.entries())
      yield [integration, inFlight - surplus];
  }

  function onEnded({ no, integration, result, startedAt, endedAt, writes }: Ended): void {
    const { delivery, lease } = ordered.get(no)!;
    ordered.delete(no);
    gates.of(integration).ended(result, endedAt);
    flows.get(integration)?.ended(endedAt);
    ended.push({ delivery, lease, result, startedAt, writes });
    context.wake();
  }

  function onUnsent(integration: string, numbers: readonly number[]): void {
    const now = context.now();
    for (const no of numbers) {
      unsent.push(ordered.get(no)!);
      ordered.delete(no);
      gates.of(integration).returned(now);
    }
    context.wake();
  }

  function order({ delivery, lease, notification }: ReadyDelivery, now: number): Order {
    const { integration } = delivery;
    const gate = gates.of(integration);
    gate.started(now);
    // The pace of a former burst says nothing about this one.
    if (gate.surplus === 1) flows.set(integration, createFlow(now));
    const no = ++lastNo;
    const marked = { delivery, lease };
    ordered.set(no, marked);
    lanes.set(laneOf(delivery), marked);
    return {
      no,
      delivery,
      lease,
      heldUntil: mayBegin(ownership, integration, lease) ? ownership.heldUntil(integration) : 0,
      notification: () => notification,
    };
  }

  return {
    gateOf: (integration) => gates.of(integration),
    windowOf: (integration, now) => (draining ? 0 : gates.of(integration).window(now)),
    isFlowing(now) {
      for (const [integration, { surplus }] of gates.entries()) {
        if (surplus > MUCH && flows.get(integration)!.drainsWithin(PATIENCE_MS, surplus, now)) return true;
      }
      return false;
    },
    take(entries) {
      if (entries.length === 0) return;
      const now = context.now();
      sender.take(entries.map((entry) => order(entry, now)));
    },
    holds(delivery) {
      const entry = lanes.get(laneOf(delivery));
      return entry?.delivery.id === delivery.id && entry.lease === ownership.lease(delivery.integration);
    },
    sendingTo: () => new Set([...lanes.keys()].map((lane) => lane.slice(lane.lastIndexOf('/') + 1))),
    isBusy: (lane) => lanes.has(lane),
    release({ delivery, lease }) {
      const lane = laneOf(delivery);
      const entry = lanes.get(lane);
      if (entry?.delivery.id === delivery.id && entry.lease === lease) lanes.delete(lane);
    },
    ended: pendingOf(ended),
    unsent: pendingOf(unsent),
    withdraw() {
      for (const [integration, { surplus }] of gates.entries()) {
        if (surplus > 0 && !ownership.delivers(integration)) sender.recall(integration);
      }
    },
    reconfigure() {
      gates.reconfigure();
      return sender.reconfigure();
    },
    drain() {
      draining = true;
      return sender.drain();
    },
    get inFlight() {
      let sum = 0;
      for (const [, count] of attemptsUnderWay()) sum += count;
      return sum;
    },
  };
}

/** One group at one integration: its deliveries go in the order of their generations. */
export function laneOf({ groupId, integration }: Delivery): string {
  return `${groupId}/${integration}`;
}

function pendingOf<T>(items: T[]): Pending<T> {
  return {
    take: () => items.splice(0),
    giveBack: (taken) => void items.unshift(...taken),
    get size() {
      return items.length;
    },
  };
}
