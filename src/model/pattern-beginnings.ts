/** More alternatives than this, or longer beginnings, help nobody to find a pattern. */
const MAX_BEGINNINGS = 1_000;
const MAX_CHARS = 32;
/** Flags change what all behind them means, and `\Q` what is a word; such patterns are rare. */
const TOO_CLEVER = /\(\?[^:]|\\Q/;
const SPECIAL = new Set('.+*?()|[]{}^$\\');
const QUANTIFIERS = new Set('?*+{');

/** What a part of a pattern begins with; `isAll` when it matches nothing else than these texts. */
interface Beginnings {
  readonly texts: readonly string[];
  readonly isAll: boolean;
}

/**
 * With which texts everything begins that an anchored RE2 pattern matches, so that many patterns can be filed under them. Undefined when that can't be
 * told, which is never wrong: such a pattern is tried each time. The pattern has to be valid.
 *
 * @example
 * beginningsOf('(?:db|web)-1-[0-9]+'); // ['db-1-', 'web-1-']
 */
export function beginningsOf(pattern: string): readonly string[] | undefined {
  if (TOO_CLEVER.test(pattern)) return undefined;
  const characters = Array.from(pattern);
  const [{ texts }, end] = readAlternatives(characters, 0);
  // `a)|(b` is no pattern by itself, but it is one between the anchors, in Go as well.
  if (end < characters.length || texts.includes('') || texts.length > MAX_BEGINNINGS) return undefined;
  return [...new Set(texts.map((text) => text.slice(0, MAX_CHARS)))];
}

/** Up to the parenthesis that closes what was opened before, or the end. Returns where that is as well. */
function readAlternatives(pattern: readonly string[], from: number): [Beginnings, number] {
  const texts: string[] = [];
  let isAll = true;
  let at = from;
  for (;;) {
    const [found, end] = readSequence(pattern, at);
    texts.push(...found.texts);
    isAll &&= found.isAll;
    if (pattern[end] !== '|') return [{ texts, isAll }, end];
    at = end + 1;
  }
}

/** Takes literal characters and groups of them from the left; of what comes after the first thing that is neither only its end is of interest. */
function readSequence(pattern: readonly string[], from: number): [Beginnings, number] {
  let texts: readonly string[] = [''];
  let isOpen = true;
  let at = from;
  while (at < pattern.length && pattern[at] !== '|' && pattern[at] !== ')') {
    const [item, end] = readItem(pattern, at);
    // Longer ones are cut anyway.
    isOpen &&= texts[0]!.length < MAX_CHARS;
    const isRepeated = QUANTIFIERS.has(pattern[end] ?? '');
    if (isOpen && !isRepeated && texts.length * item.texts.length <= MAX_BEGINNINGS) {
      texts = texts.flatMap((text) => item.texts.map((more) => text + more));
      isOpen = item.isAll;
    } else isOpen = false;
    at = isRepeated ? endOfQuantifier(pattern, end) : end;
  }
  return [{ texts, isAll: isOpen }, at];
}

const UNKNOWN: Beginnings = { texts: [''], isAll: false };

function readItem(pattern: readonly string[], at: number): [Beginnings, number] {
  const char = pattern[at]!;
  if (char === '(') {
    const isPlain = pattern[at + 1] === '?';
    const [inner, end] = readAlternatives(pattern, at + (isPlain ? 3 : 1));
    return [inner, end + 1];
  }
  if (char === '[') return [UNKNOWN, endOfClass(pattern, at)];
  if (char === '\\') {
    const next = pattern[at + 1]!;
    // Before a letter or digit it is a class, a place, or a character by its number.
    const isLiteral = /^[^A-Za-z0-9]$/u.test(next);
    return [isLiteral ? { texts: [next], isAll: true } : UNKNOWN, at + 2];
  }
  return [SPECIAL.has(char) ? UNKNOWN : { texts: [char], isAll: true }, at + 1];
}

/** Behind the bracket; one that stands first in the class belongs to it, and so does a name such as `[:alpha:]`. */
function endOfClass(pattern: readonly string[], from: number): number {
  let at = from + 1;
  if (pattern[at] === '^') at++;
  if (pattern[at] === ']') at++;
  while (at < pattern.length && pattern[at] !== ']') {
    if (pattern[at] === '\\') at += 2;
    else if (pattern[at] === '[' && pattern[at + 1] === ':') at = pattern.indexOf(']', at) + 1;
    else at++;
  }
  return at + 1;
}

function endOfQuantifier(pattern: readonly string[], from: number): number {
  const end = pattern[from] === '{' ? pattern.indexOf('}', from) + 1 : from + 1;
  // Lazy; what is written twice is no RE2.
  return pattern[end] === '?' ? end + 1 : end;
}
