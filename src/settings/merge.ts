import { formatPlace, type Finding } from './finding.ts';
import { findingAt, isMap, placeOf, pointerOf, type PathPart, type Tree } from './tree.ts';

/**
 * Puts `addition` into `base`. Maps are merged; for anything else that both set, `conflict` decides: `error` for files
 * beside each other, `replace` for a profile over its base.
 */
export function mergeTrees(base: Tree, addition: Tree, conflict: 'error' | 'replace'): readonly Finding[] {
  const findings: Finding[] = [];
  const merge = (left: unknown, right: unknown, path: readonly PathPart[]): unknown => {
    const pointer = pointerOf(path);
    if (isMap(left) && isMap(right)) {
      const merged: Record<string, unknown> = { ...left };
      for (const [key, value] of Object.entries(right)) {
        const at = [...path, key];
        merged[key] = Object.hasOwn(left, key) ? merge(left[key], value, at) : adopt(value, at);
      }
      return merged;
    }
    if (conflict === 'error') {
      const other = formatPlace(placeOf(base, pointer, 'key'));
      findings.push(
        findingAt(
          addition,
          pointer,
          { code: 'set_twice', message: `this is set already in ${other}`, hint: 'keep one of the two' },
          'key',
        ),
      );
      return left;
    }
    for (const known of base.places.keys()) {
      if (known === pointer || known.startsWith(`${pointer}/`)) base.places.delete(known);
    }
    return adopt(right, path);
  };
  const adopt = (value: unknown, path: readonly PathPart[]): unknown => {
    const pointer = pointerOf(path);
    const place = addition.places.get(pointer);
    if (place) base.places.set(pointer, place);
    if (Array.isArray(value)) value.forEach((item, index) => adopt(item, [...path, index]));
    else if (isMap(value)) for (const [key, item] of Object.entries(value)) adopt(item, [...path, key]);
    return value;
  };
  base.value = merge(base.value, addition.value, []);
  return findings;
}

/** The part of a tree below a pointer, as a tree of its own. */
export function subtree(tree: Tree, path: readonly PathPart[]): Tree {
  const pointer = pointerOf(path);
  let value: unknown = tree.value;
  for (const part of path) value = isMap(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  const places = new Map(
    [...tree.places]
      .filter(([at]) => at === pointer || at.startsWith(`${pointer}/`))
      .map(([at, place]) => [at.slice(pointer.length), place] as const),
  );
  return { value, places, external: new Set() };
}
