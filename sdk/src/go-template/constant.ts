import { GoFunctionError } from './error.ts';
import { nameOfParameter, type Parameter } from './function.ts';
import type { NumberTerm } from './node.ts';
import type { GoValue } from './value.ts';

/** A constant in the type that is asked for; by itself it is whole unless it was written as a float. */
export function constantFor(term: NumberTerm, parameter: Parameter): GoValue {
  const { integer, float, writtenAsFloat } = term;
  if (parameter === 'any') return writtenAsFloat || integer === undefined ? float : integer;
  if (parameter === 'float') return float;
  if (parameter === 'int' && integer !== undefined) return integer;
  if (parameter === 'duration' && integer !== undefined) return { kind: 'duration', nanoseconds: integer };
  throw new GoFunctionError(`expected ${nameOfParameter(parameter)}, not ${float}`);
}
