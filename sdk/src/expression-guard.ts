import type { ASTNode } from '@marcbachmann/cel-js';
import { RE2JS } from 're2js';
import { pathOf } from './expression-outline.ts';
import { Fault } from './fault.ts';

// CEL ends by construction, but not soon: a comprehension over a comprehension takes the product of both lengths, `x + x` in a
// chain of maps doubles a text each time, and the library has no limit at run time. These guards are the limit.

/** Takes steps from the budget; throws when there are none left. */
export type Spend = (steps: number) => void;

const MAX_NESTING = 2;
const PATTERN_MAX_CHARS = 500;
const PATTERN_MAX_SIZE = 500;
const ARGUMENT_MAX_CHARS = 1_024;
const DURATION_MAX_CHARS = 64;
const TEXT_MAX_CHARS = 1_048_576;
const LIST_MAX_ITEMS = 10_000;

const LOOPS = new Set(['all', 'exists', 'exists_one', 'map', 'filter', 'bind']);
const PATTERN_FUNCTIONS = new Set(['re', 'capture']);
const FORBIDDEN_FIELDS = new Set([
  '__proto__',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** Refuses what could run too long or reach too far, whatever the payload. */
export function checkShape(ast: ASTNode, source: string): void {
  visit(ast, 0);

  function visit(node: ASTNode, nesting: number): void {
    if (node.op === '.' || node.op === '.?') checkField(node.args[1], node);
    if (node.op === 'call') checkCall(node.args[0], node.args[1], node);
    if (node.op === 'rcall') checkCall(node.args[0], node.args[2], node);
    const [outside, inside] = childrenOf(node);
    const deeper = nesting + (inside.length > 0 ? 1 : 0);
    if (deeper > MAX_NESTING) refuse(node, `Loops are nested more than ${MAX_NESTING} deep`);
    for (const child of outside) visit(child, nesting);
    for (const child of inside) visit(child, deeper);
  }

  function checkField(name: string, node: ASTNode): void {
    if (FORBIDDEN_FIELDS.has(name)) refuse(node, `The field ${name} can't be read`);
  }

  function checkCall(name: string, given: readonly ASTNode[], node: ASTNode): void {
    if (name === 'matches') refuse(node, '`matches` may take for ever; use `re`, whose time is linear');
    if (PATTERN_FUNCTIONS.has(name)) checkPattern(given[0], node);
  }

  function checkPattern(pattern: ASTNode | undefined, node: ASTNode): void {
    if (pattern?.op !== 'value' || typeof pattern.args !== 'string') {
      return refuse(node, 'The pattern must be written out as a text');
    }
    if (pattern.args.length > PATTERN_MAX_CHARS)
      refuse(node, `The pattern is longer than ${PATTERN_MAX_CHARS} characters`);
    if (sizeOf(pattern.args) > PATTERN_MAX_SIZE)
      refuse(
        node,
        'The pattern is too large, or no RE2 regular expression (those have no look-around and no back-references)',
      );
  }

  function refuse(node: ASTNode, problem: string): never {
    throw new Fault('SB_CONFIG', `${problem}, at ${positionOf(source, node.start)} of the expression.`);
  }
}

/** The states of the automaton, which each character of a text may pass through. */
function sizeOf(pattern: string): number {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return Infinity;
  }
}

/** Line and column as editors count them, from 1. */
export function positionOf(source: string, offset: number): string {
  const before = source.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

/**
 * Lets a missing field of these maps read as ''. The library would look at the whole map first, and refuse one with a field called `constructor`. To be
 * done after the check, and before the nodes are metered.
 */
export function blank(ast: ASTNode, maps: readonly string[]): void {
  if (maps.length === 0) return;
  const path = pathOf(ast);
  if (path && path.length > 1 && maps.includes(path.slice(0, -1).join('.'))) {
    const variable = variableOf(ast);
    const fields = path.slice(1);
    (ast as Evaluated).evaluate = (evaluator, _, context) => {
      let value = variable.evaluate(evaluator, variable, context);
      for (const field of fields) {
        const isThere = typeof value === 'object' && value !== null && Object.hasOwn(value, field);
        value = isThere ? (value as Readonly<Record<string, unknown>>)[field] : undefined;
      }
      return value ?? '';
    };
  }
  const [outside, inside] = childrenOf(ast);
  for (const child of [...outside, ...inside]) blank(child, maps);
}

function variableOf(ast: ASTNode): Evaluated {
  return ast.op === 'id' ? (ast as Evaluated) : variableOf((ast.args as readonly ASTNode[])[0]!);
}

/** What stops an evaluation; its message never holds data. */
export class ExpressionLimit extends Error {}

/**
 * Makes every node count: one step each time it is evaluated, and more for long values that its parent will read through.
 * The library has no hook for it. It does let a node cache its evaluator in the property `evaluate`, which is what is
 * replaced here: reading gives the metered function, and what the library writes becomes the inner one.
 */
export function meter(ast: ASTNode, spend: Spend): void {
  visit(ast, free);

  function visit(node: ASTNode, price: Price): void {
    measure(node as Evaluated, price, spend);
    const { receiver, argument } = pricesOf(node);
    const [outside, inside] = childrenOf(node);
    for (const [index, child] of outside.entries()) visit(child, index === 0 ? receiver : argument);
    for (const child of inside) visit(child, free);
  }
}

type Price = (value: unknown, spend: Spend) => void;
type Evaluate = (evaluator: unknown, node: unknown, context: unknown) => unknown;
type Evaluated = ASTNode & { evaluate: Evaluate };

function measure(node: Evaluated, price: Price, spend: Spend): void {
  let inner = node.evaluate;
  const metered: Evaluate = (evaluator, self, context) => {
    spend(1);
    const value = inner.call(node, evaluator, self, context);
    checkSize(value);
    price(value, spend);
    return value;
  };
  Object.defineProperty(node, 'evaluate', {
    get: () => metered,
    set(replacement: Evaluate) {
      inner = replacement;
    },
  });
}

function checkSize(value: unknown): void {
  if (typeof value === 'string' && value.length > TEXT_MAX_CHARS) {
    throw new ExpressionLimit(`a text is longer than ${TEXT_MAX_CHARS} characters`);
  }
  if (Array.isArray(value) && value.length > LIST_MAX_ITEMS) {
    throw new ExpressionLimit(`a list has more than ${LIST_MAX_ITEMS} items`);
  }
}

/** Functions that write a value down with all that is in it. */
const FORMATS = new Set(['to_json', 'to_yaml', 'to_xml']);

/** What the parent does with the value of its first child, and of the others. */
function pricesOf(node: ASTNode): { readonly receiver: Price; readonly argument: Price } {
  switch (node.op) {
    case '==':
    case '!=':
    case 'in':
      return { receiver: whole, argument: whole };
    case '+':
      return { receiver: surface, argument: surface };
    case 'call': {
      if (FORMATS.has(node.args[0])) return { receiver: whole, argument: whole };
      return {
        receiver: node.args[0] === 'duration' ? atMost(DURATION_MAX_CHARS) : surface,
        argument: surface,
      };
    }
    case 'rcall':
      return {
        receiver: PATTERN_FUNCTIONS.has(node.args[0]) ? scanned : surface,
        argument: atMost(ARGUMENT_MAX_CHARS),
      };
    default:
      return { receiver: free, argument: free };
  }
}

const free: Price = () => undefined;

/** Read once from end to end. */
const surface: Price = (value, spend) => {
  if (typeof value === 'string') spend(value.length >>> 4);
  else if (Array.isArray(value) || value instanceof Uint8Array) spend(value.length);
  else if (typeof value === 'object' && value !== null) spend(Object.keys(value).length);
};

/** Walked by an automaton. */
const scanned: Price = (value, spend) => {
  if (typeof value === 'string') spend(value.length * 2);
};

/** Searching a long text for a long text takes their product at worst, and parsing a long duration far more. */
const atMost =
  (maxChars: number): Price =>
  (value, spend) => {
    if (typeof value === 'string' && value.length > maxChars) {
      throw new ExpressionLimit(`the argument of a function is longer than ${maxChars} characters`);
    }
    surface(value, spend);
  };

/** Compared with all that is in it. */
const whole: Price = (value, spend) => {
  surface(value, spend);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return;
  for (const item of Array.isArray(value) ? value : Object.values(value)) whole(item, spend);
};

/** The nodes below: those evaluated at most once, and those evaluated once per item of a loop. */
function childrenOf(node: ASTNode): readonly [outside: readonly ASTNode[], inside: readonly ASTNode[]] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [[], []];
    case '.':
    case '.?':
      return [[node.args[0]], []];
    case '!_':
    case '-_':
      return [[node.args], []];
    case 'call':
      return [node.args[1], []];
    case 'rcall': {
      const [name, receiver, given] = node.args;
      return isLoop(name, given) ? [[receiver], given.slice(1)] : [[receiver, ...given], []];
    }
    case 'map':
      return [node.args.flat(), []];
    default:
      return [node.args, []];
  }
}

/** `cel.bind(name, value, body)` is no loop, but nests and multiplies like one. */
function isLoop(name: string, given: readonly ASTNode[]): boolean {
  return LOOPS.has(name) && given.length >= 2 && given[0]?.op === 'id';
}
