import { CalendarError } from './calendar-error.ts';

/** No list of ranges that a person writes is longer. */
const LONGEST_LIST = 1_000;

/** An object's fields, after checking that it is one and has no others than those named. */
export function readFields(
  raw: unknown,
  field: string,
  names: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    throw new CalendarError('wrong_type', field, `expected an object with the fields ${names.join(', ')}`);
  if (Object.keys(raw).every((name) => names.includes(name))) return raw as Record<string, unknown>;
  throw new CalendarError('unknown_field', field, `has an unknown field; known are ${names.join(', ')}`);
}

/** Each item of a list, read with its own path: `weekdays[2]`. */
export function readList<T>(
  raw: unknown,
  field: string,
  read: (item: unknown, field: string) => T,
): readonly T[] {
  if (!Array.isArray(raw)) throw new CalendarError('wrong_type', field, 'expected a list');
  if (raw.length > LONGEST_LIST)
    throw new CalendarError('too_large', field, `expected at most ${LONGEST_LIST} items`);
  return raw.map((item: unknown, index) => read(item, `${field}[${index}]`));
}
