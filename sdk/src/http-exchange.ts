import type { Dispatcher } from 'undici';
import { faultOfAbort } from './http-fault.ts';

/** One request as it goes on the wire. */
export interface WireRequest {
  readonly origin: string;
  /** Name and port, for messages. */
  readonly host: string;
  readonly path: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly headers: Record<string, string>;
  readonly body: string | Uint8Array | null;
}

export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** The answer was longer than the limit; `text` is empty and the connection is closed. */
  readonly tooLong: boolean;
}

/**
 * Sends one request and collects the answer. A handler of its own instead of `dispatcher.request`: no stream per answer, the size limit
 * where the bytes arrive, and an abort that takes effect at once even while the request still waits for a connection.
 */
export function exchange(
  dispatcher: Dispatcher,
  request: WireRequest,
  answerBytes: number,
  signal: AbortSignal,
): Promise<WireAnswer> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(faultOfAbort(request.host, signal.reason));
    let status = 0;
    let headers: Record<string, string> = {};
    let chunks: Buffer[] = [];
    let receivedBytes = 0;
    let controller: Dispatcher.DispatchController | undefined;

    const onAbort = () => {
      const fault = faultOfAbort(request.host, signal.reason);
      controller?.abort(fault);
      reject(fault);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    const done = () => signal.removeEventListener('abort', onAbort);

    const { origin, path, method, body } = request;
    try {
      dispatcher.dispatch(
        { origin, path, method, body, headers: request.headers },
        {
          onRequestStart(started) {
            controller = started;
            // Aborted while it waited for a connection: nothing must go out any more.
            if (signal.aborted) started.abort(faultOfAbort(request.host, signal.reason));
          },
          onResponseStart(_controller, statusCode, received) {
            if (statusCode < 200) return;
            status = statusCode;
            headers = flattenHeaders(received);
          },
          onResponseData(_controller, chunk) {
            receivedBytes += chunk.length;
            if (receivedBytes <= answerBytes) return void chunks.push(chunk);
            chunks = [];
            done();
            resolve({ status, headers, text: '', tooLong: true });
            _controller.abort(new Error('the answer is too long'));
          },
          onResponseEnd() {
            done();
            const text = chunks.length === 1 ? chunks[0]!.toString() : Buffer.concat(chunks).toString();
            resolve({ status, headers, text, tooLong: false });
          },
          onResponseError(_controller, error) {
            done();
            reject(error);
          },
        },
      );
    } catch (error) {
      done();
      reject(error);
    }
  });
}

export function flattenHeaders(
  received: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(received)) {
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : value.join(', ');
  }
  return headers;
}
