import { connect } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One keep-alive connection that sends prepared bytes; leaner than any client library, so that it is not the limit. */
export interface Connection {
  /** One request at a time. Rejects when the connection ends before the answer is whole. */
  send(request: Buffer): Promise<Answer>;
  close(): void;
}

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** Opens a connection to this machine; rejects when nobody listens. */
export function openConnection(port: number): Promise<Connection> {
  return new Promise((opened, refused) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let waiting: Waiting | undefined;
    let received: Buffer = Buffer.alloc(0);
    let failure: Error | undefined;

    const fail = (error: Error): void => {
      failure ??= error;
      refused(error);
      waiting?.reject(error);
      waiting = undefined;
    };
    socket.on('error', fail);
    socket.on('close', () => fail(new Error('the connection ended')));
    socket.on('data', (chunk: Buffer) => {
      received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
      try {
        const found = readAnswer(received);
        if (!found || !waiting) return;
        received = received.subarray(found.bytes);
        const { resolve } = waiting;
        waiting = undefined;
        resolve({ status: found.status, body: found.body });
      } catch (error) {
        socket.destroy();
        fail(error as Error);
      }
    });
    socket.on('connect', () =>
      opened({
        send: (request) =>
          new Promise((resolve, reject) => {
            if (failure) return reject(failure);
            if (waiting) return reject(new Error('a connection takes one request at a time'));
            waiting = { resolve, reject };
            socket.write(request);
          }),
        close: () => socket.destroy(),
      }),
    );
  });
}

/**
 * The first answer in the bytes, or undefined while it is not whole. Reads what the hub, Alertmanager and node:http answer to a
 * webhook: a body with its length. Throws on anything else.
 */
export function readAnswer(bytes: Buffer): (Answer & { readonly bytes: number }) | undefined {
  const headEnd = bytes.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const head = bytes.toString('latin1', 0, headEnd);
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
  if (Number.isNaN(status) || Number.isNaN(length))
    throw new Error(`an answer without a length: ${head.slice(0, 200)}`);
  const end = headEnd + 4 + length;
  if (bytes.length < end) return undefined;
  return { status, body: bytes.toString('utf8', headEnd + 4, end), bytes: end };
}
