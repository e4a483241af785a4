import type { Alert } from '../model/alert.ts';
import { OWN_INTEGRATION } from '../model/own-integration.ts';
import type { StormSettings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import { isCriticalProduction } from './critical-production.ts';

/** New alerts of one tenant with the same values of the labels in `by`, counted by the minute. */
export interface StormCount {
  readonly tenant: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Start of the newest minute that brought any, and how many it brought. */
  readonly minute: number;
  readonly count: number;
  /** Start of the minute in which the storm began, while there is one; absent again when it is over. */
  readonly since?: number;
  /** Of the storm: how many alerts, and how many of which name. */
  readonly total: number;
  readonly names: Readonly<Record<string, number>>;
}

/** All that are counted, by `stormKeyOf`. One scope owns them, so that no two nodes count at a time. */
export type StormCounts = Readonly<Record<string, StormCount>>;

/** The correlation scope that counts. */
export const STORM_SCOPE = 'storm';

const MINUTE_MS = 60_000;
/** Beyond these the rest of the names is counted as `others`. */
const MAX_NAMES = 50;
/** So many places are counted apart; the ones that were quiet longest are forgotten first, but for storms. */
const MAX_KEYS = 1_000;
/** What is over stays long enough for its digest to be resolved. */
const KEEP_MS = 60 * MINUTE_MS;

export function stormKeyOf(
  { tenant, labels }: Pick<Alert, 'tenant' | 'labels'>,
  { by }: StormSettings,
): string {
  return JSON.stringify([tenant, ...by.map((name) => labels[name] ?? '')]);
}

/** Whether an alert can be part of a storm; what the hub says of itself never is. */
export function isCounted({ integration }: Pick<Alert, 'integration'>): boolean {
  return integration !== OWN_INTEGRATION;
}

/** Counts new alerts. Pure; a minute that brings `per_minute` of them begins a storm. */
export function countAlerts(
  before: StormCounts,
  alerts: readonly Alert[],
  settings: StormSettings,
  now: number,
): StormCounts {
  const minute = now - (now % MINUTE_MS);
  const counts = new Map(Object.entries(before).map(([key, count]) => [key, atTime(count, settings, now)]));
  for (const alert of alerts) {
    const key = stormKeyOf(alert, settings);
    const known = counts.get(key) ?? emptyCount(alert, settings, minute);
    const isNew = known.minute !== minute;
    const forgets = isNew && known.since === undefined;
    const count = isNew ? 1 : known.count + 1;
    const since = known.since ?? (count >= settings.perMinute ? minute : undefined);
    counts.set(key, {
      tenant: known.tenant,
      labels: known.labels,
      minute,
      count,
      ...(since === undefined ? {} : { since }),
      total: forgets ? 1 : known.total + 1,
      names: withName(forgets ? {} : known.names, alert.labels.alertname ?? ''),
    });
  }
  const kept = [...counts].filter(([, { since, minute: at }]) => since !== undefined || now - at < KEEP_MS);
  return Object.fromEntries(
    kept
      .toSorted(
        ([, left], [, right]) =>
          Number(right.since !== undefined) - Number(left.since !== undefined) || right.minute - left.minute,
      )
      .slice(0, MAX_KEYS),
  );
}

/** Whether there is a storm now. It is over with the first whole minute that brought fewer than `low`. */
export function isStorm({ since, minute, count }: StormCount, { low }: StormSettings, now: number): boolean {
  if (since === undefined) return false;
  if (now < minute + MINUTE_MS) return true;
  return count >= low && now < minute + 2 * MINUTE_MS;
}

/** Holds what came with a storm, and never what is critical in production. What was told before goes on. */
export function findStorm(
  alert: Pick<Alert, 'tenant' | 'labels' | 'integration' | 'changedAt' | 'priority' | 'facts'>,
  counts: StormCounts,
  settings: StormSettings,
  now: number,
): Suppression | undefined {
  const key = stormKeyOf(alert, settings);
  const count = Object.hasOwn(counts, key) ? counts[key] : undefined;
  if (!count || !isStorm(count, settings, now) || alert.changedAt < count.since!) return undefined;
  if (!isCounted(alert) || isCriticalProduction(alert)) return undefined;
  return { reason: 'storm', rule: 'storm' };
}

function atTime(count: StormCount, settings: StormSettings, now: number): StormCount {
  if (count.since === undefined || isStorm(count, settings, now)) return count;
  const { since: _, ...over } = count;
  return over;
}

function emptyCount({ tenant, labels }: Alert, { by }: StormSettings, minute: number): StormCount {
  const own = by.filter((name) => Object.hasOwn(labels, name)).map((name) => [name, labels[name]!]);
  return { tenant, labels: Object.fromEntries(own), minute, count: 0, total: 0, names: {} };
}

function withName(names: StormCount['names'], name: string): StormCount['names'] {
  const key = Object.hasOwn(names, name) || Object.keys(names).length < MAX_NAMES ? name : 'others';
  return { ...names, [key]: (names[key] ?? 0) + 1 };
}
