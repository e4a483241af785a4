import { connect, type Socket } from 'node:net';

export interface WireAnswer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface WireClient {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** The next answer; undefined when the connection ends before it is complete. Informational answers (1xx) are handed out as well. */
  next(): Promise<WireAnswer | undefined>;
}

/** A client that writes exactly the bytes it is told to, for all that no well-behaved client would send. */
export function connectWire(port: number): WireClient {
  const socket = connect(port, '127.0.0.1');
  let received = Buffer.alloc(0);
  let isOver = false;
  let wake = (): void => undefined;
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    wake();
  });
  // A reset is an end like any other here.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    isOver = true;
    wake();
  });
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    async next() {
      for (;;) {
        const found = readAnswer(received);
        if (found) {
          received = received.subarray(found.length);
          return found.answer;
        }
        if (isOver) return undefined;
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}

function readAnswer(bytes: Buffer): { answer: WireAnswer; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end === -1) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [
      line.slice(0, line.indexOf(':')).toLowerCase(),
      line.slice(line.indexOf(':') + 1).trim(),
    ]),
  );
  const length = end + 4 + Number(headers['content-length'] ?? 0);
  if (bytes.length < length) return undefined;
  const status = Number(first.split(' ')[1]);
  return { answer: { status, headers, body: bytes.toString('utf8', end + 4, length) }, length };
}

/** The bytes of a request; `headers` stand as they are given. */
export function rawRequest(
  headers: readonly string[],
  body: string | Uint8Array = '',
  requestLine = 'POST /hooks/prom HTTP/1.1',
): Buffer {
  return Buffer.concat([
    Buffer.from(`${[requestLine, ...headers].join('\r\n')}\r\n\r\n`, 'latin1'),
    Buffer.from(body),
  ]);
}
