import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { PROBLEMS, problem, problemBody, problemHeaders, type ProblemCode } from './problem.ts';
import { sendProblem } from './respond.ts';

/** What a listener of this hub is created with (`createServer(LISTENER_OPTIONS, …)`): bounds on everything before the intake. */
export const LISTENER_OPTIONS = {
  /** A head has to be complete within this time. */
  headersTimeout: 10_000,
  /** A whole request; endpoints set shorter limits of their own. */
  requestTimeout: 60_000,
  /** How often the two limits above are looked at. */
  connectionsCheckingInterval: 2_000,
  keepAliveTimeout: 65_000,
  maxHeaderSize: 16_384,
  insecureHTTPParser: false,
} as const;

/** Errors of Node's HTTP parser that have an answer of their own. */
const PARSER_PROBLEMS: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'body_too_slow',
};

/** Answers with problems where Node.js would answer without a body: broken HTTP, unknown expectations. */
export function guardServer(server: Server, newRequestId: () => string): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // After an answer has begun, more bytes could land in the middle of it.
    if (error.code === 'ECONNRESET' || !socket.writable || socket.bytesWritten > 0) {
      socket.destroy();
      return;
    }
    const code = PARSER_PROBLEMS[error.code ?? ''] ?? 'malformed_request';
    socket.end(rawProblem(code, newRequestId()));
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const found = problem('expectation_failed', 'Only 100-continue is supported.', 'expect');
    sendProblem(request, response, found, { correlationId: newRequestId() });
  });
}

/** A whole HTTP answer as text, for a connection on which no request could be read. */
function rawProblem(code: ProblemCode, correlationId: string): string {
  const found = problem(code, 'The request could not be read.');
  const body = problemBody(found, { correlationId });
  const { status } = PROBLEMS[code];
  const headers = [
    ...problemHeaders(found, correlationId),
    'content-length',
    String(body.length),
    'connection',
    'close',
  ];
  let text = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`;
  for (let index = 0; index < headers.length; index += 2)
    text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${text}\r\n${body}`;
}
