import { Fault, isFault } from './fault.ts';

const DAY_MS = 86_400_000;

/**
 * Reads `Retry-After` (RFC 9110 §10.2.3): seconds or an HTTP date. Undefined for anything else; never below 0 and never
 * above a day, because a vendor's slip must not silence a channel for a year.
 */
export function parseRetryAfter(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const text = value.trim();
  const waitMs = /^\d+(\.\d+)?$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Number.isFinite(waitMs) ? Math.min(DAY_MS, Math.max(0, Math.ceil(waitMs))) : undefined;
}

/** The fault that a status means, decided by what has to happen next. Call it only for statuses that are not accepted. */
export function faultOfStatus(host: string, status: number, retryAfterMs: number | undefined): Fault {
  const details = { status, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  if (status === 401 || status === 403) {
    return new Fault('SB_AUTH', `${host} refused the credentials (${status})`, details);
  }
  if (status === 429) return new Fault('SB_RATE_LIMITED', `${host} asks to slow down (429)`, details);
  if (status === 408 || status === 425 || status >= 500 || status < 300) {
    return new Fault('SB_UNAVAILABLE', `${host} answered ${status}`, details);
  }
  if (status < 400) {
    // Following would carry credentials and a person's data to a place that nobody configured.
    const message = `${host} redirects (${status}); redirects are not followed: configure the final address`;
    return new Fault('SB_CONFIG', message, { ...details, field: 'url' });
  }
  return new Fault('SB_REJECTED', `${host} answered ${status}`, details);
}

/**
 * Certificates that do not verify are `SB_UNAVAILABLE`, not `SB_CONFIG`: the usual reasons are an expired certificate that is
 * about to be renewed and something on the path, and giving up at once would lose the notification for either. Only what no
 * waiting can change, the protocol version, is `SB_CONFIG`.
 */
const CERTIFICATE_CODES = new Set([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
  'CERT_CHAIN_TOO_LONG',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'HOSTNAME_MISMATCH',
  'INVALID_CA',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);
const CLIENT_CERTIFICATE =
  /ALERT_(CERTIFICATE_REQUIRED|BAD_CERTIFICATE|CERTIFICATE_UNKNOWN|UNKNOWN_CA|ACCESS_DENIED)/;

const NETWORK_WORDS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection',
  ECONNRESET: 'closed the connection',
  EAI_AGAIN: 'could not be resolved to an address',
  ENOTFOUND: 'does not resolve to an address',
  HTTPParserError: 'answered with something that is not HTTP',
  UND_ERR_BODY_TIMEOUT: 'stopped in the middle of its answer',
  UND_ERR_CONNECT_TIMEOUT: 'did not accept the connection in time',
  UND_ERR_HEADERS_TIMEOUT: 'did not answer in time',
  UND_ERR_SOCKET: 'closed the connection',
};

/** The fault that a failed connection or a broken-off answer means. Messages carry the host and the system's error code only. */
export function faultOfError(host: string, error: unknown): Fault {
  if (isFault(error)) return error;
  const code = codeOf(error);
  // Parser errors hold a piece of the answer, which may repeat what was sent.
  const details = isParserError(error) ? {} : { cause: error };
  if (CERTIFICATE_CODES.has(code)) {
    const message = `${host} shows a certificate that does not verify (${code}); check the address and http.tls.ca_file`;
    return new Fault('SB_UNAVAILABLE', message, { ...details, field: 'http.tls' });
  }
  if (/PROTOCOL_VERSION|UNSUPPORTED_PROTOCOL/.test(code)) {
    const message = `${host} does not speak the required TLS version; it needs an update, or http.tls.min_version`;
    return new Fault('SB_CONFIG', message, { ...details, field: 'http.tls.min_version' });
  }
  if (CLIENT_CERTIFICATE.test(code)) {
    const message = `${host} refused the client certificate (${code}); check http.tls.cert_file and http.tls.key_file`;
    return new Fault('SB_AUTH', message, { ...details, field: 'http.tls.cert_file' });
  }
  // undici tells a proxy's refusal by its text only, under codes that mean other things.
  if (error instanceof Error && /^Proxy .*\(407\)/.test(error.message)) {
    return new Fault('SB_AUTH', 'The proxy refused its credentials (407)', {
      field: 'http.proxy',
      status: 407,
    });
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new Fault(
      'SB_CONFIG',
      `The request to ${host} has a header or body that HTTP does not allow`,
      details,
    );
  }
  return new Fault(
    'SB_UNAVAILABLE',
    `${host} ${NETWORK_WORDS[code] ?? 'could not be reached'} (${code})`,
    details,
  );
}

/** The fault of a call whose signal was aborted: at its deadline, or because the hub stops. */
export function faultOfAbort(host: string, reason: unknown): Fault {
  const timedOut = reason instanceof Error && reason.name === 'TimeoutError';
  return new Fault(
    'SB_UNAVAILABLE',
    timedOut ? `${host} did not answer in time` : `The request to ${host} was cancelled`,
  );
}

function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown error';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return error.cause === undefined ? error.name : codeOf(error.cause);
}
