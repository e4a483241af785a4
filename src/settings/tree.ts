import { NOWHERE, type Finding, type Place } from './finding.ts';

/** A plain value together with where each part of it was written, by JSON pointer (RFC 6901). */
export interface Tree {
  value: unknown;
  readonly places: Map<string, KeyedPlace>;
  /** Pointers of values that came from outside the file: never shown, and of any scalar type. */
  readonly external: Set<string>;
  /** Whoever wrote it may not make the hub read files, variables or secrets. */
  isForeign?: boolean;
}

export interface KeyedPlace extends Place {
  /** Where the key stands, when the value is one of a map. */
  readonly key?: Place;
}

export type PathPart = string | number;

export function pointerOf(path: readonly PathPart[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

export function pathOf(pointer: string): readonly string[] {
  return pointer === ''
    ? []
    : pointer
        .slice(1)
        .split('/')
        .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** For people: `receivers.on-call[0].integration`. */
export function formatPath(pointer: string): string {
  return pathOf(pointer)
    .map((part) => (/^\d+$/.test(part) ? `[${part}]` : `.${part}`))
    .join('')
    .replace(/^\./, '');
}

/** `times[0].start_time` as a path in the document. */
export function partsOf(field: string): readonly PathPart[] {
  return field
    .split(/[.[\]]+/)
    .filter((part) => part !== '')
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** Where a value stands, else the nearest map or list around it. */
export function placeOf(
  tree: Pick<Tree, 'places'>,
  pointer: string,
  which: 'key' | 'value' = 'value',
): Place {
  for (let at = pointer; ; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = tree.places.get(at);
    if (place) return which === 'key' || at !== pointer ? (place.key ?? place) : place;
    if (at === '') return NOWHERE;
  }
}

export function findingAt(
  tree: Pick<Tree, 'places'>,
  pointer: string,
  problem: { readonly code: string; readonly message: string; readonly hint?: string | undefined },
  which: 'key' | 'value' = 'value',
): Finding {
  const { file, line, column } = placeOf(tree, pointer, which);
  const { code, message, hint } = problem;
  return {
    code,
    message,
    file,
    line,
    column,
    path: formatPath(pointer),
    ...(hint === undefined ? {} : { hint }),
  };
}

/** A value for a message, unless it may be a secret. */
export function quoteValue(tree: Pick<Tree, 'external'>, pointer: string, value: unknown): string {
  return tree.external.has(pointer) ? 'the value from outside the file' : JSON.stringify(value);
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pathOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}

/** Sets a value, making the maps above it; false when something on the way is not a map or list. */
export function setAt(root: Record<string, unknown>, path: readonly PathPart[], value: unknown): boolean {
  let holder: Record<string, unknown> = root;
  for (const part of path.slice(0, -1)) {
    const next = holder[part] ?? (holder[part] = {});
    if (typeof next !== 'object') return false;
    holder = next as Record<string, unknown>;
  }
  holder[path.at(-1)!] = value;
  return true;
}
