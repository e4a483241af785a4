import { setTimeout as wait } from 'node:timers/promises';
import { createBreaker, type BreakerSettings } from './breaker.ts';
import { Fault, isTransient, type FaultCode } from './fault.ts';
import { createAddressBook } from './http-address.ts';
import { createDispatcherPool } from './http-dispatcher-pool.ts';
import type { ConnectSettings } from './http-dispatcher.ts';
import { exchange, type WireAnswer, type WireRequest } from './http-exchange.ts';
import { faultOfAbort, faultOfError, faultOfStatus, parseRetryAfter } from './http-fault.ts';
import { exchangeLines } from './http-lines.ts';
import { buildWireRequest, type HttpCall } from './http-wire.ts';
import type { HttpClient, HttpRequest, HttpResponse, LineReader } from './http.ts';
import { createRateLimit, type Rate } from './rate-limit.ts';

export interface HttpClientOptions extends Partial<ConnectSettings> {
  /** Goes into `user-agent: signalbox/<version>`. */
  readonly version: string;
  /** The longest answer that is read. Default 1 MiB. */
  readonly answerBytes?: number;
  /** The vendor's limit over all calls. A request above it waits up to a second for its turn, then it is `SB_RATE_LIMITED`. */
  readonly rate?: Rate;
  /** Absent: no breaker. Only `SB_UNAVAILABLE` counts as failure: everything else is an answer. */
  readonly breaker?: BreakerSettings;
  /** How often and how patiently a GET is repeated. Default 3 tries, from 200 ms up to 5 s. */
  readonly reads?: ReadRetry;
  /** Called after every single request, for metrics and audit. Must not throw. */
  readonly onResult?: (result: HttpResult) => void;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
}

export interface ReadRetry {
  readonly tries: number;
  readonly initialMs: number;
  readonly maxMs: number;
}

/** What became of one request. Never a URL, a header or a body. */
export interface HttpResult {
  readonly host: string;
  readonly method: HttpRequest['method'];
  readonly status?: number;
  readonly fault?: FaultCode;
  readonly durationMs: number;
  readonly correlationId: string;
}

/** The connections of one integration, and the client of each call over them. */
export interface HttpConnections {
  forCall(call: HttpCall): HttpClient & { readonly idempotencyKey: string };
  /** Ends all connections; requests under way fail with `SB_UNAVAILABLE`. */
  close(): Promise<void>;
}

/** Longer than this nobody waits inside a request; whoever called comes back. */
const SLOT_WAIT_MS = 1_000;

const READS: ReadRetry = { tries: 3, initialMs: 200, maxMs: 5_000 };

/**
 * Makes the host's HTTP client. TLS is verified and 1.3 at least, redirects are not followed, link-local and metadata addresses are refused,
 * unless the options say otherwise. Only GET is ever repeated; everything else is one request, repeated by the delivery machine.
 *
 * @throws Fault `SB_CONFIG` for a proxy that is not an address
 * @example
 * const connections = createHttpClient({ version: '1.0.0' });
 * const http = connections.forCall({ signal: AbortSignal.timeout(10_000), correlationId: 'c1', idempotencyKey: 'd1' });
 * await http.request({ method: 'POST', url: 'https://example.org/hook', body: { text: 'hello' }, idempotencyHeader: 'idempotency-key' });
 * await connections.close();
 */
export function createHttpClient(options: HttpClientOptions): HttpConnections {
  const now = options.now ?? Date.now;
  const random = options.random ?? Math.random;
  const reach = options.reach ?? 'metadata';
  const reads = options.reads ?? READS;
  const answerBytes = options.answerBytes ?? 1_048_576;
  const dispatchers = createDispatcherPool({
    reach,
    tls: options.tls ?? { minVersion: 'TLSv1.3' },
    connections: options.connections ?? 64,
    connectTimeoutMs: options.connectTimeoutMs ?? 5_000,
    silenceMs: options.silenceMs ?? 30_000,
    ...(options.proxy === undefined ? {} : { proxy: options.proxy }),
  });
  const takeSlot = options.rate && createRateLimit(options.rate, now);
  const breaker = options.breaker && createBreaker(options.breaker, now);
  const addressOf = createAddressBook(reach);
  const userAgent = `signalbox/${options.version}`;

  /** Runs one request between the vendor's limit, the breaker and the books. */
  async function keepBooks<T>(
    wire: WireRequest,
    call: HttpCall,
    run: (onStatus: (status: number) => void) => Promise<T>,
  ): Promise<T> {
    if (takeSlot) await waitForSlot(takeSlot, wire.host, call.signal);
    const guard = call.bypassBreaker ? undefined : breaker;
    const openMs = guard?.admit() ?? 0;
    if (openMs > 0) {
      const message = `${wire.host} did not answer lately; it is left alone for a while`;
      throw new Fault('SB_UNAVAILABLE', message, { retryAfterMs: Math.ceil(openMs) });
    }
    const startedMs = now();
    let status: number | undefined;
    let fault: Fault | undefined;
    try {
      return await run((received) => (status = received));
    } catch (error) {
      fault = faultOfError(wire.host, error);
      throw fault;
    } finally {
      const cancelled = call.signal.aborted && call.signal.reason?.name !== 'TimeoutError';
      guard?.settle(fault?.code !== 'SB_UNAVAILABLE' ? 'success' : cancelled ? 'unknown' : 'failure');
      options.onResult?.({
        host: wire.host,
        method: wire.method,
        durationMs: now() - startedMs,
        correlationId: call.correlationId,
        ...(status === undefined ? {} : { status }),
        ...(fault ? { fault: fault.code } : {}),
      });
    }
  }

  function requestOnce(request: HttpRequest, wire: WireRequest, call: HttpCall): Promise<HttpResponse> {
    return keepBooks(wire, call, async (onStatus) => {
      const dispatcher = dispatchers.forRequests(request.tls);
      const answer = await exchange(dispatcher, wire, request.answerBytes ?? answerBytes, call.signal);
      onStatus(answer.status);
      return readAnswer(wire.host, request, answer, now());
    });
  }

  /** The books are closed when the vendor accepts: what ends a stream later is its end, and no sign of a vendor that fails. */
  async function readLines(request: HttpRequest, reader: LineReader, wire: WireRequest, call: HttpCall) {
    const stream = await keepBooks(wire, call, async (onStatus) => {
      const dispatcher = dispatchers.forStreams(request.tls);
      const { status, headers, ended } = await exchangeLines(dispatcher, wire, reader, call.signal);
      onStatus(status);
      if (status >= 200 && status < 300) return { ended };
      throw faultOfStatus(wire.host, status, parseRetryAfter(headers['retry-after'], now()));
    });
    await stream.ended;
  }

  async function requestAgain(
    request: HttpRequest,
    wire: WireRequest,
    call: HttpCall,
  ): Promise<HttpResponse> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await requestOnce(request, wire, call);
      } catch (error) {
        const fault = error as Fault;
        const waitMs = backOff(reads, tries, fault.retryAfterMs, random);
        const tooLate = call.deadlineMs !== undefined && now() + waitMs >= call.deadlineMs;
        const hopeless = !isTransient(fault.code) || tries >= reads.tries || waitMs > reads.maxMs;
        if (hopeless || tooLate || call.signal.aborted) throw fault;
        // An abort while waiting ends the wait; the fault of the last try says more than the abort.
        await wait(waitMs, undefined, { signal: call.signal }).catch(() => Promise.reject(fault));
      }
    }
  }

  return {
    forCall: (call) => ({
      idempotencyKey: call.idempotencyKey ?? '',
      async request(request) {
        const wire = buildWireRequest(request, addressOf(request.url), call, userAgent);
        return request.method === 'GET'
          ? requestAgain(request, wire, call)
          : requestOnce(request, wire, call);
      },
      async readLines(request, reader) {
        const wire = buildWireRequest(request, addressOf(request.url), call, userAgent);
        return readLines(request, reader, wire, call);
      },
    }),
    close: () => dispatchers.close(),
  };
}

async function waitForSlot(takeSlot: () => number, host: string, signal: AbortSignal): Promise<void> {
  for (let slotMs = takeSlot(); slotMs > 0; slotMs = takeSlot()) {
    if (slotMs > SLOT_WAIT_MS) {
      throw new Fault('SB_RATE_LIMITED', `${host} takes no more for now`, {
        retryAfterMs: Math.ceil(slotMs),
      });
    }
    await wait(slotMs, undefined, { signal }).catch(() => Promise.reject(faultOfAbort(host, signal.reason)));
  }
}

/**
 * How long to wait before the next try: exponential with full jitter, so that many callers do not come back in step, and never
 * before the vendor said so.
 */
export function backOff(
  retry: ReadRetry,
  tries: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const ceilingMs = Math.min(retry.maxMs, retry.initialMs * 2 ** (tries - 1));
  return Math.max(retryAfterMs ?? 0, Math.floor(random() * ceilingMs));
}

function readAnswer(host: string, request: HttpRequest, answer: WireAnswer, nowMs: number): HttpResponse {
  const { status, headers, text } = answer;
  const accepted = (status >= 200 && status < 300) || request.accept?.includes(status);
  if (!accepted) throw faultOfStatus(host, status, parseRetryAfter(headers['retry-after'], nowMs));
  if (answer.tooLong) {
    throw new Fault('SB_UNAVAILABLE', `${host} answered with more than this hub reads`, { status });
  }
  return {
    status,
    headers,
    text,
    json() {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        // The parser's message quotes the answer, which may repeat what was sent.
        throw new Fault('SB_UNAVAILABLE', `${host} answered ${status} with something that is not JSON`, {
          status,
        });
      }
    },
  };
}
