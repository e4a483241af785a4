import type { Dispatcher } from 'undici';
import { Fault } from './fault.ts';
import { flattenHeaders, type WireRequest } from './http-exchange.ts';
import { faultOfAbort, faultOfError } from './http-fault.ts';
import type { LineReader } from './http.ts';

const LINE_BYTES = 1_048_576;
const NEWLINE = 0x0a;

/** An answer that has begun. With a status outside 2xx nothing of it is read. */
export interface LineStream {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Settles when the answer ends; a rejection that nobody waits for is no unhandled one. */
  readonly ended: Promise<void>;
}

/**
 * Sends one request and hands on the lines of its answer while they come. Lines are handled where the bytes arrive, so that a reader that is
 * slow slows the vendor down instead of filling memory. What stands after the last line end is half a line and is dropped.
 */
export function exchangeLines(
  dispatcher: Dispatcher,
  request: WireRequest,
  reader: LineReader,
  callSignal: AbortSignal,
): Promise<LineStream> {
  const signal = reader.signal === undefined ? callSignal : AbortSignal.any([callSignal, reader.signal]);
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(faultOfAbort(request.host, signal.reason));
    const { promise: ended, resolve: finish, reject: fail } = Promise.withResolvers<void>();
    ended.catch(() => {});
    let controller: Dispatcher.DispatchController | undefined;
    const splitter = createSplitter(reader.lineBytes ?? LINE_BYTES, (line) => reader.onLine(line));

    const stop = (error: Error) => {
      signal.removeEventListener('abort', onAbort);
      reject(error);
      fail(error);
      controller?.abort(error);
    };
    const onAbort = () => stop(faultOfAbort(request.host, signal.reason));
    signal.addEventListener('abort', onAbort, { once: true });

    const { origin, path, method, body } = request;
    const silence = reader.silenceMs === undefined ? {} : { bodyTimeout: reader.silenceMs };
    try {
      dispatcher.dispatch(
        { origin, path, method, body, headers: request.headers, ...silence },
        {
          onRequestStart(started) {
            controller = started;
            if (signal.aborted) started.abort(faultOfAbort(request.host, signal.reason));
          },
          onResponseStart(_controller, status, headers) {
            if (status < 200) return;
            const accepted = status < 300;
            resolve({ status, headers: flattenHeaders(headers), ended });
            if (!accepted) return stop(new Error('the answer is not wanted'));
            try {
              reader.onOpen?.();
            } catch (error) {
              stop(error as Error);
            }
          },
          onResponseData(_controller, chunk) {
            try {
              if (splitter(chunk)) return;
              stop(
                new Fault('SB_UNAVAILABLE', `${request.host} sent a line that is longer than this hub reads`),
              );
            } catch (error) {
              // What the reader throws is its own matter, and comes out as it is.
              stop(error as Error);
            }
          },
          onResponseEnd() {
            signal.removeEventListener('abort', onAbort);
            finish();
          },
          onResponseError(_controller, error) {
            stop(faultOfError(request.host, error));
          },
        },
      );
    } catch (error) {
      stop(faultOfError(request.host, error));
    }
  });
}

/** Cuts bytes into lines, and says false at a line over the limit. */
function createSplitter(lineBytes: number, onLine: (line: string) => void): (chunk: Buffer) => boolean {
  let pieces: Buffer[] = [];
  let pending = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      if (pending + end - start > lineBytes) return false;
      const last = chunk.subarray(start, end);
      const line = pending === 0 ? last.toString() : Buffer.concat([...pieces, last]).toString();
      pieces = [];
      pending = 0;
      start = end + 1;
      onLine(line);
    }
    if (start < chunk.length) {
      pieces.push(chunk.subarray(start));
      pending += chunk.length - start;
    }
    return pending <= lineBytes;
  };
}
