import { withQuery, type Address } from './http-address.ts';
import type { WireRequest } from './http-exchange.ts';
import type { HttpRequest } from './http.ts';

/** What belongs to one call of a capability function. */
export interface HttpCall {
  readonly signal: AbortSignal;
  /** Sent as `x-correlation-id`. */
  readonly correlationId: string;
  /** Sent in the header that the request names in `idempotencyHeader`. */
  readonly idempotencyKey?: string;
  /** Milliseconds since 1970; a read is not repeated when the repeat would start later. Default: only the signal limits it. */
  readonly deadlineMs?: number;
  /** A person or a probe wants to know now: goes out while the breaker is open, and its outcome does not count there. */
  readonly bypassBreaker?: boolean;
}

/**
 * Turns what a connector asks for into what goes on the wire: query, body, and the headers that every request carries. A connector's
 * own headers win, except the correlation id.
 */
export function buildWireRequest(
  request: HttpRequest,
  address: Address,
  call: HttpCall,
  userAgent: string,
): WireRequest {
  const headers: Record<string, string> = { 'user-agent': userAgent };
  const { body } = request;
  const isJson =
    body !== undefined && body !== null && typeof body !== 'string' && !(body instanceof Uint8Array);
  if (isJson) headers['content-type'] = 'application/json';
  for (const [name, value] of Object.entries(request.headers ?? {})) headers[name.toLowerCase()] = value;
  headers['x-correlation-id'] = call.correlationId;
  if (request.idempotencyHeader !== undefined && call.idempotencyKey !== undefined) {
    headers[request.idempotencyHeader.toLowerCase()] = call.idempotencyKey;
  }
  return {
    origin: address.origin,
    host: address.host,
    path: request.query === undefined ? address.path : withQuery(address, request.query),
    method: request.method,
    headers,
    body: isJson ? JSON.stringify(body) : (body ?? null),
  };
}
