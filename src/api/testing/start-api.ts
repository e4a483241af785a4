import { createServer, request as httpRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { createLog } from '../../lib/log.ts';
import { createMetricSet, type MetricSet } from '../../lib/metrics.ts';
import { createApi, createHealthHandler } from '../api.ts';
import type { Services } from '../services.ts';
import type { StreamOptions } from '../stream/serve-stream.ts';

export interface RunningApi {
  readonly url: string;
  readonly metrics: MetricSet;
  /** Lines of the log, parsed. */
  readonly logged: Record<string, unknown>[];
  close(): Promise<void>;
}

/** The API behind a real server on loopback, ended with the test. */
export async function startApi(
  t: TestContext,
  services: Services,
  stream: Partial<StreamOptions> = {},
): Promise<RunningApi> {
  const metrics = createMetricSet('without-process');
  const { log, logged } = createTestLog();
  const api = await createApi(services, { log, metrics, stream: { pauseMs: 0, ...stream } });
  const server = createServer((request, response) => api.handle(request, response));
  server.on('upgrade', (request, socket, head) => api.upgrade(request, socket, head));
  const url = await listen(server);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= api.close().then(() => end(server)));
  t.after(close);
  return { url, metrics, logged, close };
}

/** The status-only listener. */
export async function startHealth(t: TestContext, services: Services): Promise<string> {
  const server = createServer(createHealthHandler(services, createTestLog().log));
  const url = await listen(server);
  t.after(() => end(server));
  return url;
}

function createTestLog() {
  const logged: Record<string, unknown>[] = [];
  const log = createLog(
    'debug',
    {},
    { write: (line) => void logged.push(JSON.parse(line) as Record<string, unknown>) },
  );
  return { log, logged };
}

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function end(server: ReturnType<typeof createServer>): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: Buffer;
  readonly text: string;
  json(): any;
}

/** A request with any headers, `host` included, which `fetch` does not let through. */
export function ask(
  address: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {}, body } = options;
    const outgoing = httpRequest(address, { method, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        const text = bytes.toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          bytes,
          text,
          json: () => JSON.parse(text),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** A request with a JSON body. */
export function post(address: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  if (body === undefined) return ask(address, { method: 'POST', headers });
  return ask(address, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}
