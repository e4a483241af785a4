/** What a figure is measured in; `ratio` and `count` have no unit. */
export type Unit = 'ratio' | 'count' | 'µs' | 'ms' | 's' | 'MB' | '/s' | '/min' | '%' | 'ms/alert';

export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
}

export interface Bound {
  readonly relation: '≥' | '≤' | '<' | '=';
  readonly value: number;
}

/** One line of the result. */
export interface Row {
  /** What is compared with `must`. */
  readonly what: string;
  /** Undefined: it was not measured, and a note says why. */
  readonly value: number | undefined;
  readonly unit: Unit;
  readonly must?: Bound;
  readonly aim?: Bound;
  /** What the value was made of, or goes with it. */
  readonly figures?: readonly Figure[];
  readonly notes?: readonly string[];
}

/** `told`: there is nothing that it must reach. */
export type Verdict = 'ok' | 'ok, aim' | 'below' | 'told' | 'not run';

export function judge({ value, must, aim }: Row): Verdict {
  if (value === undefined) return 'not run';
  if (must === undefined) return 'told';
  if (!holds(value, must)) return 'below';
  return aim !== undefined && holds(value, aim) ? 'ok, aim' : 'ok';
}

function holds(value: number, { relation, value: bound }: Bound): boolean {
  switch (relation) {
    case '≥':
      return value >= bound;
    case '≤':
      return value <= bound;
    case '<':
      return value < bound;
    case '=':
      return value === bound;
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
