import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from '@signalbox/sdk';
import { createIds } from '../lib/id.ts';
import type { MetricSet } from '../lib/metrics.ts';
import { createServer } from './create-server.ts';
import { createApiMetrics } from './metrics.ts';
import { registerRoutes } from './register-routes.ts';
import { healthRoutes } from './resources/health.ts';
import type { Services } from './services.ts';
import { createStream, STREAM_DEFAULTS, type StreamOptions } from './stream/serve-stream.ts';

export interface ApiParts {
  readonly log: Logger;
  readonly metrics: MetricSet;
  readonly stream?: Partial<StreamOptions>;
}

/** The API without a listener: the application's server hands over what the intake does not take. */
export interface Api {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** For the server's event `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Ends the live streams and lets running requests finish; may be called twice. */
  close(): Promise<void>;
}

/**
 * @example
 * const api = await createApi(services, { log, metrics });
 * server.on('request', (request, response) => intake.take(request, response) || api.handle(request, response));
 * server.on('upgrade', api.upgrade);
 */
export async function createApi(services: Services, parts: ApiParts): Promise<Api> {
  const newId = createIds(() => services.now());
  const metrics = createApiMetrics(parts.metrics);
  const app = createServer(services, { log: parts.log, newId, metrics });
  await registerRoutes(app, services, newId);
  await app.ready();
  const options = { ...STREAM_DEFAULTS, ...parts.stream };
  const stream = createStream(services, { log: parts.log, metrics, newId }, options);
  return {
    handle: (request, response) => app.routing(request, response),
    upgrade: (request, socket, head) => stream.upgrade(request, socket, head),
    async close() {
      await stream.close();
      await app.close();
    },
  };
}

/** What answers on the separate status-only port (`server.health_listen`): `/livez`, `/readyz` and `/metrics`, to everybody. */
export function createHealthHandler(services: Services, log: Logger): Api['handle'] {
  const app = createServer(services, { log, newId: createIds(() => services.now()) });
  app.register(healthRoutes(services, 'status-only'));
  const ready = app.ready();
  return (request, response) => void ready.then(() => app.routing(request, response));
}
