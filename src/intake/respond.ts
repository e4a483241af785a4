import type { IncomingMessage, ServerResponse } from 'node:http';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import {
  PROBLEMS,
  problemBody,
  problemHeaders,
  problemText,
  type Problem,
  type ProblemContext,
} from './problem.ts';

/** Below this many bytes compression costs more than it saves. */
const COMPRESS_FROM_BYTES = 1_024;

/** An unread body up to this size is read to its end and thrown away, so that the connection can be used again. */
const DISCARD_BYTES = 65_536;

/** How long and how much a client that is refused may go on sending before the connection is cut. */
const LINGER_MS = 2_000;
const LINGER_BYTES = 1_048_576;

const ACCEPTED_HEADERS = ['content-type', 'application/json', 'cache-control', 'no-store', 'content-length'];

/** Answers 202 with the receipt. `statusUrl` is a URL as `URL` writes it: ASCII without quotes, so that characters are bytes. */
export function sendReceipt(response: ServerResponse, receipt: string, statusUrl: string): void {
  const text = `{"receipt":"${receipt}","status_url":"${statusUrl}"}\n`;
  response.writeHead(202, [...ACCEPTED_HEADERS, String(text.length)]);
  response.end(text, 'latin1');
}

/** Answers 200 without a body, for clients that know no receipts. */
export function sendNothing(response: ServerResponse): void {
  response.writeHead(200, ['content-length', '0', 'cache-control', 'no-store']);
  response.end();
}

/** Answers a vendor's own client, which knows 400 and a JSON text for what is wrong with what it sent. */
export function sendText(
  request: IncomingMessage,
  response: ServerResponse,
  found: Problem,
  correlationId: string,
): void {
  const { status } = PROBLEMS[found.code];
  const headers = problemHeaders(found, correlationId, 'application/json');
  send(request, response, found, {
    status: status === 422 ? 400 : status,
    headers,
    text: problemText(found),
  });
}

/** Answers with a problem (RFC 9457). A body that is still on its way is dealt with so that the client gets to see the answer. */
export function sendProblem(
  request: IncomingMessage,
  response: ServerResponse,
  found: Problem,
  context: ProblemContext,
): void {
  const headers = problemHeaders(found, context.correlationId);
  send(request, response, found, {
    status: PROBLEMS[found.code].status,
    headers,
    text: problemBody(found, context),
  });
}

function send(
  request: IncomingMessage,
  response: ServerResponse,
  found: Problem,
  { status, headers, text }: { readonly status: number; readonly headers: string[]; readonly text: string },
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const closes = !request.complete && !isSmall(request);
  if (closes || found.code === 'shutting_down' || found.code === 'body_too_slow') {
    headers.push('connection', 'close');
  }
  const body = packed(text, request.headers['accept-encoding'], headers);
  headers.push('content-length', String(body.length));
  response.writeHead(status, headers);
  if (!closes || request.method === 'HEAD') {
    response.end(body);
    return;
  }
  response.write(body);
  linger(request, () => response.end());
}

/** Compresses a text as the client asks for (BR-WH-013); adds the header fields that go with it. */
export function packed(text: string, acceptEncoding: string | undefined, headers: string[]): Buffer {
  const plain = Buffer.from(text);
  if (plain.length < COMPRESS_FROM_BYTES) return plain;
  headers.push('vary', 'accept-encoding');
  if (accepts(acceptEncoding, 'br')) {
    headers.push('content-encoding', 'br');
    return brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } });
  }
  if (accepts(acceptEncoding, 'gzip')) {
    headers.push('content-encoding', 'gzip');
    return gzipSync(plain, { level: 5 });
  }
  return plain;
}

/** Whether `Accept-Encoding` names the coding with a weight above zero (RFC 9110 section 12.5.3). */
function accepts(field: string | undefined, coding: string): boolean {
  return (field ?? '').split(',').some((part) => {
    const [name = '', weight = 'q=1'] = part.split(';');
    return name.trim().toLowerCase() === coding && !/^\s*q=0(\.0*)?\s*$/i.test(weight);
  });
}

function isSmall(request: IncomingMessage): boolean {
  const length = request.headers['content-length'];
  if (length === undefined) return request.headers['transfer-encoding'] === undefined;
  return Number(length) <= DISCARD_BYTES;
}

/**
 * Reads on for a while after the answer is written. Closing at once would reset the connection, and the reset would overtake the
 * answer, so that the sender sees a broken pipe instead of a 413.
 */
function linger(request: IncomingMessage, done: () => void): void {
  let bytes = 0;
  const timer = setTimeout(done, LINGER_MS).unref();
  const stop = (): void => {
    clearTimeout(timer);
    done();
  };
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > LINGER_BYTES) stop();
  });
  request.on('end', stop);
  request.on('error', stop);
  request.resume();
}
