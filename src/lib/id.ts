import { randomFillSync } from 'node:crypto';

/**
 * Makes time-ordered random ids: 48 bits of milliseconds and 80 random bits as 32 hexadecimal digits, so that rows that
 * belong together in time lie together on disk. Draws randomness in blocks, because a draw per id is the dearest part.
 *
 * @example
 * const newId = createIds(() => Date.now());
 * newId(); // '0193f0c2a4b1c93e5f…'
 */
export function createIds(now: () => number): () => string {
  const block = Buffer.alloc(10 * 400);
  let next = block.length;
  return () => {
    if (next === block.length) {
      randomFillSync(block);
      next = 0;
    }
    const random = block.toString('hex', next, next + 10);
    next += 10;
    return now().toString(16).padStart(12, '0') + random;
  };
}
