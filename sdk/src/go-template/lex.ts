import { GoTemplateError, placesOf } from './error.ts';

export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'space'
  | 'word'
  | 'field'
  | 'variable'
  | 'number'
  | 'char'
  | 'string'
  | 'declare'
  | 'assign'
  | 'pipe'
  | 'comma'
  | 'left'
  | 'right'
  | 'dot'
  | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a `text`, with the trimmed white space gone; of a `string` or `char`, with its quotes. */
  readonly text: string;
  readonly offset: number;
}

/** One alternative per token, in the order in which they are tried. Names are letters, digits and `_` of any script. */
const INSIDE = new RegExp(
  [
    '(?<space>[ \\t\\r\\n]+)',
    '(?<number>[+-]?(?:0[xX][0-9a-fA-F_]*(?:\\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]+)?|0[oO][0-7_]+|0[bB][01_]+|(?:[0-9][0-9_]*(?:\\.[0-9_]*)?|\\.[0-9][0-9_]*)(?:[eE][+-]?[0-9_]+)?))',
    '(?<field>\\.[\\p{L}\\p{Nd}_]+)',
    '(?<variable>\\$[\\p{L}\\p{Nd}_]*)',
    '(?<word>[\\p{L}_][\\p{L}\\p{Nd}_]*)',
    '(?<string>"(?:[^"\\\\\\n]|\\\\.)*"|`[^`]*`)',
    "(?<char>'(?:[^'\\\\\\n]|\\\\.)+')",
    '(?<declare>:=)',
    '(?<assign>=)',
    '(?<pipe>\\|)',
    '(?<comma>,)',
    '(?<left>\\()',
    '(?<right>\\))',
    '(?<dot>\\.)',
  ].join('|'),
  'uy',
);
const CLOSE = /[ \t\r\n]-\}\}|\}\}/y;
const COMMENT = /\{\{(?:-[ \t\r\n]+)?\/\*/y;
const COMMENT_END = /\*\/(?:[ \t\r\n]+-)?\}\}/y;
const TRIM_START = /\{\{-(?=[ \t\r\n])/y;
const LEADING = /^[ \t\r\n]+/;
const TRAILING = /[ \t\r\n]+$/;
/** What may follow a name, a field, a variable or a number. */
const TERMINATOR = /[ \t\r\n.,|:()=]|\}\}|$/y;

/**
 * Splits a template into text and the tokens of its actions; trim markers and comments are gone. Ends with `end`.
 * https://pkg.go.dev/text/template#hdr-Text_and_spaces
 *
 * @throws GoTemplateError for an action that does not end, or a character that can't stand where it does.
 */
export function lex(source: string, name: string): readonly Token[] {
  const tokens: Token[] = [];
  const fail = (offset: number, reason: string): never => {
    throw new GoTemplateError(placesOf(source, name)(offset), reason);
  };
  let at = 0;
  let trims = false;
  while (at < source.length) {
    const found = source.indexOf('{{', at);
    const end = found === -1 ? source.length : found;
    const trimsBefore = found !== -1 && matchAt(TRIM_START, source, found) !== undefined;
    let text = source.slice(at, end);
    if (trims) text = text.replace(LEADING, '');
    if (trimsBefore) text = text.replace(TRAILING, '');
    if (text !== '') tokens.push({ kind: 'text', text, offset: at });
    if (found === -1) break;
    const comment = matchAt(COMMENT, source, found);
    if (comment !== undefined) {
      const stop = source.indexOf('*/', found + comment.length);
      if (stop === -1) fail(found, 'this comment does not end');
      const closing = matchAt(COMMENT_END, source, stop);
      if (closing === undefined) return fail(stop, 'a comment must end with */ right before the }}');
      trims = closing.includes('-');
      at = stop + closing.length;
      continue;
    }
    tokens.push({ kind: 'open', text: '{{', offset: found });
    const inside = lexInside(source, found + (trimsBefore ? 3 : 2), tokens, fail);
    trims = inside.trims;
    at = inside.end;
  }
  tokens.push({ kind: 'end', text: '', offset: source.length });
  return tokens;
}

function lexInside(
  source: string,
  start: number,
  tokens: Token[],
  fail: (offset: number, reason: string) => never,
): { end: number; trims: boolean } {
  let at = start;
  let depth = 0;
  for (;;) {
    const close = matchAt(CLOSE, source, at);
    if (close !== undefined) {
      if (depth > 0) fail(at, 'a closing parenthesis is missing');
      tokens.push({ kind: 'close', text: close, offset: at });
      return { end: at + close.length, trims: close.length > 2 };
    }
    if (at >= source.length) fail(start, 'this action does not end: }} is missing');
    INSIDE.lastIndex = at;
    const groups = INSIDE.exec(source)?.groups;
    const [kind, text] = Object.entries(groups ?? {}).find(([, matched]) => matched !== undefined) ?? [];
    if (kind === undefined || text === undefined) return fail(at, problemAt(source[at]!));
    depth += kind === 'left' ? 1 : kind === 'right' ? -1 : 0;
    if (depth < 0) fail(at, 'this parenthesis was not opened');
    tokens.push({ kind: kind as TokenKind, text, offset: at });
    at += text.length;
    const isName = ['word', 'field', 'variable', 'number'].includes(kind);
    if (isName && matchAt(TERMINATOR, source, at) === undefined) fail(at, problemAt(source[at]!));
  }
}

function problemAt(character: string): string {
  if (['"', "'", '`'].includes(character)) return 'this quoted text does not end';
  return `this character can’t stand here: ${JSON.stringify(character)}`;
}

function matchAt(pattern: RegExp, source: string, offset: number): string | undefined {
  pattern.lastIndex = offset;
  return pattern.exec(source)?.[0];
}
