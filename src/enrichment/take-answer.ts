import type { Answer } from './look-up.ts';

/** The longest JSON of one answer, as the SDK promises it. */
export const ANSWER_BYTES = 16 * 1024;
const MAX_DEPTH = 12;

/**
 * Takes over what a source returned: as plain JSON, so that nothing that it holds can change or bite later. What is no map, is too long or too
 * deep is garbage, and said to be.
 */
export function takeAnswer(returned: unknown): Answer {
  if (typeof returned !== 'object' || returned === null || Array.isArray(returned)) {
    return { kind: 'missing', why: 'it answered with something that is not a map' };
  }
  let text: string | undefined;
  try {
    text = JSON.stringify(returned);
  } catch {
    return { kind: 'missing', why: 'it answered with something that is not JSON' };
  }
  const bytes = text === undefined ? 0 : Buffer.byteLength(text);
  if (bytes > ANSWER_BYTES)
    return { kind: 'missing', why: `it answered with more than ${ANSWER_BYTES} bytes` };
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  // `toJSON` may turn a map into anything.
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'missing', why: 'it answered with something that is not a map' };
  }
  if (depthOf(value) > MAX_DEPTH) {
    return { kind: 'missing', why: `it answered with something nested deeper than ${MAX_DEPTH}` };
  }
  return { kind: 'found', value: value as Readonly<Record<string, unknown>>, bytes };
}

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let deepest = 0;
  for (const field of Object.values(value)) {
    deepest = Math.max(deepest, depthOf(field));
    if (deepest > MAX_DEPTH) break;
  }
  return deepest + 1;
}
