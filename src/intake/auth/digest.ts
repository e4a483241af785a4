import { hash, timingSafeEqual } from 'node:crypto';

/**
 * SHA-256 of a secret, so that comparing takes the same time whatever was presented, its length included. As the bytes of its
 * hexadecimal digits, which Node.js makes three times as fast as the plain bytes.
 */
export function digestOf(secret: string): Uint8Array {
  return Buffer.from(hash('sha256', secret, 'hex'), 'latin1');
}

/** Whether `presented` is one of the secrets. All are compared, so that time does not tell which one of a rotation matched. */
export function isOneOf(digests: readonly Uint8Array[], presented: string): boolean {
  const digest = digestOf(presented);
  let found = false;
  for (const known of digests) found = timingSafeEqual(known, digest) || found;
  return found;
}
