/**
 * Everything that the intake answers instead of 202, as data. The code is stable: senders, dashboards and the documentation
 * refer to it. `retryAfterMs` says what the sender is told when the refusal itself knows nothing better.
 */
export const PROBLEMS = {
  malformed_request: { status: 400, title: 'The request is not valid HTTP' },
  malformed_body: { status: 400, title: 'The body is not what its media type says' },
  malformed_encoding: { status: 400, title: 'The body could not be decompressed' },
  too_deep: { status: 400, title: 'The body is nested too deeply' },
  unauthenticated: { status: 401, title: 'The request is not authenticated' },
  signature_expired: { status: 401, title: 'The signature is too old or from the future' },
  certificate_not_allowed: { status: 403, title: 'The client certificate may not use this endpoint' },
  address_not_allowed: { status: 403, title: 'The source address may not use this endpoint' },
  host_not_allowed: { status: 403, title: 'The host name is not served by this endpoint' },
  not_found: { status: 404, title: 'There is no such endpoint' },
  method_not_allowed: { status: 405, title: 'The endpoint takes POST only' },
  body_too_slow: { status: 408, title: 'The request did not arrive in time' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The media type is not taken here' },
  unsupported_encoding: { status: 415, title: 'The content encoding is not supported' },
  expectation_failed: { status: 417, title: 'The expectation is not supported' },
  wrong_shape: { status: 422, title: 'The signal does not have the expected shape' },
  unreadable_signal: { status: 422, title: 'The signal could not be read' },
  rate_limited: { status: 429, title: 'Too many requests', retryAfterMs: 1_000 },
  headers_too_large: { status: 431, title: 'The request header is too large' },
  journal_full: { status: 503, title: 'The journal is full', retryAfterMs: 30_000 },
  journal_unavailable: { status: 503, title: 'The journal can not be written', retryAfterMs: 5_000 },
  keys_unavailable: { status: 503, title: 'The signing keys can not be fetched', retryAfterMs: 10_000 },
  overloaded: { status: 503, title: 'Too many requests are under way', retryAfterMs: 1_000 },
  shutting_down: { status: 503, title: 'The server is shutting down', retryAfterMs: 5_000 },
  internal: { status: 503, title: 'The request could not be handled', retryAfterMs: 5_000 },
} as const satisfies Record<string, { status: number; title: string; retryAfterMs?: number }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** Why a request is refused. `detail` is for the sender: about its own request only, never about our inside (BR-WH-012). */
export interface Problem {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Path of the offending field of the payload, or the offending header. */
  readonly field?: string;
  readonly retryAfterMs?: number;
  /** Value of `WWW-Authenticate` for 401 (RFC 9110 section 11.6.1). */
  readonly challenge?: string;
}

export function problem(code: ProblemCode, detail: string, field?: string): Problem {
  return field === undefined ? { code, detail } : { code, detail, field };
}

/** What travels beside the problem in the answer's body. */
export interface ProblemContext {
  readonly correlationId: string;
  /** Path of the endpoint. */
  readonly instance?: string;
  /** Of the quarantined signal. */
  readonly receipt?: string;
  readonly statusUrl?: string;
}

const MAX_DETAIL_LENGTH = 2_000;

/** The body of an `application/problem+json` answer (RFC 9457). */
export function problemBody(found: Problem, context: ProblemContext): string {
  const { status, title } = PROBLEMS[found.code];
  return JSON.stringify({
    type: `/problems/${found.code}`,
    title,
    status,
    detail: found.detail.slice(0, MAX_DETAIL_LENGTH).toWellFormed(),
    code: found.code,
    field: found.field?.slice(0, 200).toWellFormed(),
    correlation_id: context.correlationId,
    instance: context.instance,
    receipt: context.receipt,
    status_url: context.statusUrl,
  });
}

/** The same for a vendor's own client (`Source.clientPaths`), which reads nothing but a JSON text. */
export function problemText({ detail, field }: Problem): string {
  const text = field === undefined ? detail : `${field}: ${detail}`;
  return JSON.stringify(text.slice(0, MAX_DETAIL_LENGTH).toWellFormed());
}

/** The header fields that belong to the problem, as the flat list that `writeHead` takes. */
export function problemHeaders(
  found: Problem,
  correlationId: string,
  mediaType = 'application/problem+json',
): string[] {
  const known: { status: number; retryAfterMs?: number } = PROBLEMS[found.code];
  const headers = ['content-type', mediaType, 'cache-control', 'no-store', 'x-correlation-id', correlationId];
  const retryAfterMs = found.retryAfterMs ?? known.retryAfterMs;
  if (retryAfterMs !== undefined)
    headers.push('retry-after', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  if (known.status === 405) headers.push('allow', 'POST');
  if (found.challenge !== undefined) headers.push('www-authenticate', found.challenge);
  return headers;
}
