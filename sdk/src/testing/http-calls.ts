import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { isFault, type Fault } from '../fault.ts';
import { createHttpClient, type HttpClientOptions } from '../http-client.ts';
import { startFakeServer, type FakeHandler, type FakeServerOptions } from './fake-server.ts';

/** A signal that is never aborted. */
export const never = new AbortController().signal;

/** A client that ends with the test, and a way to make the client of one call. */
export function connect(t: TestContext, options: Partial<HttpClientOptions> = {}) {
  const connections = createHttpClient({ version: '1.2.3', ...options });
  t.after(connections.close);
  const http = (signal = never, deadlineMs?: number) =>
    connections.forCall({
      signal,
      correlationId: 'c-1',
      idempotencyKey: 'd-1',
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
  return { connections, http };
}

/** A fake vendor that ends with the test. */
export async function serve(t: TestContext, handler?: FakeHandler, options?: FakeServerOptions) {
  const server = await startFakeServer(handler, options);
  t.after(server.close);
  return server;
}

/** The fault that a request ends with; anything else fails the test. */
export async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await promise.then(
    () => assert.fail('it went through'),
    (error: unknown) => error,
  );
  if (!isFault(thrown)) throw thrown;
  return thrown;
}
