import { malformed, placeOf, type Decoded } from './text.ts';
import { isSuspicious, sanitise } from '../sanitise.ts';
import { problem } from '../problem.ts';

/** JSON (RFC 8259), sanitised; the walk over the tree is left out where the text can't hold anything to clean. `isAscii`: when known. */
export function decodeJson(text: string, depth: number, isAscii = false): Decoded<unknown> {
  if (isTooDeep(text, depth)) {
    return { problem: problem('too_deep', `The body is nested deeper than ${depth} levels.`) };
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (thrown) {
    return malformed(`The body is not valid JSON${placeIn(text, thrown)}.`);
  }
  return isSuspicious(text, isAscii) ? sanitise(value, depth) : { value };
}

/**
 * Nesting of brackets outside of strings, in one pass over the text and before the parser builds anything. Most bodies have fewer
 * brackets than levels allowed, so that counting them settles it.
 */
function isTooDeep(text: string, depth: number): boolean {
  if (hasAtMost(text, '{', '[', depth)) return false;
  let level = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 0x5c) index++;
      else if (code === 0x22) inString = false;
    } else if (code === 0x22) inString = true;
    else if ((code | 0x20) === 0x7b && ++level > depth) return true;
    else if ((code | 0x20) === 0x7d) level--;
  }
  return false;
}

/** Native searches: a loop over all characters would cost as much as parsing them. */
function hasAtMost(text: string, one: string, other: string, limit: number): boolean {
  let count = 0;
  for (let at = text.indexOf(one); at !== -1; at = text.indexOf(one, at + 1))
    if (++count > limit) return false;
  for (let at = text.indexOf(other); at !== -1; at = text.indexOf(other, at + 1))
    if (++count > limit) return false;
  return true;
}

/** The engine's message quotes the body, so only the position is taken from it. */
function placeIn(text: string, thrown: unknown): string {
  const position = thrown instanceof Error ? /at position (\d+)/.exec(thrown.message)?.[1] : undefined;
  return position === undefined
    ? ': it ends too early or is not JSON at all'
    : ` at ${placeOf(text, Number(position))}`;
}
