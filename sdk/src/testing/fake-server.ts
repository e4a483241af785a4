import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestCertificate } from './certificate.ts';

/** One request as the fake vendor saw it. */
export interface ReceivedRequest {
  readonly method: string;
  /** Path without query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** The body as text. */
  readonly text: string;
  /** The body parsed as JSON; the text when it is not JSON; undefined when it is empty. */
  readonly body: unknown;
}

/**
 * What it answers. Objects are sent as JSON. `stream` sends an answer bit by bit, in place of `body`. `silent`: it takes the request and
 * never answers.
 */
export type FakeAnswer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
      readonly stream?: (stream: FakeStream) => void;
    }
  | 'silent';

/** An answer that goes on for as long as the vendor likes. */
export interface FakeStream {
  write(text: string): void;
  end(): void;
  /** Breaks the connection off in the middle. */
  cut(): void;
  /** Resolves when the answer is over, whoever ended it. */
  readonly closed: Promise<void>;
}

export interface FakeServer {
  /** Without a trailing slash, e.g. `http://127.0.0.1:40123`. */
  readonly url: string;
  /** All requests so far, oldest first. */
  readonly requests: readonly ReceivedRequest[];
  /** Resolves when the next request has come in completely. */
  nextRequest(): Promise<ReceivedRequest>;
  /** Ends the server and every connection. */
  close(): Promise<void>;
}

export type FakeHandler = (request: ReceivedRequest) => FakeAnswer | Promise<FakeAnswer>;

export interface FakeServerOptions {
  /** Serves HTTPS with this certificate. */
  readonly tls?: TestCertificate & { readonly maxVersion?: 'TLSv1.2'; readonly clientCa?: string };
}

/**
 * A small real server on 127.0.0.1 that plays a vendor.
 *
 * @param handler decides each answer; default: 200 and `{}`
 * @example
 * const server = await startFakeServer(() => ({ status: 429, headers: { 'retry-after': '7' } }));
 * t.after(server.close);
 */
export async function startFakeServer(
  handler: FakeHandler = () => ({ body: {} }),
  options: FakeServerOptions = {},
): Promise<FakeServer> {
  const requests: ReceivedRequest[] = [];
  let waiting: ((request: ReceivedRequest) => void)[] = [];

  const onRequest = async (incoming: IncomingMessage, response: ServerResponse) => {
    const request = await receive(incoming);
    requests.push(request);
    for (const wake of waiting.splice(0)) wake(request);
    const answer = await handler(request);
    if (answer === 'silent') return;
    const { status = 200, headers = {}, body, stream } = answer;
    if (stream) {
      response.writeHead(status, headers);
      response.flushHeaders();
      return stream(createStream(response));
    }
    const isText = typeof body === 'string' || body instanceof Uint8Array;
    const type: Record<string, string> =
      isText || body === undefined ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { ...type, ...headers });
    response.end(body === undefined || isText ? body : JSON.stringify(body));
  };
  const listener = (incoming: IncomingMessage, response: ServerResponse) => {
    onRequest(incoming, response).catch((error: unknown) => response.destroy(error as Error));
  };
  const { tls } = options;
  const server = tls
    ? createTlsServer(
        {
          cert: tls.cert,
          key: tls.key,
          ...(tls.maxVersion ? { maxVersion: tls.maxVersion } : {}),
          ...(tls.clientCa ? { ca: tls.clientCa, requestCert: true, rejectUnauthorized: true } : {}),
        },
        listener,
      )
    : createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;

  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    requests,
    nextRequest: () => new Promise((resolve) => (waiting = [...waiting, resolve])),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function createStream(response: ServerResponse): FakeStream {
  return {
    write: (text) => void response.write(text),
    end: () => void response.end(),
    cut: () => void response.destroy(),
    closed: new Promise((resolve) => response.once('close', resolve)),
  };
}

async function receive(incoming: IncomingMessage): Promise<ReceivedRequest> {
  const text = (await incoming.toArray()).join('');
  const url = new URL(incoming.url ?? '/', 'http://fake');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(incoming.headers)) headers[name] = String(value);
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers,
    text,
    body: text === '' ? undefined : parseOrText(text),
  };
}

function parseOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
