import { createHash } from 'node:crypto';

/** What two sides compare: they hold the same when both values are equal, in whatever order each gave its rows. */
export interface Summary {
  readonly rows: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

export interface Digest {
  /** @param text one row or record in its canonical spelling. */
  add(text: string): void;
  summary(): Summary;
}

const BITS = 256;

/**
 * The sum of the SHA-256 of every row, modulo 2^256. A sum does not mind the order; nor would an exclusive-or, but that
 * would not notice a row that is there twice.
 *
 * @see Bellare, Micciancio: A New Paradigm for Collision-Free Hashing (1997), "AdHASH". It guards against mistakes, not against forgers.
 */
export function createDigest(): Digest {
  let rows = 0;
  let sum = 0n;
  return {
    add(text) {
      rows += 1;
      sum = BigInt.asUintN(BITS, sum + BigInt(`0x${hashText(text)}`));
    },
    summary: () => ({ rows, hash: sum.toString(16).padStart(BITS / 4, '0') }),
  };
}

export function hashText(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
