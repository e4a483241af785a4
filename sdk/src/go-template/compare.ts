import { GoFunctionError } from './error.ts';
import { kindOf, typeOf, type GoValue } from './value.ts';

/** Go's `eq`: values of different basic types are no error only when one of them is nothing. */
export function isEqual(left: GoValue, right: GoValue): boolean {
  const [kind, other] = [kindOf(left), kindOf(right)];
  if (left === null || right === null) return left === right;
  const isBasic = ['bool', 'int', 'float', 'string'].includes(kind);
  if (kind !== other && (isBasic || ['bool', 'int', 'float', 'string'].includes(other))) {
    throw new GoFunctionError(`${typeOf(left)} and ${typeOf(right)} can’t be compared`);
  }
  if (isBasic) return basicOf(left) === basicOf(right);
  if (kind !== 'struct' || other !== 'struct') {
    throw new GoFunctionError(`values of type ${typeOf(right)} can’t be compared`);
  }
  return isSameStruct(left, right);
}

function isSameStruct(left: GoValue, right: GoValue): boolean {
  if (typeOf(left) !== typeOf(right) || left === null || right === null) return false;
  if (typeof left !== 'object' || typeof right !== 'object') return false;
  if (left.kind === 'time' && right.kind === 'time') {
    return left.nanoseconds === right.nanoseconds && left.zone === right.zone;
  }
  if (left.kind !== 'struct' || right.kind !== 'struct' || left.type !== 'template.Pair') {
    throw new GoFunctionError(`values of type ${typeOf(right)} can’t be compared`);
  }
  return [...left.fields].every(([name, value]) => right.fields.get(name) === value);
}

/** Go's `lt`: both whole numbers, both floats or both texts. Texts are compared byte by byte. */
export function isLess(left: GoValue, right: GoValue): boolean {
  const [kind, other] = [kindOf(left), kindOf(right)];
  for (const value of [left, right]) {
    if (!['bool', 'int', 'float', 'string'].includes(kindOf(value))) {
      throw new GoFunctionError(`values of type ${typeOf(value)} have no order`);
    }
  }
  if (kind !== other) {
    throw new GoFunctionError(`${typeOf(left)} and ${typeOf(right)} can’t be compared`);
  }
  const [first, second] = [basicOf(left), basicOf(right)];
  if (typeof first === 'boolean' || typeof second === 'boolean') {
    throw new GoFunctionError('values of type bool have no order');
  }
  if (typeof first === 'string' && typeof second === 'string') {
    return Buffer.compare(Buffer.from(first), Buffer.from(second)) < 0;
  }
  return first < second;
}

function basicOf(value: GoValue): string | bigint | number | boolean {
  if (value === null) return false;
  if (typeof value !== 'object') return value;
  if (value.kind === 'duration') return value.nanoseconds;
  return value.kind === 'safe' ? value.text : false;
}
