import { GoTemplateError, type TemplatePlace } from './error.ts';
import type { Token, TokenKind } from './lex.ts';
import type { Definition } from './node.ts';

/** Actions within actions, and parentheses within parentheses. */
const MAX_NESTING = 100;

/** The state of one reading; `at` moves over the tokens. */
export interface Parsing {
  readonly name: string;
  readonly placeAt: (offset: number) => TemplatePlace;
  readonly tokens: readonly Token[];
  readonly functions: ReadonlySet<string>;
  at: number;
  nesting: number;
  /** Names that are declared where the reader is; the first is `$`. */
  variables: string[];
  ranges: number;
  readonly definitions: Map<string, Definition>;
}

export function peek(parsing: Parsing): Token {
  return parsing.tokens[parsing.at]!;
}

/** Never runs off the list: its last token is `end`. */
export function next(parsing: Parsing): Token {
  const token = peek(parsing);
  if (token.kind !== 'end') parsing.at++;
  return token;
}

export function skipSpace(parsing: Parsing): void {
  if (peek(parsing).kind === 'space') parsing.at++;
}

export function expect(parsing: Parsing, kind: TokenKind, where: string): void {
  const token = next(parsing);
  if (token.kind !== kind) failAt(parsing, token, `unexpected ${describe(token)} ${where}`);
}

/** One level deeper; bounded, because the reader and the evaluator follow it by recursion. */
export function enter(parsing: Parsing, token: Token): void {
  if (++parsing.nesting > MAX_NESTING) failAt(parsing, token, `expected at most ${MAX_NESTING} levels`);
}

export function describe(token: Token): string {
  return token.kind === 'end' ? 'end of the template' : JSON.stringify(token.text);
}

export function failAt(parsing: Parsing, token: Token, reason: string): never {
  throw new GoTemplateError(parsing.placeAt(token.offset), reason);
}
