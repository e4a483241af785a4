/** The word that was most likely meant, or undefined when none is near. */
export function suggest(written: string, known: readonly string[]): string | undefined {
  const limit = Math.max(1, Math.floor(written.length / 3));
  const near = known
    .map((word) => ({ word, distance: distanceOf(written.toLowerCase(), word.toLowerCase(), limit) }))
    .filter(({ distance }) => distance <= limit)
    .sort((left, right) => left.distance - right.distance);
  return near[0]?.word;
}

export function didYouMean(written: string, known: readonly string[]): string | undefined {
  const word = suggest(written, known);
  return word === undefined ? undefined : `did you mean "${word}"?`;
}

/** Edits between two words, a swap of neighbours counting as one; anything above `limit` is just "too far". */
function distanceOf(left: string, right: string, limit: number): number {
  if (Math.abs(left.length - right.length) > limit || left.length > 100) return Infinity;
  const rows: number[][] = [Array.from({ length: right.length + 1 }, (_, column) => column)];
  for (let row = 1; row <= left.length; row++) {
    const current = [row];
    for (let column = 1; column <= right.length; column++) {
      const same = left[row - 1] === right[column - 1];
      let best = Math.min(
        rows[row - 1]![column]! + 1,
        current[column - 1]! + 1,
        rows[row - 1]![column - 1]! + (same ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        best = Math.min(best, rows[row - 2]![column - 2]! + 1);
      }
      current.push(best);
    }
    rows.push(current);
  }
  return rows[left.length]![right.length]!;
}
