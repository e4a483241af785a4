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

export interface SinkAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Sink extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly SinkRequest[];
  /** Connections accepted so far. */
  connections(): number;
  /** Answers with this status from now on. */
  answerWith(status: number, headers?: Readonly<Record<string, string>>): void;
  /** Resolves when `count` requests have come in altogether; rejects when they do not come for half a minute. */
  received(count: number): Promise<readonly SinkRequest[]>;
  close(): Promise<void>;
}

export interface SinkOptions {
  readonly port?: number;
  readonly onRequest?: (request: SinkRequest) => void;
  /** Decides the answer to a request, counted from 1, and may take its time; undefined: as `answerWith` says. */
  readonly answer?: (
    request: SinkRequest,
    number: number,
  ) => SinkAnswer | undefined | Promise<SinkAnswer | undefined>;
}

const GUARD_MS = 30_000;

/** A webhook receiver that takes everything and remembers it. */
export async function startSink(options: SinkOptions = {}): Promise<Sink> {
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
      const number = requests.length;
      void (async () => {
        const answer = (await options.answer?.(request, number)) ?? { status, headers };
        response.writeHead(answer.status, answer.headers).end();
      })();
      for (const { count, resolve } of waiting) if (requests.length >= count) resolve();
      waiting = waiting.filter(({ count }) => requests.length < count);
    });
  });
  server.on('connection', (socket) => numbers.set(socket, (connections += 1)));
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    connections: () => connections,
    answerWith(nextStatus, nextHeaders = {}) {
      status = nextStatus;
      headers = nextHeaders;
    },
    async received(count) {
      if (requests.length >= count) return requests;
      await new Promise<void>((resolve, reject) => {
        const late = () => reject(new Error(`${requests.length} of ${count} requests within ${GUARD_MS} ms`));
        const timer = setTimeout(late, GUARD_MS);
        waiting.push({
          count,
          resolve() {
            clearTimeout(timer);
            resolve();
          },
        });
      });
      return requests;
    },
    close,
    [Symbol.asyncDispose]: close,
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
