import type { Alert } from '../model/alert.ts';
import type { ChangeNote } from '../model/incident.ts';
import { textOf } from './facet.ts';

/** Of one incident, and of one scope. */
export const MAX_CHANGES = 20;
const MAX_TEXT = 200;

/** An alert that tells of a change, as a note. */
export function changeOf(
  alert: Pick<Alert, 'fingerprint' | 'labels' | 'annotations' | 'startsAt'>,
): ChangeNote {
  return { at: alert.startsAt, what: textOf(alert).slice(0, MAX_TEXT), source: alert.fingerprint };
}

/**
 * Changes that enrichment found for an alert: any of its results may hold a list `changes` of `{ at, what }`, with `at` as RFC 3339 or
 * milliseconds since the epoch. What looks otherwise is passed over, because it comes from outside.
 */
export function changesIn(alert: Pick<Alert, 'facts'>): readonly ChangeNote[] {
  return Object.entries(alert.facts?.context ?? {}).flatMap(([source, found]) => {
    const listed = isMap(found) && Array.isArray(found.changes) ? found.changes.slice(0, MAX_CHANGES) : [];
    return listed.flatMap((change: unknown): ChangeNote[] => {
      if (!isMap(change) || typeof change.what !== 'string') return [];
      const at = typeof change.at === 'number' ? change.at : Date.parse(String(change.at));
      return Number.isFinite(at) ? [{ at, what: change.what.slice(0, MAX_TEXT), source }] : [];
    });
  });
}

/** Both lists, each change once, oldest first; the oldest are forgotten. */
export function addChanges(known: readonly ChangeNote[], more: readonly ChangeNote[]): readonly ChangeNote[] {
  const all = new Map([...known, ...more].map((change) => [`${change.source}\n${change.at}`, change]));
  if (all.size === known.length) return known;
  return [...all.values()]
    .toSorted((left, right) => left.at - right.at || (left.source < right.source ? -1 : 1))
    .slice(-MAX_CHANGES);
}

/** Those that lie close enough to a start to have led to it. */
export function changesNear(
  changes: readonly ChangeNote[],
  startsAt: number,
  nearMs: number,
): readonly ChangeNote[] {
  return changes.filter(({ at }) => Math.abs(at - startsAt) <= nearMs);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
