import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request that came in. */
export interface SinkRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Counts connections from 1: two requests with the same number came over the same connection. */
  readonly connection: number;
}

export interface Sink {
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** Answers with this status from now on. */
  answerWith(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Resolves when `count` requests have come in altogether. */
  received(count: number): Promise<readonly SinkRequest[]>;
  close(): Promise<void>;
}

/** A webhook receiver that takes everything and remembers it. */
export async function startSink(
  options: { readonly port?: number; readonly onRequest?: (request: SinkRequest) => void } = {},
): Promise<Sink> {
  const requests: SinkRequest[] = [];
  let waiting: { readonly count: number; readonly resolve: () => void }[] = [];
  let connections = 0;
  let status = 200;
  let headers: Readonly<Record<string, string>> = {};
  const numbers = new WeakMap<object, number>();

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
        connection: numbers.get(incoming.socket) ?? 0,
      };
      requests.push(request);
      options.onRequest?.(request);
      response.writeHead(status, headers).end();
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
      waiting = waiting.filter(({ count }) => requests.length < count);
    });
  });
  server.on('connection', (socket) => numbers.set(socket, (connections += 1)));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    answerWith(nextStatus, nextHeaders = {}) {
      status = nextStatus;
      headers = nextHeaders;
    },
    async received(count) {
      if (requests.length < count) await new Promise<void>((resolve) => waiting.push({ count, resolve }));
      return requests;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

if (import.meta.main) {
  const sink = await startSink({
    port: Number(process.argv[2] ?? 0),
    onRequest: ({ method, path, headers, body }) =>
      console.log(`${method} ${path} ${headers['content-type'] ?? ''}\n${body}\n`),
  });
  console.log(`listening on ${sink.url}\n`);
}
