const MAX_TEXT = 1_024;
const MAX_WORDS = 64;
const WORD = /[\p{L}\p{N}]+/gu;
const NUMBER = /\p{N}/u;

/**
 * The words of a text as ascending hashes, at most 64 of its first 1,024 characters. What holds a digit is left out: counts, ids and addresses
 * differ where the trouble is the same. Linear in the length of the text.
 */
export function wordsOf(text: string): readonly number[] {
  const found = new Set<number>();
  for (const [word] of text.slice(0, MAX_TEXT).toLowerCase().matchAll(WORD)) {
    if (found.size === MAX_WORDS) break;
    if (!NUMBER.test(word)) found.add(hashOf(word));
  }
  return [...found].toSorted((left, right) => left - right);
}

/** The share of words that two texts have in common (Jaccard's index): 1 for the same words, 0 for none. Two empty texts are alike. */
export function similarityOf(left: readonly number[], right: readonly number[]): number {
  let shared = 0;
  let at = 0;
  for (const word of left) {
    while (at < right.length && right[at]! < word) at++;
    if (right[at] === word) shared++;
  }
  const all = left.length + right.length - shared;
  return all === 0 ? 1 : shared / all;
}

/** 32-bit FNV-1a. */
function hashOf(word: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < word.length; index++)
    hash = Math.imul(hash ^ word.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
