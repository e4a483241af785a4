/** A cursor that this hub did not hand out: the API answers 400. */
export class BadCursor extends Error {
  readonly code = 'bad_cursor';
}

/** Makes the opaque text that a page hands out: where the next one begins. */
export function encodeCursor(keys: readonly number[]): string {
  return Buffer.from(JSON.stringify(keys)).toString('base64url');
}

/** Reads a cursor of `length` keys; without one the newest rows come first. */
export function decodeCursor(cursor: string | undefined, length: number): readonly number[] {
  if (cursor === undefined) return new Array<number>(length).fill(Number.MAX_SAFE_INTEGER);
  let keys: unknown;
  try {
    keys = JSON.parse(Buffer.from(cursor.slice(0, 200), 'base64url').toString());
  } catch (cause) {
    throw new BadCursor('The cursor is not one that a former page gave', { cause });
  }
  if (!Array.isArray(keys) || keys.length !== length || !keys.every(Number.isSafeInteger)) {
    throw new BadCursor('The cursor is not one that a former page of this list gave');
  }
  return keys as number[];
}
