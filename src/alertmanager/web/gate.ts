import type { IncomingMessage } from 'node:http';
import { TLSSocket, type PeerCertificate } from 'node:tls';
import type { Passwords } from './passwords.ts';
import type { ClientCertificates, WebConfig } from './web-config.ts';

/** Why somebody may not come in. */
export type Refused =
  /** The connection is ended without an answer, as where a handshake fails. */
  | { readonly kind: 'hang-up' }
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly text: string;
      readonly headers: Readonly<Record<string, string>>;
    };

export interface GateOptions {
  /** As it is now. */
  readonly web: () => WebConfig;
  readonly passwords: Passwords;
  readonly now: () => number;
}

/**
 * Asks everybody who comes for what the web configuration demands, before anything else is looked at.
 *
 * @returns undefined for who may come in; a promise only where a password has to be compared.
 */
export type Gate = (request: IncomingMessage) => undefined | Refused | Promise<undefined | Refused>;

export function createGate({ web, passwords, now }: GateOptions): Gate {
  const takesToken = createBucket(now);

  async function compare(users: WebConfig['users'], header: string): Promise<undefined | Refused> {
    const given = readBasic(header);
    if (given === undefined) return UNAUTHORIZED;
    const verdict = await passwords.check(users, given.user, given.password);
    if (verdict === 'busy')
      return answer(503, 'Too many passwords are being checked', { 'retry-after': '1' });
    return verdict ? undefined : UNAUTHORIZED;
  }

  return (request) => {
    const { certificates, users, rateLimit } = web();
    if (!admitsCertificate(request.socket, certificates)) return { kind: 'hang-up' };
    if (rateLimit !== undefined && !takesToken(rateLimit)) return answer(429, 'Too Many Requests');
    if (users.size === 0) return undefined;
    const header = request.headers.authorization;
    return header === undefined ? UNAUTHORIZED : compare(users, header);
  };
}

const UNAUTHORIZED = answer(401, 'Unauthorized', { 'www-authenticate': 'Basic' });

function answer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Refused {
  return { kind: 'answer', status, text: `${text}\n`, headers };
}

/** https://www.rfc-editor.org/rfc/rfc7617#section-2 */
export function readBasic(header: string): { readonly user: string; readonly password: string } | undefined {
  const found = /^basic ([A-Za-z0-9+/]+={0,2})$/i.exec(header);
  if (found === null) return undefined;
  const text = Buffer.from(found[1]!, 'base64').toString();
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function admitsCertificate(
  socket: IncomingMessage['socket'],
  { demand, allowedNames }: ClientCertificates,
): boolean {
  if (demand === 'none' || !(socket instanceof TLSSocket)) return demand === 'none';
  // Empty where the client has none.
  const certificate: Partial<PeerCertificate> = socket.getPeerCertificate() ?? {};
  const isGiven = certificate.raw !== undefined;
  if (demand === 'verified-if-given') return !isGiven || socket.authorized;
  if (!isGiven || (demand === 'verified' && !socket.authorized)) return false;
  return (
    allowedNames.length === 0 ||
    namesOf(certificate.subjectaltname).some((name) => allowedNames.includes(name))
  );
}

/** The values of `DNS:a.example.org, IP Address:127.0.0.1, email:…, URI:…`; those with other signs are quoted and never match. */
export function namesOf(subjectAltName: string | undefined): readonly string[] {
  const parts = subjectAltName === undefined ? [] : subjectAltName.split(', ');
  return parts.map((part) => part.slice(part.indexOf(':') + 1));
}

/** A bucket of `burst` tokens that gets one in each `intervalMs`; full at first. */
function createBucket(now: () => number): (limit: NonNullable<WebConfig['rateLimit']>) => boolean {
  let tokens: number | undefined;
  let at = now();
  return ({ intervalMs, burst }) => {
    const time = now();
    const refilled = (tokens ?? burst) + Math.max(0, time - at) / intervalMs;
    tokens = Math.min(burst, refilled);
    at = time;
    if (tokens < 1) return false;
    tokens--;
    return true;
  };
}
