import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** One request that the receiver has read to its end. */
export interface Arrival {
  /** The idempotency key: the delivery. */
  readonly delivery: string;
  /** Which node sent it. */
  readonly node: string;
  /** Milliseconds since the epoch, by this process. */
  readonly at: number;
  readonly statements: readonly Heard[];
}

export interface Heard {
  readonly key: string;
  readonly version: number;
  readonly status: 'firing' | 'resolved';
}

export interface Receiver {
  readonly port: number;
  /** Everything so far, in the order of arrival. */
  readonly arrivals: readonly Arrival[];
  close(): Promise<void>;
}

interface Body {
  readonly alerts: readonly {
    readonly status: Heard['status'];
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  }[];
}

/** As long as a vendor takes, so that a fault meets requests under way. */
const ANSWER_AFTER_MS = 150;

/** The place that everybody is told at. Each node posts to a path of its own, `/<node>/<integration>`. */
export async function startReceiver(): Promise<Receiver> {
  const arrivals: Arrival[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    } catch {
      // The sender is gone in the middle of its request: nothing was heard.
      return;
    }
    const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as Body;
    arrivals.push({
      delivery: String(request.headers['idempotency-key']),
      node: (request.url ?? '').split('/')[1] ?? '',
      at: Date.now(),
      statements: alerts.map(({ status, labels, annotations }) => ({
        key: labels['instance'] ?? '',
        version: Number(annotations['version']),
        status,
      })),
    });
    await pause(ANSWER_AFTER_MS);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    arrivals,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
