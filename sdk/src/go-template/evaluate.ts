import { GoFunctionError, GoTemplateError, type TemplatePlace } from './error.ts';
import {
  checkFit,
  countProblem,
  parameterAt,
  type CallContext,
  type Functions,
  type GoFunction,
} from './function.ts';
import { fieldOf } from './field.ts';
import { methodOf } from './methods.ts';
import type { Branch, Command, Definitions, Node, Pipeline, Term } from './node.ts';
import { constantFor } from './constant.ts';
import { isTrue, sortedKeys, typeOf, type GoValue } from './value.ts';
import type { Writer } from './writer.ts';

/** Calls of templates within templates. */
const MAX_DEPTH = 100;
const CHARACTERS_PER_STEP = 64;

/** One rendering. */
export interface Evaluation {
  readonly definitions: Definitions;
  readonly functions: Functions;
  readonly context: CallContext;
  readonly writer: Writer;
}

/** What an action may see: `dot`, and the variables from the outermost to the innermost. */
interface Frame {
  readonly dot: GoValue;
  readonly variables: Variable[];
  readonly depth: number;
}

interface Variable {
  readonly name: string;
  value: GoValue;
}

type Leap = 'break' | 'continue' | undefined;

/**
 * Renders a body with `data` as its dot, into the writer.
 *
 * @throws GoTemplateError with the place of the action that failed, or that was one too many.
 */
export function evaluate(evaluation: Evaluation, body: readonly Node[], data: GoValue): void {
  runList(evaluation, body, { dot: data, variables: [{ name: '$', value: data }], depth: 0 });
}

function runList(evaluation: Evaluation, body: readonly Node[], frame: Frame): Leap {
  for (const node of body) {
    const leap = runNode(evaluation, node, frame);
    if (leap !== undefined) return leap;
  }
  return undefined;
}

function runNode(evaluation: Evaluation, node: Node, frame: Frame): Leap {
  if (node.kind === 'text') {
    evaluation.writer.text(node.text);
    return undefined;
  }
  return guard(node.place, () => {
    evaluation.context.spend();
    switch (node.kind) {
      case 'action':
        return runAction(evaluation, node.pipeline, frame);
      case 'if':
      case 'with':
        return runBranch(evaluation, node, frame);
      case 'range':
        return runRange(evaluation, node, frame);
      case 'template':
        return runTemplate(evaluation, node, frame);
      case 'break':
      case 'continue':
        return node.kind;
    }
  });
}

/** Gives an error of a function the place of the innermost part of the template around it. */
function guard<T>(place: TemplatePlace, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof GoFunctionError) throw new GoTemplateError(place, error.message);
    throw error;
  }
}

function runAction(evaluation: Evaluation, pipeline: Pipeline, frame: Frame): undefined {
  const value = valueOfPipeline(evaluation, pipeline, frame);
  if (pipeline.variables.length > 0) return;
  if (evaluation.writer.isHtml) checkEscapers(pipeline);
  const first = pipeline.commands.at(-1)?.terms[0];
  evaluation.writer.value(value, first?.kind === 'function' ? first.name : undefined);
}

/** What follows such a function would undo it. */
function checkEscapers(pipeline: Pipeline): void {
  for (const { terms } of pipeline.commands.slice(0, -1)) {
    const [first] = terms;
    if (first?.kind === 'function' && ['html', 'urlquery'].includes(first.name)) {
      throw new GoFunctionError(`in HTML, ${first.name} can only stand at the end of an action`);
    }
  }
}

function runBranch(evaluation: Evaluation, node: Branch & { kind: Node['kind'] }, frame: Frame): Leap {
  const declared = frame.variables.length;
  const value = valueOfPipeline(evaluation, node.pipeline, frame);
  const inner = node.kind === 'with' ? { ...frame, dot: value } : frame;
  const leap = isTrue(value)
    ? runList(evaluation, node.body, inner)
    : runList(evaluation, node.otherwise, frame);
  frame.variables.length = declared;
  return leap;
}

/** Over lists, maps in the order of their keys, and whole numbers from 0. */
function runRange(evaluation: Evaluation, node: Branch, frame: Frame): Leap {
  const declared = frame.variables.length;
  const { variables } = node.pipeline;
  const value = valueOfPipeline(evaluation, node.pipeline, frame);
  if (typeof value === 'bigint' && variables.length > 1) {
    throw new GoFunctionError('a range over a number has one variable');
  }
  let isEmpty = true;
  for (const [index, item] of itemsOf(value)) {
    evaluation.context.spend();
    isEmpty = false;
    const within = frame.variables.length;
    const values = variables.length > 1 ? [index, item] : [item];
    variables.forEach((name, at) => {
      if (node.pipeline.assigns) assign(frame, name, values[at]!);
      else frame.variables.push({ name, value: values[at]! });
    });
    const leap = runList(evaluation, node.body, { ...frame, dot: item });
    frame.variables.length = within;
    if (leap === 'break') break;
  }
  const leap = isEmpty ? runList(evaluation, node.otherwise, frame) : undefined;
  frame.variables.length = declared;
  return leap;
}

function* itemsOf(value: GoValue): Iterable<readonly [GoValue, GoValue]> {
  if (value === null) return;
  if (typeof value === 'bigint') {
    for (let at = 0n; at < value; at++) yield [null, at];
  } else if (typeof value === 'object' && value.kind === 'list') {
    for (const [index, item] of value.items.entries()) yield [BigInt(index), item];
  } else if (typeof value === 'object' && value.kind === 'map') {
    for (const key of sortedKeys(value)) yield [key, value.entries.get(key) ?? null];
  } else {
    throw new GoFunctionError(`range needs a list, a map or a whole number, not ${typeOf(value)}`);
  }
}

function runTemplate(evaluation: Evaluation, node: Node & { kind: 'template' }, frame: Frame): undefined {
  const definition = evaluation.definitions.get(node.name);
  if (definition === undefined) {
    throw new GoFunctionError(`there is no template ${JSON.stringify(node.name)}`);
  }
  if (frame.depth >= MAX_DEPTH) {
    throw new GoFunctionError(`templates may call each other ${MAX_DEPTH} times deep`);
  }
  const declared = frame.variables.length;
  const dot = node.pipeline === undefined ? null : valueOfPipeline(evaluation, node.pipeline, frame);
  frame.variables.length = declared;
  runList(evaluation, definition.body, {
    dot,
    variables: [{ name: '$', value: dot }],
    depth: frame.depth + 1,
  });
}

function valueOfPipeline(evaluation: Evaluation, pipeline: Pipeline, frame: Frame): GoValue {
  let value: GoValue | undefined;
  for (const command of pipeline.commands) {
    value = valueOfCommand(evaluation, command, frame, value);
  }
  const result = value ?? null;
  // A range gives its variables their values by itself, item by item.
  if (pipeline.variables.length === 1) {
    const [name] = pipeline.variables;
    if (pipeline.assigns) assign(frame, name!, result);
    else frame.variables.push({ name: name!, value: result });
  }
  return result;
}

function assign(frame: Frame, name: string, value: GoValue): void {
  const variable = frame.variables.findLast((one) => one.name === name);
  if (variable === undefined) throw new GoFunctionError(`there is no variable ${name}`);
  variable.value = value;
}

/** `final` is what the stage before it yields; it becomes the last argument. */
function valueOfCommand(
  evaluation: Evaluation,
  command: Command,
  frame: Frame,
  final: GoValue | undefined,
): GoValue {
  evaluation.context.spend();
  const rest = command.terms.slice(1);
  const first = command.terms[0]!;
  return guard(first.place, () => {
    if (first.kind === 'function') return callByName(evaluation, first.name, rest, frame, final);
    const names = 'names' in first ? first.names : [];
    if (names.length > 0) {
      const base = valueOfTerm(evaluation, { ...first, names: names.slice(0, -1) } as Term, frame);
      return member(evaluation, base, names.at(-1)!, { arguments: rest, frame, final });
    }
    if (rest.length > 0 || final !== undefined) {
      throw new GoFunctionError('arguments stand after something that is no function');
    }
    return valueOfTerm(evaluation, first, frame);
  });
}

interface Given {
  readonly arguments: readonly Term[];
  readonly frame: Frame;
  readonly final: GoValue | undefined;
}

/** A method, else a field or key; only a method takes arguments. */
function member(evaluation: Evaluation, base: GoValue, name: string, given: Given): GoValue {
  const method = methodOf(base, name);
  if (method) return call(evaluation, name, method, given);
  if (given.arguments.length > 0 || given.final !== undefined) {
    throw new GoFunctionError(`${name} has arguments but is no method of ${typeOf(base)}`);
  }
  return fieldOf(base, name);
}

function valueOfTerm(evaluation: Evaluation, term: Term, frame: Frame): GoValue {
  const none: Given = { arguments: [], frame, final: undefined };
  const follow = (base: GoValue, names: readonly string[]): GoValue =>
    names.reduce((value, name) => member(evaluation, value, name, none), base);
  switch (term.kind) {
    case 'dot':
      return frame.dot;
    case 'nil':
      throw new GoFunctionError('nil can’t stand alone');
    case 'bool':
      return term.value;
    case 'string':
      return term.text;
    case 'number':
      return constantFor(term, 'any');
    case 'field':
      return follow(frame.dot, term.names);
    case 'variable': {
      const variable = frame.variables.findLast(({ name }) => name === term.name);
      return follow(variable?.value ?? null, term.names);
    }
    case 'chain':
      return follow(valueOfTerm(evaluation, term.of, frame), term.names);
    case 'pipeline': {
      const declared = frame.variables.length;
      const value = valueOfPipeline(evaluation, term.pipeline, frame);
      frame.variables.length = declared;
      return value;
    }
    case 'function':
      return callByName(evaluation, term.name, [], frame, undefined);
  }
}

function callByName(
  evaluation: Evaluation,
  name: string,
  terms: readonly Term[],
  frame: Frame,
  final: GoValue | undefined,
): GoValue {
  const known = evaluation.functions[name];
  if (known === undefined) throw new GoFunctionError(`there is no function ${JSON.stringify(name)}`);
  const given: Given = { arguments: terms, frame, final };
  return name === 'and' || name === 'or'
    ? decide(evaluation, name, known, given)
    : call(evaluation, name, known, given);
}

/** `and` stops at the first argument that is false, `or` at the first that is true; the rest is not evaluated. */
function decide(evaluation: Evaluation, name: 'and' | 'or', known: GoFunction, given: Given): GoValue {
  checkCount(name, known, given);
  let value: GoValue = null;
  for (const term of given.arguments) {
    value = argument(evaluation, term, known, 0, given.frame);
    if (isTrue(value) === (name === 'or')) return value;
  }
  return given.final === undefined ? value : given.final;
}

function call(evaluation: Evaluation, name: string, known: GoFunction, given: Given): GoValue {
  checkCount(name, known, given);
  const values = given.arguments.map((term, index) => argument(evaluation, term, known, index, given.frame));
  if (given.final !== undefined) values.push(checkFit(given.final, parameterAt(known, values.length)));
  try {
    charge(evaluation, values);
    const value = known.call(values, evaluation.context);
    charge(evaluation, [value]);
    return value;
  } catch (error) {
    if (error instanceof GoFunctionError) throw new GoFunctionError(`${name}: ${error.message}`);
    throw error;
  }
}

/** Characters and items that go in and out of a function cost steps, or a loop could double a text until nothing is left. */
function charge({ context }: Evaluation, values: readonly GoValue[]): void {
  for (const value of values) {
    if (typeof value === 'string') context.spend(Math.ceil(value.length / CHARACTERS_PER_STEP));
    else if (value !== null && typeof value === 'object' && value.kind === 'list') {
      context.spend(value.items.length);
    }
  }
}

function checkCount(name: string, known: GoFunction, { arguments: terms, final }: Given): void {
  const problem = countProblem(known, terms.length + (final === undefined ? 0 : 1));
  if (problem !== undefined) throw new GoFunctionError(`${name}: ${problem}`);
}

function argument(
  evaluation: Evaluation,
  term: Term,
  known: GoFunction,
  index: number,
  frame: Frame,
): GoValue {
  evaluation.context.spend();
  const parameter = parameterAt(known, index);
  return guard(term.place, () => {
    if (term.kind === 'number') return constantFor(term, parameter);
    if (term.kind === 'nil') return checkFit(null, parameter);
    return checkFit(valueOfTerm(evaluation, term, frame), parameter);
  });
}
