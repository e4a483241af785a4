/**
 * A batch as one statement takes it: every row once, because PostgreSQL refuses to change one twice in a statement, the newest word of
 * each key; and in the order of the keys, because two commits that lock the same rows in the same order never wait for each other in a circle.
 */
export function newestInOrder<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
): readonly Row[] {
  return inOrder([...new Map(rows.map((row) => [keyOf(row), row])).values()], keyOf);
}

export function inOrder<Row>(rows: readonly Row[], keyOf: (row: Row) => string | number): readonly Row[] {
  return rows.toSorted((left, right) => compare(keyOf(left), keyOf(right)));
}

/**
 * Splits rows into turns in which every key stands once, for steps that build on each other. Mostly there is one turn.
 *
 * @example inTurns(['a', 'b', 'a'], (key) => key) // [['a', 'b'], ['a']]
 */
export function inTurns<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string | number,
): readonly (readonly Row[])[] {
  const turns: Row[][] = [];
  const seen = new Map<string | number, number>();
  for (const row of rows) {
    const key = keyOf(row);
    const turn = seen.get(key) ?? 0;
    seen.set(key, turn + 1);
    (turns[turn] ??= []).push(row);
  }
  return turns;
}

function compare(left: string | number, right: string | number): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
