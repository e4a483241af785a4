import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type RequestOptions,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { Fault, type AlertData, type Logger, type Source } from '@signalbox/sdk';
import { createIds } from '../lib/id.ts';
import { createMetricSet, type MetricSet } from '../lib/metrics.ts';
import type { EndpointSettings } from '../model/settings.ts';
import { createIntake, type Endpoint, type Intake, type IntakeOptions } from './intake.ts';
import { problem } from './problem.ts';
import { sendProblem } from './respond.ts';
import { guardServer, LISTENER_OPTIONS } from './server.ts';
import { createTestingJournal, type TestingJournal } from './testing-journal.ts';

/** Settings of an endpoint that takes everything but what a test says otherwise. */
export function endpointSettings(given: Partial<EndpointSettings> = {}): EndpointSettings {
  return {
    paths: ['/hooks/prom'],
    auth: [{ kind: 'bearer', tokens: ['good-token'] }],
    allow: { ips: [], hosts: [] },
    passHeaders: [],
    dedupeWindowMs: 0,
    labels: {},
    ...given,
    limits: {
      bodyBytes: 262_144,
      inflatedBytes: 1_048_576,
      depth: 32,
      timeoutMs: 10_000,
      ratePerSecond: Infinity,
      burst: 1,
      ...given.limits,
    },
  };
}

/** Takes one alert, bare or as `alert`, or `{ alerts: [...] }`, each with `labels` and perhaps a `status`. */
export const plainSource: Source<unknown> = {
  contentTypes: [
    'application/json',
    'application/xml',
    'application/yaml',
    'application/x-www-form-urlencoded',
    'text/plain',
  ],
  parse(request) {
    const body = request.body as { alerts?: unknown[]; alert?: unknown } | null;
    const alerts = Array.isArray(body?.alerts) ? body.alerts : [body?.alert ?? body];
    return alerts.map((alert, index) => readAlert(alert, `alerts[${index}]`));
  },
};

function readAlert(value: unknown, field: string): AlertData {
  const { labels, annotations, status } = (value ?? {}) as Partial<Record<keyof AlertData, unknown>>;
  if (typeof labels !== 'object' || labels === null) {
    throw new Fault('SB_REJECTED', 'labels must be an object', { field: `${field}.labels` });
  }
  return {
    status: status === 'resolved' ? 'resolved' : 'firing',
    labels: textOf(labels),
    annotations: textOf(annotations ?? {}),
  };
}

function textOf(record: object): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, String(value)]));
}

export function endpoint(
  given: Partial<EndpointSettings> = {},
  source: Source<unknown> = plainSource,
  integration = 'prom',
): Endpoint {
  return { integration, tenant: 'default', settings: endpointSettings(given), source, config: {} };
}

export interface TestingServer {
  readonly port: number;
  readonly url: string;
  readonly intake: Intake;
  readonly journal: TestingJournal;
  readonly metrics: MetricSet;
  /** Messages and fields of what was logged. */
  readonly logged: string[];
  /** Alerts of all records, in order. */
  alerts(): readonly AlertData[];
}

/** A real HTTP server on a free port with an intake on it; it ends with the test. */
export async function startIntake(
  t: TestContext,
  endpoints: readonly Endpoint[],
  given: Partial<IntakeOptions> = {},
): Promise<TestingServer> {
  const journal = createTestingJournal();
  const metrics = createMetricSet('without-process');
  const logged: string[] = [];
  const note = (message: string, fields?: object): void => {
    logged.push(`${message} ${JSON.stringify(fields)}`);
  };
  const log: Logger = { debug: note, info: note, warn: note, error: note };
  const newId = createIds(() => Date.now());
  const intake = createIntake({
    endpoints,
    journal,
    externalURL: 'http://hub.example',
    now: () => Date.now(),
    newId,
    newRequestId: newId,
    log,
    metrics,
    onAppended: () => undefined,
    ...given,
  });
  const server = createServer(LISTENER_OPTIONS, (request, response) => {
    if (intake.handle(request, response)) return;
    sendProblem(request, response, problem('not_found', 'No endpoint has this path.'), {
      correlationId: newId(),
    });
  });
  guardServer(server, newId);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    intake,
    journal,
    metrics,
    logged,
    alerts: () =>
      journal.records.flatMap(({ body }) =>
        body.kind === 'events' ? body.events.map((event) => event.data) : [],
      ),
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: Record<string, any>;
}

export const ALERT = JSON.stringify({ status: 'firing', labels: { alertname: 'DiskFull', host: 'a' } });

/** Sends one request with the headers of a good one, unless they are given; `null` leaves one out. */
export function send(
  server: Pick<TestingServer, 'port'>,
  given: {
    readonly path?: string;
    readonly method?: string;
    readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
    readonly body?: string | Uint8Array;
    readonly options?: RequestOptions;
  } = {},
): Promise<Answer> {
  const headers: OutgoingHttpHeaders = {};
  const wanted = { authorization: 'Bearer good-token', 'content-type': 'application/json', ...given.headers };
  for (const [name, value] of Object.entries(wanted))
    if (value !== null) headers[name] = typeof value === 'string' ? value : [...value];
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      {
        host: '127.0.0.1',
        port: server.port,
        path: given.path ?? '/hooks/prom',
        method: given.method ?? 'POST',
        headers,

        ...given.options,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const body = Buffer.concat(chunks);
          const isJson = /json/.test(response.headers['content-type'] ?? '') && body.length > 0;
          const isPlain = response.headers['content-encoding'] === undefined;
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body,
            json: isJson && isPlain ? (JSON.parse(body.toString()) as Record<string, any>) : {},
          });
        });
        response.on('error', reject);
      },
    );
    request.on('error', reject);
    request.end(given.body ?? (given.method === 'GET' || given.method === 'HEAD' ? undefined : ALERT));
  });
}
