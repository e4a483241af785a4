import { unauthenticated, type HeadCheck, type Verdict } from './check.ts';
import { digestOf, isOneOf } from './digest.ts';

const REFUSED: Verdict = unauthenticated('Bearer realm="signalbox"');

/** The credentials behind a scheme's name, which is case-insensitive (RFC 9110 section 11.1); undefined when the scheme is another. */
export function credentialsOf(authorization: string | undefined, scheme: string): string | undefined {
  if (authorization === undefined || authorization.length <= scheme.length) return undefined;
  if (authorization.charCodeAt(scheme.length) !== 0x20) return undefined;
  const given = authorization.slice(0, scheme.length);
  if (given !== scheme && given.toLowerCase() !== scheme.toLowerCase()) return undefined;
  return authorization.slice(scheme.length + 1).trim();
}

/** Bearer tokens (RFC 6750 section 2.1); several are valid at once during a rotation. */
export function bearerCheck(tokens: readonly string[]): HeadCheck {
  const digests = tokens.map(digestOf);
  return (request) => {
    const token = credentialsOf(request.headers.authorization, 'Bearer');
    return token !== undefined && isOneOf(digests, token) ? undefined : REFUSED;
  };
}
