import type { Token } from './lex.ts';
import type { Command, Pipeline, Term } from './node.ts';
import { describe, enter, failAt, next, peek, skipSpace, type Parsing } from './parsing.ts';
import { readCharacter, readNumber, readString } from './read-constant.ts';

/** Reads up to the `}}` or `)` that ends it, which stays. `range` may declare two variables, the others one. */
export function parsePipeline(parsing: Parsing, keyword: string): Pipeline {
  skipSpace(parsing);
  const first = peek(parsing);
  const place = parsing.placeAt(first.offset);
  const { variables, assigns } = parseVariables(parsing, keyword);
  const commands: Command[] = [];
  do {
    commands.push(parseCommand(parsing, keyword));
  } while (consume(parsing, 'pipe'));
  commands.slice(1).forEach((command) => checkStage(parsing, command, first));
  if (!assigns) parsing.variables.push(...variables);
  return { variables, assigns, commands, place };
}

function consume(parsing: Parsing, kind: Token['kind']): boolean {
  if (peek(parsing).kind !== kind) return false;
  parsing.at++;
  return true;
}

/** `$x :=`, `$x =`, and in a range `$i, $x :=`; anything else is left for the first command. */
function parseVariables(parsing: Parsing, keyword: string): { variables: string[]; assigns: boolean } {
  const start = parsing.at;
  const variables: string[] = [];
  const most = keyword === 'range' ? 2 : 1;
  for (;;) {
    const token = peek(parsing);
    if (token.kind !== 'variable') break;
    parsing.at++;
    variables.push(token.text);
    skipSpace(parsing);
    const { kind } = peek(parsing);
    if (kind === 'declare' || kind === 'assign') {
      parsing.at++;
      if (kind === 'assign') variables.forEach((name) => checkVariable(parsing, name, token));
      return { variables, assigns: kind === 'assign' };
    }
    if (kind !== 'comma') break;
    if (variables.length >= most) failAt(parsing, token, `too many variables in ${keyword}`);
    parsing.at++;
    skipSpace(parsing);
  }
  parsing.at = start;
  return { variables: [], assigns: false };
}

/** A later stage gets the value before it as its last argument, so it has to be something that takes one. */
function checkStage(parsing: Parsing, { terms: [first] }: Command, token: Token): void {
  if (!first || !['bool', 'dot', 'nil', 'number', 'string'].includes(first.kind)) return;
  failAt(parsing, token, 'what stands after | must be a function, a method or a field');
}

function parseCommand(parsing: Parsing, keyword: string): Command {
  skipSpace(parsing);
  const place = parsing.placeAt(peek(parsing).offset);
  const terms: Term[] = [];
  for (;;) {
    skipSpace(parsing);
    const token = peek(parsing);
    if (['close', 'right', 'pipe'].includes(token.kind)) break;
    const term = parseOperand(parsing);
    if (term === undefined) failAt(parsing, token, `unexpected ${describe(token)} in this action`);
    else terms.push(term);
    const after = peek(parsing);
    if (!['space', 'close', 'right', 'pipe'].includes(after.kind)) {
      failAt(parsing, after, `unexpected ${describe(after)} right after an argument`);
    }
  }
  if (terms.length === 0) failAt(parsing, peek(parsing), `a value is missing for ${keyword}`);
  return { terms, place };
}

/** A term with the fields that follow it without a space: `(index .Alerts 0).Labels.team`. */
function parseOperand(parsing: Parsing): Term | undefined {
  const token = peek(parsing);
  const term = parseTerm(parsing);
  if (term === undefined) return undefined;
  const names: string[] = [];
  while (peek(parsing).kind === 'field') names.push(next(parsing).text.slice(1));
  if (names.length === 0) return term;
  if (term.kind === 'field') return { ...term, names: [...term.names, ...names] };
  if (term.kind === 'variable') return { ...term, names: [...term.names, ...names] };
  if (['bool', 'string', 'number', 'nil', 'dot'].includes(term.kind)) {
    return failAt(parsing, token, 'this value has no fields');
  }
  return { kind: 'chain', of: term, names, place: term.place };
}

function parseTerm(parsing: Parsing): Term | undefined {
  const token = next(parsing);
  const place = parsing.placeAt(token.offset);
  switch (token.kind) {
    case 'word':
      return parseWord(parsing, token);
    case 'dot':
      return { kind: 'dot', place };
    case 'field':
      return { kind: 'field', names: [token.text.slice(1)], place };
    case 'variable':
      checkVariable(parsing, token.text, token);
      return { kind: 'variable', name: token.text, names: [], place };
    case 'number':
    case 'char': {
      const number = token.kind === 'char' ? readCharacter(token.text) : readNumber(token.text);
      return number ? { ...number, place } : failAt(parsing, token, 'this is not a number');
    }
    case 'string': {
      const text = readString(token.text);
      if (text === undefined) return failAt(parsing, token, 'this text has an escape that Go does not know');
      return { kind: 'string', text, place };
    }
    case 'left': {
      enter(parsing, token);
      const pipeline = parsePipeline(parsing, 'parentheses');
      const closing = next(parsing);
      if (closing.kind !== 'right')
        failAt(parsing, closing, `unexpected ${describe(closing)} in parentheses`);
      parsing.nesting--;
      return { kind: 'pipeline', pipeline, place };
    }
    default:
      return undefined;
  }
}

function parseWord(parsing: Parsing, token: Token): Term {
  const place = parsing.placeAt(token.offset);
  if (token.text === 'true' || token.text === 'false') {
    return { kind: 'bool', value: token.text === 'true', place };
  }
  if (token.text === 'nil') return { kind: 'nil', place };
  if (!parsing.functions.has(token.text)) {
    failAt(parsing, token, `there is no function ${JSON.stringify(token.text)}`);
  }
  return { kind: 'function', name: token.text, place };
}

function checkVariable(parsing: Parsing, name: string, token: Token): void {
  if (!parsing.variables.includes(name))
    failAt(parsing, token, `there is no variable ${JSON.stringify(name)}`);
}
