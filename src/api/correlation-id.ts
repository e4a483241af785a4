import type { IncomingHttpHeaders } from 'node:http';

export const CORRELATION_HEADER = 'x-correlation-id';

/** The caller's id when it is one that can go into a header and a log line unharmed, else a fresh one. */
export function correlationId(headers: IncomingHttpHeaders, newId: () => string): string {
  const given = headers[CORRELATION_HEADER];
  return typeof given === 'string' && /^[A-Za-z0-9._:-]{1,128}$/.test(given) ? given : newId();
}
