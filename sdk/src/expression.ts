import { Environment } from '@marcbachmann/cel-js';
import { createEnvironment } from './expression-functions.ts';
import { blank, checkShape, ExpressionLimit, meter, positionOf, type Spend } from './expression-guard.ts';
import { outlineOf, type Outline } from './expression-outline.ts';
import { toPlain } from './expression-value.ts';
import { Fault, isFault } from './fault.ts';

/** Longer sources are refused; a mapping that needs more is a connector. */
export const EXPRESSION_MAX_CHARS = 4_096;

/** What one evaluation may cost unless a budget is passed; about 20 ms at most. */
export const EXPRESSION_STEPS = 200_000;

/**
 * Steps that evaluations may still take: one per operation, and more where texts, lists and maps are long. Share one
 * between the evaluations of one request, so that many small ones stay bounded, too.
 */
export interface Budget {
  steps: number;
}

/** A type of CEL, such as `string` or `map<string, string>`, or the fields of an object. */
export type VariableType = string | { readonly [field: string]: VariableType };

/** Pass the same object for all expressions of a kind: what is made of it is kept with it. */
export interface ExpressionOptions {
  /**
   * The names that `evaluate` binds. Any other name is an error when the expression is compiled. With types, so are unknown fields and operators that do
   * not take these types.
   */
  readonly variables: readonly string[] | Readonly<Record<string, VariableType>>;
  /** Maps of texts, such as `alert.labels`, in which a missing field reads as ''. `has()`, `in` and `.?` still tell. */
  readonly blank?: readonly string[];
  /** What the result must be. Default: anything. */
  readonly result?: 'bool' | 'string';
}

/** A compiled expression: immutable, without state between evaluations. */
export interface Expression {
  readonly source: string;
  readonly outline: Outline;
  /**
   * Computes the value for these variables, which hold what JSON holds. The result is plain JSON: integers as numbers
   * (as text beyond 2^53), timestamps as RFC 3339, durations as `90s`, bytes as base64, an empty optional as null.
   *
   * @throws Fault `SB_REJECTED`, naming the expression and what went wrong, never the data.
   */
  evaluate(bindings: Readonly<Record<string, unknown>>, budget?: Budget): unknown;
}

/**
 * Compiles a CEL expression (https://github.com/google/cel-spec), the one language of filters, conditions and field
 * mappings (BR-INT-013). It can't loop without end, reach JavaScript, the network or the clock, or run a backtracking
 * regular expression; `matches` is refused in favour of `re`, which takes time linear in the text.
 *
 * Besides CEL's own there are the functions of `expression-functions.ts`: `re`, `lower`, `upper`, `trim`, `split`,
 * `join`, `default` and `rfc3339`. Numbers of a payload are doubles; `+ - * /` take doubles and integers together.
 *
 * @throws Fault `SB_CONFIG` with line and column; the caller knows which field of the configuration it came from.
 *
 * @example
 * const isDown = compileExpression('body.state.lower() in ["down", "critical"]', { variables: ['body'] });
 * isDown.evaluate({ body: { state: 'DOWN' } }); // true
 */
export function compileExpression(source: string, options: ExpressionOptions): Expression {
  if (source.length > EXPRESSION_MAX_CHARS) {
    throw new Fault('SB_CONFIG', `The expression is longer than ${EXPRESSION_MAX_CHARS} characters.`);
  }
  const spend = createSpend();
  const { typed, plain } = environments.getOrInsertComputed(options, createEnvironments);
  if (typed) check(typed, source, options.result);
  const program = parse(plain, source);
  checkShape(program.ast, source);
  const checked = program.check();
  if (!checked.valid) throw misconfigured(source, checked.error);
  const outline = outlineOf(program.ast, options.blank);
  blank(program.ast, options.blank ?? []);
  meter(program.ast, spend.take);
  return {
    source,
    outline,
    evaluate(bindings, budget = { steps: EXPRESSION_STEPS }) {
      spend.budget = budget;
      try {
        return toPlain(program({ ...bindings }), spend.take);
      } catch (error) {
        throw rejected(source, error);
      }
    },
  };
}

interface Environments {
  /** Only for the check: at run time it would copy every object into one of its type. */
  readonly typed?: Environment;
  readonly plain: Environment;
}

const environments = new WeakMap<ExpressionOptions, Environments>();

function createEnvironments({ variables }: ExpressionOptions): Environments {
  if (isList(variables)) return { plain: createEnvironment(variables) };
  const typed = createEnvironment([]);
  for (const [name, type] of Object.entries(variables)) {
    if (typeof type === 'string') typed.registerVariable(name, type);
    else typed.registerVariable({ name, schema: type });
  }
  return { typed, plain: createEnvironment(Object.keys(variables)) };
}

function isList(variables: ExpressionOptions['variables']): variables is readonly string[] {
  return Array.isArray(variables);
}

function check(environment: Environment, source: string, result: ExpressionOptions['result']): void {
  const checked = parse(environment, source).check();
  if (!checked.valid) throw misconfigured(source, checked.error);
  if (result === undefined || checked.type === result || checked.type === 'dyn') return;
  const expected = result === 'bool' ? 'true or false' : 'a text';
  throw new Fault('SB_CONFIG', `The expression gives ${checked.type}, not ${expected}.`);
}

function parse(environment: Environment, source: string): ReturnType<Environment['parse']> {
  try {
    return environment.parse(source);
  } catch (error) {
    throw misconfigured(source, error);
  }
}

/** Evaluation is synchronous, so one slot for the current budget is enough. */
function createSpend(): { budget: Budget; readonly take: Spend } {
  const spend = {
    budget: { steps: 0 },
    take(steps: number): void {
      spend.budget.steps -= steps;
      if (spend.budget.steps < 0) throw new ExpressionLimit('it takes too many steps for this payload');
    },
  };
  return spend;
}

function misconfigured(source: string, error: unknown): Fault {
  const { summary, start } = describe(error);
  return new Fault('SB_CONFIG', `${summary} at ${positionOf(source, start ?? 0)} of the expression.`);
}

/** The library's own messages may quote values, so only its code is used, and the piece of source it points at. */
function rejected(source: string, error: unknown): Fault {
  const { code, start, end } = describe(error);
  const reason =
    error instanceof ExpressionLimit ? error.message : (REASONS[code] ?? 'it does not fit this payload');
  const piece = start === undefined ? source : source.slice(start, end);
  const text = piece.length > 80 ? `${piece.slice(0, 79)}…` : piece;
  return new Fault(
    'SB_REJECTED',
    `The expression fails at \`${text}\` (${positionOf(source, start ?? 0)}): ${reason}.`,
    { cause: code },
  );
}

const MISSING: readonly unknown[] = ['no_such_key', 'index_out_of_bounds'];

/** Whether an evaluation failed only because a field or an item is not there, which for a condition is no trouble. */
export function isMissingField(thrown: unknown): boolean {
  return isFault(thrown) && MISSING.includes(thrown.cause);
}

const REASONS: Readonly<Record<string, string>> = {
  no_such_key: 'the payload has no such field; write `.?field` or `default(…)` where it may be missing',
  unknown_variable: 'the variable has no value',
  index_out_of_bounds: 'the list is shorter',
  no_such_overload: 'the operator does not take values of these types',
  no_matching_overload: 'the function does not take values of these types',
  invalid_comprehension_range: 'the value is neither a list nor a map',
  invalid_condition_type: 'the condition is neither true nor false',
  invalid_logical_operand: 'an operand is neither true nor false',
  invalid_timestamp: 'the text is not a timestamp',
  invalid_duration: 'the text is not a duration',
  unsupported_type: 'a value is not of a type that expressions can hold',
  numeric_overflow: 'the number is out of range',
  division_by_zero: 'division by zero',
  modulo_by_zero: 'division by zero',
};

interface Described {
  readonly code: string;
  readonly summary: string;
  readonly start?: number;
  readonly end?: number;
}

function describe(error: unknown): Described {
  if (!(error instanceof Error)) return { code: '', summary: 'The expression is invalid' };
  const { code, summary, range } = error as {
    code?: string;
    summary?: string;
    range?: { start: number; end: number };
  };
  return { code: code ?? '', summary: summary ?? 'It is nested too deeply', ...range };
}
