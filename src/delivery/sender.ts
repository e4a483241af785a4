import { isFault } from '@signalbox/sdk';
import type { Delivery } from '../model/delivery.ts';
import type { Settings } from '../model/settings.ts';
import type { Host } from '../host/integration.ts';
import type { Ownership } from '../ownership/ownership.ts';
import { limitTime } from '../lib/limit-time.ts';
import type { Logger } from '../lib/log.ts';
import type { Store } from '../store/port.ts';
import type { SilenceBook } from '../suppression/silence-book.ts';
import type { WorkflowMetrics } from '../workflows/metrics.ts';
import { createCallState, type StateWrite } from './call-state.ts';
import { createFlow, type Flow } from './flow.ts';
import { createGate, type Gate } from './gate.ts';
import type { DeliveryMetrics } from './metrics.ts';
import { createReadyQueue, type ReadyDelivery, type ReadyQueue } from './ready-queue.ts';
import type { AttemptResult } from './settle.ts';

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
}

/** One attempt that is over and waits to be settled. */
export interface Ended {
  readonly delivery: Delivery;
  /** Under which it was marked. */
  readonly lease: number;
  readonly result: AttemptResult;
  readonly startedAt: number;
  readonly writes: readonly StateWrite[];
  /** A commit that had it may have happened. */
  readonly mayBeSettled?: boolean;
}

/**
 * Carries out attempts of deliveries that are marked as being sent: as many at once as the integration's gate lets through, the
 * others wait in memory. Decides nothing about what follows from an attempt.
 */
export interface Sender {
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
  readonly ended: Pending<Ended>;
  /** Marked deliveries that can't go for now: the breaker has opened, the lease has run out, or the hub stops. */
  readonly unsent: Pending<ReadyDelivery>;
  /** Moves what waits for a slot to `unsent` where the gate has shut. */
  withdraw(now: number): void;
  reconfigure(): void;
  /** Starts nothing more; resolves when all attempts have ended. */
  drain(): Promise<void>;
  readonly inFlight: number;
}

type Marked = Pick<ReadyDelivery, 'delivery' | 'lease'>;

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

export function createSender(context: DeliveryContext): Sender {
  const { store, metrics, ownership } = context;
  const gates = new Map<string, Gate>();
  const ready = new Map<string, ReadyQueue>();
  const flows = new Map<string, Flow>();
  const running = new Set<Promise<void>>();
  /** What each lane is busy with. */
  const lanes = new Map<string, Marked>();
  const ended: Ended[] = [];
  const unsent: ReadyDelivery[] = [];
  let draining = false;

  const gateOf = (integration: string): Gate => {
    let gate = gates.get(integration);
    if (!gate) {
      const settings = context.settings().integrations[integration]?.delivery ?? MISSING;
      const { notifier, workflow } = context.host().integrations.get(integration)?.connector ?? {};
      gate = createGate(settings, (notifier ?? workflow)?.limits);
      gates.set(integration, gate);
    }
    return gate;
  };
  async function send({ delivery, lease, notification }: ReadyDelivery): Promise<void> {
    const gate = gateOf(delivery.integration);
    const integration = context.host().integrations.get(delivery.integration);
    const startedAt = context.now();
    const state = createCallState(delivery.integration, store, context.now);
    metrics.inFlight.inc({ integration: delivery.integration });
    let result: AttemptResult;
    try {
      if (startedAt >= (delivery.leaseUntil ?? 0))
        throw new Error('the lease ran out before the attempt could start');
      if (!integration) {
        result = {
          kind: 'failed',
          code: 'SB_CONFIG',
          message: `the configuration has no integration ${delivery.integration} any more`,
        };
      } else {
        const limit = limitTime(integration.settings.delivery.timeoutMs);
        const receipt = await integration
          .deliver(notification, {
            idempotencyKey: delivery.id,
            correlationId: delivery.notificationId,
            signal: limit.signal,
            state,
          })
          .finally(() => limit.end());
        result = { kind: 'delivered', receipt };
      }
    } catch (error) {
      result = failure(error, delivery, context.log);
    }
    metrics.inFlight.dec({ integration: delivery.integration });
    const endedAt = context.now();
    gate.ended(result, endedAt);
    flows.get(delivery.integration)?.ended(endedAt);
    ended.push({ delivery, lease, result, startedAt, writes: state.writes });
    startReady(delivery.integration);
    context.wake();
  }

  /** Fills the free slots of an integration from what is marked and waits. */
  function startReady(integration: string): void {
    const queue = ready.get(integration);
    if (!queue || draining) return;
    const gate = gateOf(integration);
    const now = context.now();
    while (queue.size > 0 && gate.capacity(now) > 0) {
      const entry = queue.shift()!;
      // The last look before the socket: whoever has the integration by now, or had it in between, may be sending the same.
      const isOurs = ownership.delivers(integration) && ownership.lease(integration) === entry.lease;
      if (now >= (entry.delivery.leaseUntil ?? 0) || !isOurs) {
        unsent.push(entry);
        continue;
      }
      gate.started(now);
      const sent: Promise<void> = send(entry).finally(() => running.delete(sent));
      running.add(sent);
    }
  }

  function enqueue(entry: ReadyDelivery): void {
    const { delivery } = entry;
    let queue = ready.get(delivery.integration);
    if (!queue) ready.set(delivery.integration, (queue = createReadyQueue()));
    // The pace of a former burst says nothing about this one.
    if (queue.size === 0) flows.set(delivery.integration, createFlow(context.now()));
    queue.push(entry);
    lanes.set(laneOf(delivery), entry);
  }

  return {
    gateOf,
    windowOf: (integration, now) =>
      draining ? 0 : gateOf(integration).window(now, ready.get(integration)?.size ?? 0),
    isFlowing(now) {
      for (const [integration, { size }] of ready) {
        if (size > MUCH && flows.get(integration)!.drainsWithin(PATIENCE_MS, size, now)) return true;
      }
      return false;
    },
    take(entries) {
      for (const entry of entries) enqueue(entry);
      for (const integration of ready.keys()) startReady(integration);
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
    withdraw(now) {
      for (const [integration, queue] of ready) {
        const isOurs = ownership.delivers(integration);
        if (queue.size === 0 || !(draining || !isOurs || gateOf(integration).isShut(now))) continue;
        unsent.push(...queue.takeAll());
      }
    },
    reconfigure() {
      // Gates with attempts under way stay, so that their counts come out even; they take the new limits at the next reload.
      for (const [integration, gate] of gates) if (gate.inFlight === 0) gates.delete(integration);
    },
    async drain() {
      draining = true;
      await Promise.all(running);
    },
    get inFlight() {
      return running.size;
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

/** An integration that the configuration has no more: everything for it ends as a dead letter at once. */
const MISSING = {
  concurrency: 16,
  timeoutMs: 0,
  retry: { initialMs: 1_000, maxMs: 1_000, factor: 1 },
  deadlineMs: 0,
  breaker: { failures: Infinity, cooldownMs: 0 },
  fallback: [],
  fallbackAfterMs: Infinity,
  onUnknown: 'drop',
} as const;

function failure(error: unknown, delivery: Delivery, log: Logger): AttemptResult {
  if (isFault(error)) {
    const { code, message, retryAfterMs } = error;
    return { kind: 'failed', code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  // A connector threw something that is no fault: our bug. It is told with its stack, counted, and tried again.
  log.error('a notifier failed in an unforeseen way', {
    delivery: delivery.id,
    integration: delivery.integration,
    stack: error instanceof Error ? error.stack : String(error),
  });
  return {
    kind: 'failed',
    code: 'SB_BUG',
    message: 'the connector failed in an unforeseen way; the log has the details',
  };
}
