import { createPublicKey, createSecretKey, type KeyObject, type webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';
import type { JWTVerifyGetKey, JWTVerifyOptions } from 'jose';
import type { JwtSettings } from '../../model/settings.ts';
import { problem } from '../problem.ts';
import { credentialsOf } from './bearer.ts';
import { unauthenticated, type HeadCheck, type Verdict } from './check.ts';

/** Loaded where an endpoint asks for such tokens. */
const loadJose = () => createRequire(import.meta.url)('jose') as typeof import('jose');

const REFUSED: Verdict = unauthenticated('Bearer realm="signalbox", error="invalid_token"');
const NO_KEYS: Verdict = problem(
  'keys_unavailable',
  'The keys of the token issuer can not be fetched at the moment; send again.',
);

/** What jose throws when the token is at fault; anything else means that the keys could not be fetched. */
const TOKEN_FAULTS =
  /^ERR_(JWT_|JWS_|JWKS_NO_MATCHING_KEY|JWKS_MULTIPLE_MATCHING_KEYS|JOSE_ALG_NOT_ALLOWED|JOSE_NOT_SUPPORTED)/;

/**
 * A signed token (RFC 7519) in `Authorization: Bearer`. Algorithms come from the configuration alone, and each static key
 * serves only algorithms of its own kind, so that a public key never passes as a shared secret (RFC 8725 section 3.1).
 */
export function jwtCheck(settings: JwtSettings): HeadCheck {
  const algorithms = settings.algorithms.filter((name) => name.toLowerCase() !== 'none');
  const options: JWTVerifyOptions = {
    clockTolerance: settings.clockSkewMs / 1000,
    ...(settings.issuer === undefined ? {} : { issuer: settings.issuer }),
    ...(settings.audience === undefined ? {} : { audience: settings.audience }),
  };
  const keys = settings.keys.map((text) => staticKey(text, algorithms));
  if (settings.jwksUrl !== undefined) {
    const remote = loadJose().createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: 5_000 });
    keys.push({ key: remote, algorithms: algorithms.filter((name) => !name.startsWith('HS')) });
  }

  return (request, now) => {
    const token = credentialsOf(request.headers.authorization, 'Bearer');
    if (token === undefined || !/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return REFUSED;
    return verifyWithAny(token, keys, { ...options, currentDate: new Date(now) });
  };
}

interface VerifyingKey {
  readonly key: KeyObject | JWTVerifyGetKey;
  readonly algorithms: string[];
}

async function verifyWithAny(
  token: string,
  keys: readonly VerifyingKey[],
  options: JWTVerifyOptions,
): Promise<Verdict> {
  const { jwtVerify } = loadJose();
  let verdict = REFUSED;
  for (const { key, algorithms } of keys) {
    if (algorithms.length === 0) continue;
    try {
      await (typeof key === 'function'
        ? jwtVerify(token, key, { ...options, algorithms })
        : jwtVerify(token, key, { ...options, algorithms }));
      return undefined;
    } catch (thrown) {
      if (typeof key === 'function' && !isTokenFault(thrown)) verdict = NO_KEYS;
    }
  }
  return verdict;
}

function isTokenFault(thrown: unknown): boolean {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return TOKEN_FAULTS.test(code);
}

/** A PEM public key or certificate, a JWK as JSON, or else the text of a shared secret. Throws on a broken PEM or JWK. */
function staticKey(text: string, algorithms: readonly string[]): VerifyingKey {
  const trimmed = text.trim();
  const key = trimmed.startsWith('-----BEGIN')
    ? createPublicKey(trimmed)
    : trimmed.startsWith('{')
      ? keyOfJwk(JSON.parse(trimmed) as webcrypto.JsonWebKey)
      : createSecretKey(text, 'utf8');
  return { key, algorithms: algorithms.filter((name) => fits(key, name)) };
}

function keyOfJwk(jwk: webcrypto.JsonWebKey): KeyObject {
  if (jwk.kty === 'oct') return createSecretKey(Buffer.from(String(jwk['k']), 'base64url'));
  return createPublicKey({ key: jwk, format: 'jwk' });
}

function fits(key: KeyObject, algorithm: string): boolean {
  if (key.type === 'secret') return algorithm.startsWith('HS');
  switch (key.asymmetricKeyType) {
    case 'rsa':
      return algorithm.startsWith('RS') || algorithm.startsWith('PS');
    case 'rsa-pss':
      return algorithm.startsWith('PS');
    case 'ec':
      return (
        algorithm ===
        { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }[
          key.asymmetricKeyDetails?.namedCurve ?? ''
        ]
      );
    case 'ed25519':
      return algorithm === 'EdDSA' || algorithm === 'Ed25519';
    default:
      return false;
  }
}
