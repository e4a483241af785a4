import { credentialsOf } from './bearer.ts';
import { unauthenticated, type HeadCheck, type Verdict } from './check.ts';
import { digestOf, isOneOf } from './digest.ts';

const REFUSED: Verdict = unauthenticated('Basic realm="signalbox", charset="UTF-8"');

/** Basic authentication (RFC 7617) with one user and one or, during a rotation, several passwords. */
export function basicCheck(username: string, passwords: readonly string[]): HeadCheck {
  const digests = passwords.map((password) => digestOf(`${username}:${password}`));
  return (request) => {
    const encoded = credentialsOf(request.headers.authorization, 'Basic');
    if (encoded === undefined) return REFUSED;
    return isOneOf(digests, Buffer.from(encoded, 'base64').toString('utf8')) ? undefined : REFUSED;
  };
}
