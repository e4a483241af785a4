// What a cluster answers is read without trust in its shape: what is missing or of another type reads as absent.

export type Fields = Readonly<Record<string, unknown>>;

/** The value at a path of keys. */
export function dig(value: unknown, ...path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Fields)[key];
  }
  return found;
}

/** A text that is not empty. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  const found = dig(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

export function numberAt(value: unknown, ...path: readonly string[]): number | undefined {
  const found = dig(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
}

export function isTrueAt(value: unknown, ...path: readonly string[]): boolean {
  return dig(value, ...path) === true;
}

export function listAt(value: unknown, ...path: readonly string[]): readonly unknown[] {
  const found = dig(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** Milliseconds since 1970 of an RFC 3339 time. */
export function timeAt(value: unknown, ...path: readonly string[]): number | undefined {
  const time = Date.parse(textAt(value, ...path) ?? '');
  return Number.isNaN(time) ? undefined : time;
}

/** The texts of a map such as labels; at most `most`, each cut to `length`. */
export function textsAt(
  value: unknown,
  path: readonly string[],
  limits: { readonly most: number; readonly length: number; readonly only?: readonly string[] },
): Readonly<Record<string, string>> {
  const found = dig(value, ...path);
  if (typeof found !== 'object' || found === null) return {};
  const texts = Object.entries(found)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .filter(([name]) => limits.only === undefined || limits.only.includes(name))
    .slice(0, limits.most)
    .map(([name, text]) => [name, text.slice(0, limits.length)]);
  return Object.fromEntries(texts);
}

/** The same object without its absent fields, so that JSON and equality see what is there. */
export function compact<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
