import { unauthenticated, type HeadCheck, type Verdict } from './check.ts';
import { digestOf, isOneOf } from './digest.ts';

const REFUSED: Verdict = unauthenticated('ApiKey realm="signalbox"');

/** A shared key in a header of the sender's choice, e.g. GitLab's `X-Gitlab-Token`. A repeated header never matches. */
export function apiKeyCheck(header: string, keys: readonly string[]): HeadCheck {
  const name = header.toLowerCase();
  const digests = keys.map(digestOf);
  return (request) => {
    const key = request.headers[name];
    return typeof key === 'string' && isOneOf(digests, key) ? undefined : REFUSED;
  };
}
