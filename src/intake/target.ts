/** A request target, split; `search` without its question mark. */
export interface Target {
  readonly path: string;
  readonly search: string;
}

/**
 * Splits a request target in origin or absolute form (RFC 9112 section 3.2). The path is left exactly as written: `//`, `%2e` and
 * dot segments are never resolved, so that a path has one spelling and a proxy's rule for it can't be walked around.
 */
export function splitTarget(target: string): Target {
  let origin = target;
  const scheme = /^https?:\/\//i.exec(target);
  if (scheme) {
    const slash = target.indexOf('/', scheme[0].length);
    origin = slash === -1 ? '/' : target.slice(slash);
  }
  const question = origin.indexOf('?');
  return question === -1
    ? { path: origin, search: '' }
    : { path: origin.slice(0, question), search: origin.slice(question + 1) };
}

const NO_QUERY: Readonly<Record<string, string>> = Object.freeze({});

/** Query parameters by name; the first of a repeated one counts. */
export function parseQuery(search: string): Readonly<Record<string, string>> {
  if (search === '') return NO_QUERY;
  const query = Object.create(null) as Record<string, string>;
  for (const [name, value] of new URLSearchParams(search)) query[name] ??= value;
  delete query['__proto__'];
  return { ...query };
}
