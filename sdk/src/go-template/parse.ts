import { GoTemplateError, placesOf } from './error.ts';
import { lex, type Token } from './lex.ts';
import { isEmptyBody, type Definition, type Node, type Pipeline } from './node.ts';
import { parsePipeline } from './parse-pipeline.ts';
import { enter, expect, failAt, next, peek, skipSpace, type Parsing } from './parsing.ts';
import { readString } from './read-constant.ts';

/**
 * Reads one template file. The map holds the text outside of any `define` under `name`, and each `define` and `block`.
 *
 * @param functions All functions that may be called; another name is an error, as in Go.
 * @throws GoTemplateError with name, line and column.
 * @example
 * parseTemplate('{{ define "title" }}{{ .Status }}{{ end }}', 'my.tmpl', new Set()).has('title'); // true
 */
export function parseTemplate(
  source: string,
  name: string,
  functions: ReadonlySet<string>,
): ReadonlyMap<string, Definition> {
  const parsing: Parsing = {
    name,
    placeAt: placesOf(source, name),
    tokens: lex(source, name),
    functions,
    at: 0,
    nesting: 0,
    variables: ['$'],
    ranges: 0,
    definitions: new Map(),
  };
  const { body, ended } = parseList(parsing, true);
  if (ended !== undefined) failAt(parsing, ended, `unexpected {{${ended.text}}}`);
  define(parsing, name, { body, place: { name, line: 1, column: 1 } });
  return parsing.definitions;
}

/** Two of the same name in one file are an error unless one is empty (https://pkg.go.dev/text/template#Template.Parse). */
function define(parsing: Parsing, name: string, definition: Definition): void {
  const known = parsing.definitions.get(name);
  if (known === undefined || isEmptyBody(known.body)) parsing.definitions.set(name, definition);
  else if (!isEmptyBody(definition.body)) {
    throw new GoTemplateError(definition.place, `the template ${JSON.stringify(name)} is defined twice`);
  }
}

/** Reads up to `{{end}}` or `{{else`, which is returned and consumed, or up to the end of the file. */
function parseList(parsing: Parsing, isTop: boolean): { body: readonly Node[]; ended?: Token } {
  const body: Node[] = [];
  for (;;) {
    const token = next(parsing);
    if (token.kind === 'end') return { body };
    if (token.kind === 'text') {
      body.push({ kind: 'text', text: token.text });
      continue;
    }
    skipSpace(parsing);
    const word = peek(parsing);
    if (word.kind === 'word' && (word.text === 'end' || word.text === 'else')) {
      parsing.at++;
      return { body, ended: word };
    }
    if (word.kind === 'word' && word.text === 'define') {
      if (!isTop) failAt(parsing, word, 'define can’t stand inside of another action');
      parsing.at++;
      parseDefinition(parsing, word);
      continue;
    }
    body.push(parseAction(parsing, token));
  }
}

function parseAction(parsing: Parsing, open: Token): Node {
  const word = peek(parsing);
  const place = parsing.placeAt(word.offset);
  const keyword = word.kind === 'word' ? word.text : '';
  if (['if', 'with', 'range'].includes(keyword)) {
    parsing.at++;
    return parseBranch(parsing, keyword as 'if' | 'with' | 'range', open);
  }
  if (keyword === 'template' || keyword === 'block') {
    parsing.at++;
    return parseInvocation(parsing, keyword, word);
  }
  if (keyword === 'break' || keyword === 'continue') {
    parsing.at++;
    skipSpace(parsing);
    expect(parsing, 'close', `in {{${keyword}}}`);
    if (parsing.ranges === 0) failAt(parsing, word, `{{${keyword}}} can only stand in a range`);
    return { kind: keyword, place };
  }
  const pipeline = parsePipeline(parsing, 'command');
  expect(parsing, 'close', 'in this action');
  return { kind: 'action', pipeline, place };
}

function parseBranch(parsing: Parsing, kind: 'if' | 'with' | 'range', open: Token): Node {
  const place = parsing.placeAt(open.offset);
  enter(parsing, open);
  const declared = parsing.variables.length;
  const pipeline = parsePipeline(parsing, kind);
  expect(parsing, 'close', `in {{${kind}}}`);
  if (kind === 'range') parsing.ranges++;
  const { body, ended } = parseList(parsing, false);
  if (kind === 'range') parsing.ranges--;
  const otherwise = ended?.text === 'else' ? parseElse(parsing, kind, ended) : [];
  if (ended === undefined) failAt(parsing, open, `{{end}} is missing for this {{${kind}}}`);
  if (ended?.text === 'end') closeWord(parsing, ended);
  parsing.variables.length = declared;
  parsing.nesting--;
  return { kind, pipeline, body, otherwise, place };
}

/** `{{else}}`, or `{{else if …}}` and `{{else with …}}`, which share the `{{end}}` of the first. */
function parseElse(parsing: Parsing, kind: 'if' | 'with' | 'range', word: Token): readonly Node[] {
  skipSpace(parsing);
  const following = peek(parsing);
  if (following.kind === 'word' && following.text === kind && kind !== 'range') {
    parsing.at++;
    return [parseBranch(parsing, kind, following)];
  }
  expect(parsing, 'close', 'after else');
  const { body, ended } = parseList(parsing, false);
  if (ended?.text !== 'end') failAt(parsing, ended ?? word, 'expected {{end}} after {{else}}');
  closeWord(parsing, word);
  return body;
}

function closeWord(parsing: Parsing, word: Token): void {
  skipSpace(parsing);
  expect(parsing, 'close', `after ${word.text}`);
}

function parseDefinition(parsing: Parsing, word: Token): void {
  const name = parseName(parsing, 'define');
  skipSpace(parsing);
  expect(parsing, 'close', 'after the name');
  define(parsing, name, parseOwnBody(parsing, word));
}

/** A body that sees no variable of its surroundings, up to its `{{end}}`. */
function parseOwnBody(parsing: Parsing, word: Token): Definition {
  const outer = { variables: parsing.variables, ranges: parsing.ranges };
  parsing.variables = ['$'];
  parsing.ranges = 0;
  const { body, ended } = parseList(parsing, false);
  if (ended?.text !== 'end') {
    return failAt(parsing, ended ?? word, `{{end}} is missing for this {{${word.text}}}`);
  }
  closeWord(parsing, ended);
  parsing.variables = outer.variables;
  parsing.ranges = outer.ranges;
  return { body, place: parsing.placeAt(word.offset) };
}

/** `{{template "name" pipeline}}`; `{{block …}}` is a definition that is used on the spot. */
function parseInvocation(parsing: Parsing, keyword: 'template' | 'block', word: Token): Node {
  const place = parsing.placeAt(word.offset);
  const name = parseName(parsing, keyword);
  skipSpace(parsing);
  let pipeline: Pipeline | undefined;
  if (keyword === 'block' || peek(parsing).kind !== 'close') pipeline = parsePipeline(parsing, keyword);
  expect(parsing, 'close', `in {{${keyword}}}`);
  if (keyword === 'block') {
    enter(parsing, word);
    define(parsing, name, parseOwnBody(parsing, word));
    parsing.nesting--;
  }
  return { kind: 'template', name, ...(pipeline === undefined ? {} : { pipeline }), place };
}

function parseName(parsing: Parsing, keyword: string): string {
  skipSpace(parsing);
  const token = next(parsing);
  const name = token.kind === 'string' ? readString(token.text) : undefined;
  return name ?? failAt(parsing, token, `expected a name in quotes after ${keyword}`);
}
