import { createHash } from 'node:crypto';
import type { ProcedureSettings } from '../model/procedure-settings.ts';
import type { Settings } from '../model/settings.ts';
import { isMap } from './tree.ts';

/** Keys in order, so that moving lines about changes nothing; compiled matchers are functions and left out by JSON. */
export function revisionOf(settings: Omit<Settings, 'revision' | 'places' | 'names'>): string {
  const { priority } = settings;
  const counted = priority?.procedures
    ? { ...settings, priority: { ...priority, procedures: withoutPlaces(priority.procedures) } }
    : settings;
  const canonical = JSON.stringify(counted, (_, value: unknown) =>
    isMap(value) && !(value instanceof Uint8Array)
      ? Object.fromEntries(Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1)))
      : value instanceof Uint8Array
        ? Buffer.from(value).toString('hex')
        : value === Infinity
          ? 'unlimited'
          : value,
  );
  return createHash('sha256').update(canonical).digest('hex').slice(0, 12);
}

/** Where cells and criteria stand is for people who ask. */
function withoutPlaces({ criteria, matrix, ...rest }: ProcedureSettings): object {
  return {
    ...rest,
    criteria: criteria.map(({ definedAt: _, ...criterion }) => criterion),
    matrix: Object.fromEntries(
      Object.entries(matrix).map(([row, cells]) => [
        row,
        Object.fromEntries(Object.entries(cells).map(([column, { level }]) => [column, level])),
      ]),
    ),
  };
}
