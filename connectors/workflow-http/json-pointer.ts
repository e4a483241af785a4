/**
 * What a JSON pointer leads to (RFC 6901); undefined where it leads nowhere. Only own properties count.
 *
 * @example
 * readPointer({ metadata: { name: 'fix-1' } }, '/metadata/name'); // 'fix-1'
 */
export function readPointer(document: unknown, pointer: string): unknown {
  if (pointer === '') return document;
  let value = document;
  for (const part of pointer.slice(1).split('/')) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}
