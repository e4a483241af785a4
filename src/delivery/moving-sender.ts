import { errorText } from '../lib/error-text.ts';
import type { Settings } from '../model/settings.ts';
import { mayBegin, type Ownership } from '../ownership/ownership.ts';
import type { DeliveryMetrics } from './metrics.ts';
import type { Order } from './order.ts';
import { createSender, type Ended, type Sender, type SenderContext, type SenderEvents } from './sender.ts';

export interface MovingContext extends Omit<SenderContext, 'isOurs'> {
  settings(): Pick<Settings, 'integrations' | 'server'>;
  readonly ownership: Pick<Ownership, 'delivers' | 'lease'>;
  readonly metrics: Pick<DeliveryMetrics, 'threads'>;
  /** Absent: everything is sent here. */
  readonly startSender?: StartSender;
}

/** Starts a thread that sends; resolves when it is there. When it dies later, the process ends. */
export type StartSender = (events: SenderEvents) => Promise<Sender>;

/** At so many attempts … */
const MUCH = 20_000;
/** … within this time the sending takes a tenth of a core and more, and a thread of its own is worth its memory. */
const WINDOW_MS = 10_000;
const SUCCESS = { kind: 'success' } as const;

/**
 * Sends here, and, from when there has been much to send, in a thread of its own: then what is decided and what is sent no longer wait for each other. A
 * hub with little to do, as most are most of the time, is spared the thread's memory. No integration is sent to from both at a time.
 */
export function createMovingSender(context: MovingContext, events: SenderEvents): Sender {
  const { ownership, settings, host, log, metrics, startSender } = context;
  /** How many orders are left here, by integration. */
  const left = new Map<string, number>();
  /** Orders for elsewhere that wait until none of their integration is left here. */
  const waiting = new Map<string, Order[]>();
  let starting: Promise<Sender> | undefined;
  let elsewhere: Sender | undefined;
  /** What was sent here, and from when on. */
  let sent = 0;
  let sentFrom = 0;
  let draining = false;

  const here = createSender(
    {
      ...context,
      isOurs: ({ delivery, lease }) => mayBegin(ownership, delivery.integration, lease),
    },
    {
      onEnded(ended) {
        leave(ended.integration, 1);
        if (isMuch(ended.endedAt)) startThread();
        events.onEnded(ended);
      },
      onUnsent(integration, numbers) {
        leave(integration, numbers.length);
        events.onUnsent(integration, numbers);
      },
    },
  );

  function leave(integration: string, count: number): void {
    const rest = left.get(integration)! - count;
    left.set(integration, rest);
    const orders = waiting.get(integration);
    if (rest > 0 || !orders) return;
    waiting.delete(integration);
    elsewhere!.take(orders);
  }

  function isMuch(at: number): boolean {
    if (at - sentFrom >= WINDOW_MS) {
      sent = 0;
      sentFrom = at;
    }
    return ++sent >= MUCH;
  }

  function sendHere(orders: readonly Order[]): void {
    if (settings().server.deliveryThread === 'always') startThread();
    for (const { delivery } of orders)
      left.set(delivery.integration, (left.get(delivery.integration) ?? 0) + 1);
    here.take(orders);
  }

  function startThread(): void {
    if (!startSender || starting || draining || settings().server.deliveryThread === 'never') return;
    log.info('a thread of its own sends from now on', { sent });
    starting = startSender({ ...events, onEnded: (ended) => (note(ended), events.onEnded(ended)) });
    void starting.then(
      (sender) => {
        elsewhere = sender;
        metrics.threads.set(1);
      },
      (error: unknown) => log.error('the thread that sends did not start', { reason: errorText(error) }),
    );
  }

  /** Health and figures of an integration are kept here, whoever calls it. */
  function note({ integration, result, startedAt, endedAt }: Ended): void {
    const outcome = result.kind === 'delivered' ? SUCCESS : ({ ...result, kind: 'fault' } as const);
    host()
      .integrations.get(integration)
      ?.note({ outcome, seconds: (endedAt - startedAt) / 1_000 });
  }

  function sendElsewhere(sender: Sender, orders: readonly Order[]): void {
    const ready: Order[] = [];
    for (const order of orders) {
      const { integration } = order.delivery;
      if ((left.get(integration) ?? 0) === 0) ready.push(order);
      else if (waiting.has(integration)) waiting.get(integration)!.push(order);
      else waiting.set(integration, [order]);
    }
    if (ready.length > 0) sender.take(ready);
  }

  function recall(integration: string): void {
    const orders = waiting.get(integration);
    waiting.delete(integration);
    if (orders)
      events.onUnsent(
        integration,
        orders.map(({ no }) => no),
      );
    here.recall(integration);
    elsewhere?.recall(integration);
  }

  return {
    take: (orders) => (elsewhere ? sendElsewhere(elsewhere, orders) : sendHere(orders)),
    recall,
    async reconfigure() {
      await here.reconfigure();
      await (await starting)?.reconfigure();
    },
    async drain() {
      draining = true;
      for (const integration of waiting.keys()) recall(integration);
      await Promise.all([here.drain(), starting?.then((sender) => sender.drain())]);
    },
  };
}
