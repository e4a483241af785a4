import type { IncomingMessage } from 'node:http';
import type { AuthSettings } from '../../model/settings.ts';
import { apiKeyCheck } from './api-key.ts';
import { basicCheck } from './basic.ts';
import { bearerCheck } from './bearer.ts';
import type { BodyCheck, HeadCheck, Verdict } from './check.ts';
import { hmacCheck } from './hmac.ts';
import { jwtCheck } from './jwt.ts';
import { mtlsCheck } from './mtls.ts';

/** All configured kinds have to pass (BR-WH-004): those that need no body before it is read, signatures after. */
export interface Authenticator {
  readonly head: HeadCheck;
  /** Absent when nothing signs the body. */
  readonly body?: BodyCheck;
}

/** Throws when a key can't be read; the message names no key. */
export function createAuthenticator(settings: readonly AuthSettings[]): Authenticator {
  const heads: HeadCheck[] = [];
  const bodies: BodyCheck[] = [];
  for (const auth of settings) {
    if (auth.kind === 'hmac') bodies.push(hmacCheck(auth));
    else heads.push(headCheck(auth));
  }
  const head: HeadCheck = heads.length === 1 ? heads[0]! : (request, now) => allOf(heads, 0, request, now);
  if (bodies.length === 0) return { head };
  return {
    head,
    body: (request, body, now) => {
      for (const check of bodies) {
        const verdict = check(request, body, now);
        if (verdict) return verdict;
      }
      return undefined;
    },
  };
}

function headCheck(auth: Exclude<AuthSettings, { kind: 'hmac' }>): HeadCheck {
  switch (auth.kind) {
    case 'bearer':
      return bearerCheck(auth.tokens);
    case 'basic':
      return basicCheck(auth.username, auth.passwords);
    case 'api_key':
      return apiKeyCheck(auth.header, auth.keys);
    case 'jwt':
      return jwtCheck(auth);
    case 'mtls':
      return mtlsCheck(auth.names);
  }
}

/** Runs the checks in turn and stays synchronous as long as they are. */
function allOf(
  checks: readonly HeadCheck[],
  from: number,
  request: IncomingMessage,
  now: number,
): Verdict | Promise<Verdict> {
  for (let index = from; index < checks.length; index++) {
    const verdict = checks[index]!(request, now);
    if (verdict instanceof Promise) {
      return verdict.then((found) => found ?? allOf(checks, index + 1, request, now));
    }
    if (verdict) return verdict;
  }
  return undefined;
}
