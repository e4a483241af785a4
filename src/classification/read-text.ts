import { RE2JS, RE2Set } from 're2js';
import { FUSED_PRODUCTION, isFusedProduction } from './fused-production.ts';
import type { Rule } from './rules.ts';
import { hasPhraseAt, splitPhrase, splitWords, type Word } from './words.ts';

/** What looks for a list of rules in a text; made once. */
export interface TextReader {
  /** By their first word; longer ones first, then in the order of the rules. */
  readonly phrases: ReadonlyMap<string, readonly Phrase[]>;
  readonly patterns: readonly Pattern[];
  /** All patterns in one automaton, so that a hundred of them cost little more than one; it tells which are worth a look. */
  readonly anyPattern: RE2Set | undefined;
}

type ReadRule = Pick<
  Rule,
  'id' | 'says' | 'words' | 'pattern' | 'when' | 'position' | 'is_ordinary' | 'is_final'
>;

/** Whether the expression of a rule holds for the namespace; only asked of rules that have one. */
export type Holds = (rule: string) => boolean;

interface Phrase {
  readonly words: readonly string[];
  readonly rule: ReadRule;
}

interface Pattern {
  readonly expression: RE2JS;
  readonly rule: ReadRule;
}

/** What one rule found in a text. */
export interface Statement {
  readonly rule: string;
  readonly says: string;
  /** The words as they were written, in lower case. */
  readonly input: string;
  readonly isFinal: boolean;
  /** Why it is not heard, when it is not. */
  readonly why?: string;
}

interface Found extends Statement {
  /** Indexes of words; of a pattern, all that it touches. */
  readonly from: number;
  readonly to: number;
  readonly isOrdinary: boolean;
}

/** What stands for `nothing` and is never reported. */
const NOTHING = 'nothing';

export function createTextReader(rules: readonly ReadRule[]): TextReader {
  const phrases = new Map<string, Phrase[]>();
  for (const rule of rules) {
    for (const text of rule.words ?? []) {
      const words = splitPhrase(text);
      const [first] = words;
      if (first !== undefined) phrases.getOrInsertComputed(first, () => []).push({ words, rule });
    }
  }
  for (const list of phrases.values()) list.sort((left, right) => right.words.length - left.words.length);
  const patterns = rules.flatMap((rule) =>
    rule.pattern === undefined ? [] : [{ expression: RE2JS.compile(rule.pattern), rule }],
  );
  return { phrases, patterns, anyPattern: combine(patterns) };
}

function combine(patterns: readonly Pattern[]): RE2Set | undefined {
  if (patterns.length === 0) return undefined;
  const set = new RE2Set();
  for (const { expression } of patterns) set.add(expression.pattern());
  set.compile();
  return set;
}

/**
 * Everything that is said in a text. A phrase covers its words, so that `pre-prod` is not `prod` as well; a pattern speaks for all
 * that it touches, except that production words in it are still heard. `matched` gets the ids of all rules that found
 * something, those that say `nothing` included. Rules whose expression does not hold are not there.
 */
export function readText(
  reader: TextReader,
  source: string,
  holds: Holds,
  matched?: Set<string>,
): readonly Statement[] {
  const text = source.toLowerCase();
  const words = splitWords(text);
  const found = findPhrases(reader, words, text, holds, matched);
  const patterns = findPatterns(reader, words, text, holds, matched);
  const all =
    patterns.length === 0
      ? found
      : [
          ...patterns.filter(({ says }) => says !== NOTHING),
          ...found.map((one) => behindPattern(one, patterns)),
        ];
  return all.length < 2 ? all : all.map((one) => behindStronger(one, all, words));
}

function findPhrases(
  { phrases }: TextReader,
  words: readonly Word[],
  text: string,
  holds: Holds,
  matched?: Set<string>,
): Found[] {
  const found: Found[] = [];
  for (let from = 0; from < words.length; ) {
    const word = words[from]!;
    const phrase =
      phraseAt(phrases.get(word.text), words, from, holds) ??
      phraseAt(phrases.get(word.written), words, from, holds);
    const to = from + (phrase?.words.length ?? 1);
    if (phrase) {
      matched?.add(phrase.rule.id);
      if (phrase.rule.says !== NOTHING || phrase.rule.is_final)
        found.push(describe(phrase.rule, words, from, to, text));
    } else if (isFusedProduction(word.text)) {
      const rule = { id: FUSED_PRODUCTION, says: 'production' };
      found.push(describe(rule, words, from, to, text));
    }
    from = to;
  }
  return found;
}

function phraseAt(
  candidates: readonly Phrase[] | undefined,
  words: readonly Word[],
  from: number,
  holds: Holds,
): Phrase | undefined {
  return candidates?.find(
    ({ words: wanted, rule }) =>
      hasPhraseAt(words, from, wanted) &&
      standsAt(rule.position, words, from, from + wanted.length) &&
      isThere(rule, holds),
  );
}

function isThere({ id, when }: ReadRule, holds: Holds): boolean {
  return when === undefined || holds(id);
}

function standsAt(position: Rule['position'], words: readonly Word[], from: number, to: number): boolean {
  if (position === 'first') return words.slice(0, from).every(({ isQualifier }) => isQualifier);
  if (position === 'last') return words.slice(to).every(({ isQualifier }) => isQualifier);
  return true;
}

function findPatterns(
  { patterns, anyPattern }: TextReader,
  words: readonly Word[],
  text: string,
  holds: Holds,
  matched?: Set<string>,
): Found[] {
  const hits = anyPattern?.match(text);
  if (hits === undefined || hits.length === 0) return [];
  return hits
    .sort((left, right) => left - right)
    .filter((index) => isThere(patterns[index]!.rule, holds))
    .map((index) => {
      const { expression, rule } = patterns[index]!;
      matched?.add(rule.id);
      const matcher = expression.matcher(text);
      matcher.find();
      const [start, end] = [matcher.start(), matcher.end()];
      const touched = words.flatMap((word, at) => (word.start < end && word.end > start ? [at] : []));
      const from = touched[0] ?? 0;
      return describe(rule, words, from, (touched.at(-1) ?? from) + 1, text);
    });
}

function describe(rule: ReadRule, words: readonly Word[], from: number, to: number, text: string): Found {
  const input = text.slice(words[from]?.start ?? 0, words[to - 1]?.end ?? text.length);
  const { id, says, is_ordinary: isOrdinary = false, is_final: isFinal = false } = rule;
  return { rule: id, says, input, isFinal, isOrdinary, from, to };
}

function behindPattern(one: Found, patterns: readonly Found[]): Found {
  const pattern = patterns.find(({ from, to }) => from <= one.from && one.to <= to);
  if (!pattern || one.says === 'production' || one.isFinal) return one;
  return { ...one, why: `it is part of what the rule ${pattern.rule} matched` };
}

/** An ordinary word directly before another word may belong to it: `test-kitchen-dev` is a kitchen in development. */
function behindStronger(one: Found, all: readonly Found[], words: readonly Word[]): Found {
  if (!one.isOrdinary || one.why !== undefined) return one;
  const next = words[one.to];
  if (next === undefined || next.isQualifier || all.some(({ from }) => from === one.to)) return one;
  const stronger = all.find(
    ({ isOrdinary, says, why }) => !isOrdinary && says !== 'production' && why === undefined,
  );
  if (!stronger) return one;
  return {
    ...one,
    why: `it may belong to "${next.written}", and "${stronger.input}" can only mean an environment`,
  };
}
