import type { Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { problem } from '../problem.ts';
import { unauthenticated, type HeadCheck } from './check.ts';

const NO_CERTIFICATE = unauthenticated(
  'Mutual realm="signalbox"',
  'The endpoint asks for a client certificate of its authority.',
);
const WRONG_NAME = problem(
  'certificate_not_allowed',
  'The client certificate is valid, but none of its names may use this endpoint.',
);

/**
 * A client certificate that the listener's authority signed. `names` are the accepted common names or subject alternative
 * names, in full; empty takes any certificate of the authority.
 */
export function mtlsCheck(names: readonly string[]): HeadCheck {
  const allowed = new Set(names);
  return (request) => {
    const socket: Socket & Partial<Pick<TLSSocket, 'authorized' | 'getPeerCertificate'>> = request.socket;
    if (socket.authorized !== true || !socket.getPeerCertificate) return NO_CERTIFICATE;
    if (allowed.size === 0) return undefined;
    return namesOf(socket.getPeerCertificate()).some((name) => allowed.has(name)) ? undefined : WRONG_NAME;
  };
}

/**
 * Common name and alternative names of a certificate. Node.js writes the alternative names into one string and puts names with
 * special characters in quotes; such a string is left out whole, because a name could be made up to look like two.
 */
export function namesOf(certificate: Pick<PeerCertificate, 'subject' | 'subjectaltname'>): readonly string[] {
  const common: unknown = certificate.subject?.CN;
  const names = typeof common === 'string' ? [common] : [];
  const alternatives = certificate.subjectaltname;
  if (alternatives === undefined || alternatives.includes('"')) return names;
  for (const entry of alternatives.split(', ')) names.push(entry.slice(entry.indexOf(':') + 1));
  return names;
}
