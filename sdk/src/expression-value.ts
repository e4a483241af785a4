import { ExpressionLimit, type Spend } from './expression-guard.ts';

/**
 * Turns what an expression yields into plain JSON. Anything that is not data (a type, a function, an object with a
 * prototype of its own) is refused.
 */
export function toPlain(value: unknown, spend: Spend, depth = 0): unknown {
  spend(1);
  if (value === null || value === undefined || typeof value === 'boolean') return value ?? null;
  if (typeof value === 'string') return value;
  // Adding zero turns -0, which JSON can't tell apart, into 0.
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  if (typeof value === 'bigint') return fromBigInt(value);
  if (depth > MAX_DEPTH) throw notPlain();
  if (Array.isArray(value) || value instanceof Set) {
    return Array.from(value as Iterable<unknown>, (item) => toPlain(item, spend, depth + 1));
  }
  return fromObject(value, spend, depth);
}

const MAX_DEPTH = 64;

function fromObject(value: unknown, spend: Spend, depth: number): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (isUnsigned(value)) return fromBigInt(value.value);
  if (isDuration(value)) return `${value.valueOf() / 1000}s`;
  if (isOptional(value)) return value.hasValue() ? toPlain(value.value(), spend, depth) : null;
  const prototype = Object.getPrototypeOf(value) as unknown;
  if (prototype !== Object.prototype && prototype !== null && !(value instanceof Map)) throw notPlain();
  const entries = value instanceof Map ? value.entries() : Object.entries(value as object);
  const plain: Record<string, unknown> = {};
  for (const [key, item] of entries) {
    if (key !== '__proto__') plain[String(key)] = toPlain(item, spend, depth + 1);
  }
  return plain;
}

/** Within what JSON's readers take for exact it is a number; beyond, digits as text lose nothing. */
function fromBigInt(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

// The library's classes for these are not all exported, so they are told by their shape.
function isUnsigned(value: unknown): value is { readonly value: bigint } {
  return hasPrototypeGetter(value, 'value') && typeof (value as { value: unknown }).value === 'bigint';
}

function isDuration(value: unknown): value is { valueOf(): number } {
  return hasPrototypeGetter(value, 'seconds') && hasPrototypeGetter(value, 'nanos');
}

function isOptional(value: unknown): value is { hasValue(): boolean; value(): unknown } {
  return typeof value === 'object' && Object.prototype.toString.call(value) === '[object optional]';
}

/** Payloads never have getters, so what has one on its prototype comes from the library. */
function hasPrototypeGetter(value: unknown, name: string): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype !== null && Object.getOwnPropertyDescriptor(prototype, name)?.get !== undefined;
}

function notPlain(): ExpressionLimit {
  return new ExpressionLimit('the result is not plain data');
}
