import { createHash } from 'node:crypto';
import type { Settings } from '../model/settings.ts';
import { isMap } from './tree.ts';

/** Keys in order, so that moving lines about changes nothing; compiled matchers are functions and left out by JSON. */
export function revisionOf(settings: Omit<Settings, 'revision' | 'places'>): string {
  const canonical = JSON.stringify(settings, (_, value: unknown) =>
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
