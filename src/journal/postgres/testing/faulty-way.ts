import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/**
 * What happens to the next COMMIT, whose sender's connection breaks in any case: it arrives and its answer does not, it arrives
 * only when `letGo` is called, or it never does.
 */
export type CommitFault = 'after' | 'held' | 'never';

/** A way to a server on 127.0.0.1 on which a COMMIT can get lost, or its answer. */
export interface FaultyWay {
  /** The URL with the port of this way. */
  leadTo(url: string): string;
  breakNextCommit(fault: CommitFault): void;
  /** Passes on what was held back; resolves when the server has answered it. */
  letGo(): Promise<void>;
  /** How many COMMITs were broken. */
  broken(): number;
  close(): Promise<void>;
}

/** @param commit what a COMMIT is known by on the wire: its text, or the name under which it was prepared */
export async function startFaultyWay(targetPort: number, commit = 'COMMIT'): Promise<FaultyWay> {
  const sockets = new Set<Socket>();
  let fault: CommitFault | undefined;
  let broken = 0;
  let held: (() => Promise<void>) | undefined;
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    return socket;
  };
  const server = createServer((client) => {
    keep(client);
    const target = keep(connect(targetPort, '127.0.0.1'));
    target.on('data', (chunk) => client.writable && client.write(chunk));
    let isBroken = false;
    client.once('close', () => isBroken || target.destroy());
    target.once('close', () => client.destroy());
    client.on('data', (chunk: Buffer) => {
      if (fault === undefined || !chunk.includes(commit)) return void target.write(chunk);
      const happens = fault;
      fault = undefined;
      isBroken = true;
      broken += 1;
      const passOn = async (): Promise<void> => {
        const answered = once(target, 'data');
        target.write(chunk);
        await answered;
      };
      if (happens === 'held') held = passOn;
      if (happens === 'never') target.destroy();
      if (happens === 'after') void passOn().then(() => client.destroy());
      else client.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    leadTo: (url) => url.replace(/127\.0\.0\.1:\d+/, `127.0.0.1:${port}`),
    breakNextCommit: (next) => (fault = next),
    letGo: async () => held?.(),
    broken: () => broken,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
