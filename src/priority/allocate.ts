import type { CostRow } from '../model/cost.ts';
import type { CostCenter } from '../model/priority-settings.ts';

/** What one cost center is charged with in one month. Money is in hundredths of the currency. */
export interface CostReport {
  readonly costCenter: string;
  readonly title?: string;
  readonly currency?: string;
  readonly episodes: number;
  /** Absent: only counted. */
  readonly budget?: number;
  /** Of the budget, what no row got: environments without a share or without an alert. */
  readonly unallocated?: number;
  readonly rows: readonly AllocatedRow[];
}

export interface AllocatedRow extends Omit<CostRow, 'day' | 'costCenter'> {
  /** Of the cost center's episodes, from 0 to 1. */
  readonly share: number;
  readonly allocated?: number;
}

/**
 * Spreads each budget over what it was charged with: each environment gets its percentage, and within it each namespace by its episodes. To the
 * hundredth: what the rows got and what is left is the budget, always (BR-QUAL-020). Pure.
 */
export function allocate(
  costs: readonly CostRow[],
  centers: Readonly<Record<string, CostCenter>>,
): readonly CostReport[] {
  const byCenter = Map.groupBy(costs, ({ costCenter }) => costCenter);
  const names = [...new Set([...Object.keys(centers), ...byCenter.keys()])].sort();
  return names.map((costCenter) => {
    const center = Object.hasOwn(centers, costCenter) ? centers[costCenter] : undefined;
    const rows = byCenter.get(costCenter) ?? [];
    const episodes = sum(rows.map((row) => row.episodes));
    const budget = center?.budget;
    const allocated = budget === undefined ? undefined : spread(rows, budget, center!.allocation);
    return {
      costCenter,
      ...(center?.title === undefined ? {} : { title: center.title }),
      ...(center === undefined ? {} : { currency: center.currency }),
      episodes,
      ...(budget === undefined ? {} : { budget, unallocated: budget - sum(allocated!) }),
      rows: rows.map(({ day: _, costCenter: __, ...row }, index) => ({
        ...row,
        share: row.episodes / episodes,
        ...(allocated ? { allocated: allocated[index]! } : {}),
      })),
    };
  });
}

function spread(
  rows: readonly CostRow[],
  budget: number,
  percents: CostCenter['allocation'],
): readonly number[] {
  const result = rows.map(() => 0);
  for (const [environment, percent] of Object.entries(percents)) {
    const own = rows.flatMap((row, index) => (row.environment === environment ? [index] : []));
    const parts = split(
      Math.floor((budget * percent) / 100),
      own.map((index) => rows[index]!.episodes),
    );
    own.forEach((index, position) => (result[index] = parts[position]!));
  }
  return result;
}

/** Whole numbers in proportion to the weights that add up to the amount: the largest remainders get what rounding leaves. */
function split(amount: number, weights: readonly number[]): readonly number[] {
  const total = sum(weights);
  const exact = weights.map((weight) => (amount * weight) / total);
  const parts = exact.map(Math.floor);
  const order = exact
    .map((value, index) => ({ index, rest: value - parts[index]! }))
    .sort((left, right) => right.rest - left.rest || left.index - right.index);
  for (const { index } of order.slice(0, amount - sum(parts))) parts[index]! += 1;
  return parts;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
