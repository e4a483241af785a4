import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * The way between one node and one server, on 127.0.0.1. Cut, it behaves as a network does: nothing passes, not even the end of a connection,
 * and what was under way arrives after the repair, as TCP's repeats would bring it.
 */
export interface Link {
  readonly port: number;
  cut(): void;
  /** Everything takes this much longer, each way. */
  delay(milliseconds: number): void;
  /** Neither cut nor slow. */
  heal(): void;
  close(): Promise<void>;
}

interface Condition {
  isCut: boolean;
  delayMs: number;
}

/** Of one direction; beyond it the sender is held back, as a full window would. */
const MAX_HELD_BYTES = 1 << 20;

/** @param targetPort on 127.0.0.1; nobody needs to listen there yet */
export async function openLink(targetPort: number): Promise<Link> {
  const condition: Condition = { isCut: false, delayMs: 0 };
  const sockets = new Set<Socket>();
  const pumps = new Set<() => void>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const target = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      socket.once('close', () => sockets.delete(socket));
      // The other end is told by the close that follows.
      socket.on('error', () => {});
    }
    const there = carry(client, target, condition);
    const back = carry(target, client, condition);
    pumps.add(there).add(back);
    const forget = () => {
      if (!client.destroyed || !target.destroyed) return;
      pumps.delete(there);
      pumps.delete(back);
    };
    client.once('close', forget);
    target.once('close', forget);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const change = (next: Condition): void => {
    Object.assign(condition, next);
    for (const pump of pumps) pump();
  };
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => change({ isCut: true, delayMs: 0 }),
    delay: (delayMs) => change({ isCut: false, delayMs }),
    heal: () => change({ isCut: false, delayMs: 0 }),
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

interface Parcel {
  readonly at: number;
  readonly what: Buffer | 'end' | 'close';
}

/** Carries one direction, in order. The returned function looks again, because the condition has changed. */
function carry(from: Socket, to: Socket, condition: Condition): () => void {
  const held: Parcel[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(): void {
    clearTimeout(timer);
    while (!condition.isCut && held.length > 0) {
      const [{ at, what }] = held as [Parcel];
      const waitMs = at + condition.delayMs - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(pump, waitMs);
        return;
      }
      held.shift();
      pass(what);
    }
  }

  function pass(what: Parcel['what']): void {
    if (what === 'close') to.destroy();
    else if (what === 'end') to.end();
    else {
      to.write(what);
      heldBytes -= what.length;
      if (heldBytes < MAX_HELD_BYTES) from.resume();
    }
  }

  function hold(what: Parcel['what']): void {
    held.push({ at: performance.now(), what });
    pump();
  }

  from.on('data', (chunk: Buffer) => {
    heldBytes += chunk.length;
    if (heldBytes >= MAX_HELD_BYTES) from.pause();
    hold(chunk);
  });
  from.once('end', () => hold('end'));
  from.once('close', () => hold('close'));
  return pump;
}
