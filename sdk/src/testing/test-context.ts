import type { DeliverContext, KeyValue, Logger } from '../context.ts';
import { createHttpClient, type HttpClientOptions } from '../http-client.ts';

export interface TestContextOptions<C> {
  /** After defaults: what `validateConfig` returns. */
  readonly config: C;
  /** What the integration remembers; changed by `state.set`. */
  readonly state?: Map<string, string>;
  /** Gets every log line as well. */
  readonly log?: Logger;
  readonly signal?: AbortSignal;
  readonly idempotencyKey?: string;
  /** Default 2026-01-01T00:00:00Z, standing still. */
  readonly now?: () => Date;
  /** How the client connects; by default it may reach this machine. */
  readonly http?: Partial<HttpClientOptions>;
}

export interface TestContext<C> {
  readonly context: DeliverContext<C>;
  /** Every log line as JSON, for assertions on what was said. */
  readonly lines: readonly string[];
  readonly state: Map<string, string>;
  /** Ends the client's connections; give it to `t.after`. */
  close(): Promise<void>;
}

export const TEST_NOW = new Date('2026-01-01T00:00:00Z');

/**
 * The six fields of a context, real HTTP client included, for the tests of a connector.
 *
 * @example
 * const { context, close } = testContext({ config: { url: server.url, token: 's3cret' } });
 * t.after(close);
 * await connector.notifier.deliver(notification, context);
 */
export function testContext<C>(options: TestContextOptions<C>): TestContext<C> {
  const connections = createHttpClient({
    version: '0.0.0-test',
    reach: 'any',
    reads: { tries: 1, initialMs: 1, maxMs: 1 },
    ...options.http,
  });
  const state = options.state ?? new Map<string, string>();
  const keyValue: KeyValue = {
    get: (key) => Promise.resolve(state.get(key)),
    set: (key, value) => Promise.resolve(void state.set(key, value)),
  };
  const lines: string[] = [];
  const say =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      lines.push(JSON.stringify({ level, message, ...fields }));
      options.log?.[level](message, fields);
    };
  const signal = options.signal ?? new AbortController().signal;
  return {
    context: {
      config: options.config,
      http: connections.forCall({
        signal,
        correlationId: 'test-correlation',
        idempotencyKey: options.idempotencyKey ?? 'test-delivery',
      }),
      log: { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') },
      signal,
      now: options.now ?? (() => TEST_NOW),
      state: keyValue,
    },
    lines,
    state,
    close: () => connections.close(),
  };
}
