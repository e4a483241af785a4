import assert from 'node:assert/strict';
import type { Connector } from '../connector.ts';
import type { DeliverContext } from '../context.ts';
import { isFault, type Fault } from '../fault.ts';
import { secretValues } from '../redact.ts';
import { startFakeServer, type FakeAnswer, type FakeServer, type FakeServerOptions } from './fake-server.ts';
import type { ExpectedRequest } from './fixtures.ts';
import { assertNoSecret } from './secrecy.ts';
import { testContext, type TestContextOptions } from './test-context.ts';

type Config = Record<string, unknown>;

export interface CallOptions extends Partial<TestContextOptions<Config>> {
  readonly server?: FakeServerOptions;
  /** Settings over those of the test. */
  readonly own?: object;
}

/** What came of a call: what it returned, or the fault that it ended with. */
export interface Called<T> {
  readonly returned?: T;
  readonly fault?: Fault;
  readonly server: FakeServer;
}

/** One call against a vendor that answers like this. */
export type VendorCall = <T>(
  answer: FakeAnswer,
  use: (context: DeliverContext<Config>, server: FakeServer) => Promise<T>,
  options?: CallOptions,
) => Promise<Called<T>>;

/** Makes calls of one connector, each against a vendor of its own; whatever comes out of one must hold no secret. */
export function createVendorCall(
  connector: Connector,
  configOf: (baseUrl: string, own: object | undefined) => Config,
): VendorCall {
  return async (answer, use, options = {}) => {
    const server = await startFakeServer(() => answer, options.server);
    const config = configOf(server.url, options.own);
    const { context, lines, close } = testContext({ ...options, config });
    const secrets = secretValues(connector.config, config);
    try {
      const returned = await use(context, server);
      assertNoSecret(secrets, 'the result', returned);
      return { returned, server };
    } catch (error) {
      assertNoSecret(secrets, 'the error', error);
      if (!isFault(error)) throw error;
      return { fault: error, server };
    } finally {
      await close();
      await server.close();
      assertNoSecret(secrets, 'a log line', lines);
    }
  };
}

/** Runs a call that never gets an answer; it must end with SB_UNAVAILABLE within a second of the abort it asked for. */
export async function endsOnAbort(
  run: (abort: AbortController) => Promise<{ readonly fault?: Fault }>,
): Promise<void> {
  const { fault } = await withinASecond(run);
  assert.equal(fault?.code, 'SB_UNAVAILABLE');
}

/** Whatever it ends with, it must end within a second of the abort that it asked for. */
export async function withinASecond<T>(run: (abort: AbortController) => Promise<T>): Promise<T> {
  const abort = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    abort.signal.addEventListener('abort', () => {
      timer = setTimeout(() => reject(new Error('still running a second after the abort')), 1_000);
    });
  });
  try {
    return await Promise.race([run(abort), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** What of a received request its expected request talks about. */
export function pick(
  request: FakeServer['requests'][number],
  expected: Partial<ExpectedRequest> = {},
): ExpectedRequest {
  const { method, path, query, body } = request;
  const names = Object.keys(expected.headers ?? {});
  return {
    method,
    path,
    ...(expected.query === undefined && Object.keys(query).length === 0 ? {} : { query }),
    ...(expected.headers
      ? { headers: Object.fromEntries(names.map((name) => [name, request.headers[name] ?? ''])) }
      : {}),
    ...(body === undefined ? {} : { body }),
  };
}

function openHandles(): number {
  const kinds = new Set(['TCPSocketWrap', 'TCPServerWrap', 'TLSWrap', 'Timeout', 'PipeWrap']);
  return process.getActiveResourcesInfo().filter((kind) => kinds.has(kind)).length;
}

/** Nothing that a call opened stays open. Sockets are gone one turn after they were destroyed. */
export async function leavesNoHandle(run: () => Promise<void>): Promise<void> {
  const before = openHandles();
  await run();
  for (let turn = 0; turn < 50 && openHandles() > before; turn += 1)
    await new Promise((resolve) => setImmediate(resolve));
  const left = openHandles() - before;
  assert.ok(left <= 0, `${left} handles more than before`);
}
