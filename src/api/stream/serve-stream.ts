import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@signalbox/sdk';
import { WebSocketServer, type WebSocket } from 'ws';
import { authoriseApi, callerOf, refuseCrossOrigin } from '../authorise.ts';
import { correlationId, CORRELATION_HEADER } from '../correlation-id.ts';
import { errorText } from '../../lib/error-text.ts';
import type { ApiMetrics } from '../metrics.ts';
import { PROBLEM_MEDIA_TYPE, presentProblem, Problem, problemHeaders } from '../problem.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';
import type { Services } from '../services.ts';
import { toProblem } from '../to-problem.ts';
import { createChangeFeed, type FeedOptions } from './change-feed.ts';
import { CLOSE, createStreamClient } from './stream-client.ts';
import { readStreamQuery } from './stream-query.ts';

export const STREAM_PATH = '/api/v1/stream';

export interface StreamOptions extends FeedOptions {
  readonly maxClients: number;
  /** What may wait for one slow client before it is sent away. */
  readonly maxBufferedBytes: number;
  /** A client that has not answered a ping by the next one is gone. */
  readonly pingMs: number;
}

export const STREAM_DEFAULTS: StreamOptions = {
  pageRows: 200,
  pauseMs: 50,
  maxClients: 200,
  maxBufferedBytes: 1024 * 1024,
  pingMs: 30_000,
};

export interface Stream {
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): Promise<void>;
}

interface StreamParts {
  readonly log: Logger;
  readonly metrics: ApiMetrics;
  readonly newId: () => string;
}

/** Inbound messages mean nothing here, so they may be small only. */
const MAX_INBOUND_BYTES = 4096;
/** How long a client may take to close after it was told to, at shut-down. */
const GOODBYE_MS = 1000;

/** The live stream: `GET /api/v1/stream` as a WebSocket, on connections that the application's own server hands over. */
export function createStream(
  services: Services,
  { log, metrics, newId }: StreamParts,
  options: StreamOptions,
): Stream {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_INBOUND_BYTES,
    perMessageDeflate: false,
  });
  const feed = createChangeFeed(services.reader, log, options);
  const stopListening = services.onChange(() => feed.poke());
  const stillAllowed = new Map<WebSocket, () => boolean>();
  const answered = new WeakSet<WebSocket>();

  const accept = (request: IncomingMessage, socket: WebSocket): void => {
    const { searchParams } = addressOf(request);
    const client = createStreamClient(socket, readStreamQuery(searchParams), options.maxBufferedBytes);
    stillAllowed.set(socket, () => refusalOf(request, services) === undefined);
    answered.add(socket);
    metrics.streamClients(stillAllowed.size);
    socket.on('pong', () => answered.add(socket));
    socket.on('error', (error) =>
      log.debug('a client of the live stream broke off', { error: error.message }),
    );
    socket.on('close', () => {
      feed.forget(client);
      stillAllowed.delete(socket);
      metrics.streamClients(stillAllowed.size);
    });
    void feed.follow(client);
  };

  /** A token that a reload has taken away ends its connections, too. */
  const checkClients = (): void => {
    for (const [socket, isAllowed] of stillAllowed) {
      if (!isAllowed()) socket.close(CLOSE.policy, 'no longer allowed');
      else if (!answered.delete(socket)) socket.terminate();
      else socket.ping();
    }
  };
  const pings = setInterval(checkClients, options.pingMs).unref();

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      try {
        const refusal = refusalOf(request, services);
        if (refusal) throw refusal;
        if (stillAllowed.size >= options.maxClients) {
          throw new Problem('unavailable', 'Too many clients read the live stream. Try again later.');
        }
        server.handleUpgrade(request, socket, head, (webSocket) => accept(request, webSocket));
      } catch (thrown) {
        const problem = toProblem(thrown);
        if (problem.code === 'internal') log.error('an upgrade failed', { error: errorText(thrown) });
        refuse(socket, problem, correlationId(request.headers, newId));
      }
    },
    async close() {
      clearInterval(pings);
      stopListening();
      feed.close();
      for (const socket of stillAllowed.keys()) socket.close(CLOSE.goingAway, 'the hub stops');
      const impatience = setTimeout(() => {
        for (const socket of stillAllowed.keys()) socket.terminate();
      }, GOODBYE_MS);
      await new Promise<void>((resolve) => server.close(() => resolve()));
      clearTimeout(impatience);
    },
  };
}

/** Browsers send cookies and come from anywhere, so that the origin counts here although nothing is changed. */
function refusalOf(request: IncomingMessage, services: Services): Problem | undefined {
  const { pathname, searchParams } = addressOf(request);
  const { apiTokens, externalURL } = services.settings().server;
  const refusal = authoriseApi(callerOf(request), apiTokens) ?? refuseCrossOrigin(request, externalURL);
  if (refusal) return refusal;
  if (pathname !== STREAM_PATH)
    return new Problem('not_found', `There is a WebSocket at ${STREAM_PATH} only.`);
  try {
    readStreamQuery(searchParams);
    return undefined;
  } catch (thrown) {
    return toProblem(thrown);
  }
}

function addressOf(request: IncomingMessage): URL {
  return URL.parse(request.url ?? '/', 'http://localhost') ?? new URL('http://localhost/');
}

/** Answers a refused upgrade as any other refused request, by hand, because there is no response object yet. */
function refuse(socket: Duplex, problem: Problem, id: string): void {
  const body = JSON.stringify(presentProblem(problem, id));
  const headers = {
    ...SECURITY_HEADERS,
    connection: 'close',
    'content-type': PROBLEM_MEDIA_TYPE,
    'content-length': String(Buffer.byteLength(body)),
    [CORRELATION_HEADER]: id,
    ...problemHeaders(problem),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`);
}
