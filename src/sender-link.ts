import { Worker } from 'node:worker_threads';
import type { Order } from './delivery/order.ts';
import type { Sender, SenderEvents } from './delivery/sender.ts';
import { notificationText } from './model/notification-text.ts';
import type { FromSender, PackedOrder, SenderData, ToSender } from './sender-protocol.ts';

export interface SenderLinkParts {
  /** As of now, packed. */
  readonly settings: () => unknown;
  readonly data: Omit<SenderData, 'settings'>;
  /** The thread ended without being asked to. What it was sending is not known, so the process has to start anew. */
  readonly onDeath: (reason: string) => void;
}

/** A sender in a thread of its own; resolves when it can be given orders. */
export async function startSenderThread(parts: SenderLinkParts, events: SenderEvents): Promise<Sender> {
  const data: SenderData = { ...parts.data, settings: parts.settings() };
  const worker = new Worker(new URL('./sender-thread.ts', import.meta.url), {
    workerData: data,
    name: 'send',
  });
  const ready = Promise.withResolvers<void>();
  const drained = Promise.withResolvers<void>();
  const reloads: (() => void)[] = [];
  let draining = false;
  const say = (message: ToSender): void => worker.postMessage(message);

  worker.on('message', (message: FromSender) => {
    switch (message.kind) {
      case 'ready':
        return ready.resolve();
      case 'ended':
        return message.attempts.forEach((attempt) => events.onEnded(attempt));
      case 'unsent':
        return events.onUnsent(message.integration, message.numbers);
      case 'reloaded':
        return reloads.shift()?.();
      case 'drained':
        return drained.resolve();
    }
  });
  worker.on('error', (error) => end(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  worker.on('exit', () => end('the thread that sends ended'));

  function end(reason: string): void {
    ready.reject(new Error(reason));
    drained.resolve();
    if (!draining) parts.onDeath(reason);
  }

  await ready.promise;
  return {
    take: (orders) => say({ kind: 'send', orders: orders.map(pack) }),
    recall: (integration) => say({ kind: 'recall', integration }),
    reconfigure: () =>
      new Promise((resolve) => {
        reloads.push(resolve);
        say({ kind: 'reload', settings: parts.settings() });
      }),
    drain() {
      draining = true;
      say({ kind: 'drain' });
      return drained.promise;
    },
  };
}

function pack({ no, delivery, lease, heldUntil, notification }: Order): PackedOrder {
  const { id, integration, priority, notificationId, leaseUntil } = delivery;
  return {
    no,
    lease,
    heldUntil,
    delivery: {
      id,
      integration,
      priority,
      notificationId,
      ...(leaseUntil === undefined ? {} : { leaseUntil }),
    },
    text: notificationText(notification()),
  };
}
