import type { ValidateFunction } from 'ajv/dist/2020.js';
import { isMap, pathOf, pointerOf, valueAt } from './tree.ts';

/** More rounds than the schema has levels. */
const MAX_ROUNDS = 20;

/**
 * Takes away what does not fit, so that the checks that follow can find all other problems at once. What is missing at
 * the top becomes an empty map. Undefined when nothing useful is left.
 */
export function prune(validate: ValidateFunction, value: unknown): unknown {
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const fits: boolean = validate(value);
    if (fits) return value;
    for (const error of validate.errors ?? []) {
      const missing = error.keyword === 'required' ? (error.params.missingProperty as string) : undefined;
      if (missing !== undefined && error.instancePath === '' && isMap(value)) {
        value[missing] = {};
        continue;
      }
      const extra = error.params.additionalProperty as string | undefined;
      remove(value, extra === undefined ? error.instancePath : error.instancePath + pointerOf([extra]));
    }
  }
  return undefined;
}

/** An item of a list takes the whole list with it, so that positions of the others stay true. */
function remove(root: unknown, pointer: string): void {
  const path = pathOf(pointer);
  const parent = valueAt(root, pointerOf(path.slice(0, -1)));
  if (Array.isArray(parent)) remove(root, pointerOf(path.slice(0, -1)));
  else if (isMap(parent)) delete parent[path.at(-1)!];
}
