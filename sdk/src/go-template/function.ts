import { GoFunctionError } from './error.ts';
import { typeOf, type GoValue } from './value.ts';

/** What a parameter takes. `strings` is a list of texts, `list` what `list` makes. */
export type Parameter = 'any' | 'string' | 'int' | 'float' | 'strings' | 'list' | 'time' | 'duration';

/** What functions may know of the rendering. */
export interface CallContext {
  /** Milliseconds since the epoch, for `now` and `since`. */
  readonly now: number;
  /** Counts steps, one unless said otherwise, and throws when there were too many. */
  readonly spend: (steps?: number) => void;
  /** A label of the route, rendered. */
  readonly routeLabel: (name: string) => string;
}

export interface GoFunction {
  readonly parameters: readonly Parameter[];
  /** Any number of further ones. */
  readonly rest?: Parameter;
  /** Gets values that fit the parameters. Throws a GoFunctionError for what it refuses. */
  readonly call: (values: readonly GoValue[], context: CallContext) => GoValue;
}

export type Functions = Readonly<Record<string, GoFunction>>;

const GO_NAMES: Readonly<Record<Parameter, string>> = {
  any: 'interface {}',
  string: 'string',
  int: 'int',
  float: 'float64',
  strings: '[]string',
  list: '[]interface {}',
  time: 'time.Time',
  duration: 'time.Duration',
};

/** Whether a value can be handed to a parameter as it is. */
export function fits(value: GoValue, parameter: Parameter): boolean {
  if (parameter === 'any') return true;
  if (parameter === 'string') return typeof value === 'string';
  if (parameter === 'int') return typeof value === 'bigint';
  if (parameter === 'float') return typeof value === 'number';
  if (value === null || typeof value !== 'object') return false;
  if (parameter === 'time' || parameter === 'duration') return value.kind === parameter;
  if (value.kind !== 'list') return false;
  if (parameter === 'strings') return ['[]string', 'template.Strings'].includes(value.type);
  return value.type === '[]interface {}';
}

export function checkFit(value: GoValue, parameter: Parameter): GoValue {
  if (fits(value, parameter)) return value;
  if (value === null) {
    if (parameter === 'strings' || parameter === 'list') {
      return { kind: 'list', type: GO_NAMES[parameter], items: [] };
    }
    throw new GoFunctionError(`expected ${GO_NAMES[parameter]}, and there is no value`);
  }
  throw new GoFunctionError(`expected ${GO_NAMES[parameter]}, not ${typeOf(value)}`);
}

export function nameOfParameter(parameter: Parameter): string {
  return GO_NAMES[parameter];
}

export function parameterAt({ parameters, rest }: GoFunction, index: number): Parameter {
  return parameters[index] ?? rest ?? 'any';
}

/** Says what a call with the wrong number of arguments needs; undefined when it is right. */
export function countProblem({ parameters, rest }: GoFunction, count: number): string | undefined {
  if (rest === undefined ? count === parameters.length : count >= parameters.length) return undefined;
  const wanted = rest === undefined ? String(parameters.length) : `at least ${parameters.length}`;
  return `expected ${wanted} ${wanted === '1' ? 'argument' : 'arguments'}, not ${count}`;
}
