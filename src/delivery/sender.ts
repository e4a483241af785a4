import { isFault } from '@signalbox/sdk';
import type { Settings } from '../model/settings.ts';
import type { Host } from '../host/integration.ts';
import { limitTime } from '../lib/limit-time.ts';
import type { Logger } from '../lib/log.ts';
import type { Store } from '../store/port.ts';
import { createCallState, type StateWrite } from './call-state.ts';
import { createGates } from './gates.ts';
import type { Order } from './order.ts';
import { createReadyQueue, type ReadyQueue } from './ready-queue.ts';
import type { AttemptResult } from './settle.ts';

/**
 * Makes attempts: as many at once as the integration has slots, the others wait in memory. Decides nothing about what follows from an
 * attempt, and knows nothing of the deliveries that it is not given.
 */
export interface Sender {
  /** Starts as many as may go. */
  take(orders: readonly Order[]): void;
  /** What waits for a slot of this integration comes back. */
  recall(integration: string): void;
  /** The configuration has changed. Resolves when whatever comes next goes by the new one. */
  reconfigure(): Promise<void>;
  /** Starts nothing more, and what waits comes back; resolves when all attempts have ended. */
  drain(): Promise<void>;
}

/** How one attempt went. */
export interface Ended {
  readonly no: number;
  readonly integration: string;
  readonly result: AttemptResult;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the connector wants to remember of it. */
  readonly writes: readonly StateWrite[];
}

export interface SenderContext {
  settings(): Pick<Settings, 'integrations'>;
  host(): Pick<Host, 'integrations'>;
  now(): number;
  readonly log: Logger;
  readonly store: Pick<Store, 'connectorState'>;
  /** The last look before the socket: whoever has the integration by now, or had it in between, may be sending the same. */
  isOurs(order: Order): boolean;
}

/** What a sender tells of the orders that it was given, by their numbers. Each ends in one of the two. */
export interface SenderEvents {
  onEnded(ended: Ended): void;
  /** These can't go for now: the integration has shut, the lease has run out, they were recalled, or the hub stops. */
  onUnsent(integration: string, numbers: readonly number[]): void;
}

export function createSender(context: SenderContext, events: SenderEvents): Sender {
  const gates = createGates({ ...context, keepsRates: false });
  const ready = new Map<string, ReadyQueue>();
  const running = new Set<Promise<void>>();
  let draining = false;

  async function send(order: Order): Promise<void> {
    const { no, delivery } = order;
    const { integration } = delivery;
    const startedAt = context.now();
    const state = createCallState(integration, context.store, context.now);
    const result = await attempt(context, order, state);
    const endedAt = context.now();
    const gate = gates.of(integration);
    gate.ended(result, endedAt);
    events.onEnded({ no, integration, result, startedAt, endedAt, writes: state.writes });
    startReady(integration);
  }

  /** Fills the free slots of an integration. What nothing here would start later comes back. */
  function startReady(integration: string): void {
    const queue = ready.get(integration);
    if (!queue) return;
    const gate = gates.of(integration);
    const now = context.now();
    while (queue.size > 0 && !draining && gate.capacity(now) > 0) {
      const order = queue.shift()!;
      if (now >= (order.delivery.leaseUntil ?? 0) || !context.isOurs(order)) {
        events.onUnsent(integration, [order.no]);
        continue;
      }
      gate.started(now);
      const sent: Promise<void> = send(order).finally(() => running.delete(sent));
      running.add(sent);
    }
    if (draining || gate.isShut(now) || gate.inFlight === 0) recall(integration);
  }

  function recall(integration: string): void {
    const queue = ready.get(integration);
    if (!queue || queue.size === 0) return;
    const numbers = queue.takeAll().map(({ no }) => no);
    events.onUnsent(integration, numbers);
  }

  return {
    take(orders) {
      const touched = new Set<string>();
      for (const order of orders) {
        const { integration } = order.delivery;
        let queue = ready.get(integration);
        if (!queue) ready.set(integration, (queue = createReadyQueue()));
        queue.push(order);
        touched.add(integration);
      }
      for (const integration of touched) startReady(integration);
    },
    recall,
    reconfigure() {
      gates.reconfigure();
      return Promise.resolve();
    },
    async drain() {
      draining = true;
      for (const integration of ready.keys()) recall(integration);
      await Promise.all(running);
    },
  };
}

async function attempt(
  { host, log }: SenderContext,
  { delivery, notification }: Order,
  state: ReturnType<typeof createCallState>,
): Promise<AttemptResult> {
  const integration = host().integrations.get(delivery.integration);
  if (!integration) {
    return {
      kind: 'failed',
      code: 'SB_CONFIG',
      message: `the configuration has no integration ${delivery.integration} any more`,
    };
  }
  try {
    const limit = limitTime(integration.settings.delivery.timeoutMs);
    const receipt = await integration
      .deliver(notification(), {
        idempotencyKey: delivery.id,
        correlationId: delivery.notificationId,
        signal: limit.signal,
        state,
      })
      .finally(() => limit.end());
    return { kind: 'delivered', receipt };
  } catch (error) {
    return failure(error, delivery, log);
  }
}

function failure(error: unknown, delivery: Order['delivery'], log: Logger): AttemptResult {
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
