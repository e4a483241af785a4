import { hash } from 'node:crypto';
import type { Labels } from './matcher.ts';

/** Alertmanager's group key: the route's key, a colon, and the group labels: `{}/{team="db"}:{alertname="DiskFull"}`. */
export function groupKeyOf(routeKey: string, labels: Labels): string {
  const pairs = Object.keys(labels)
    .sort()
    .map((name) => `${name}=${JSON.stringify(labels[name])}`);
  return `${routeKey}:{${pairs.join(', ')}}`;
}

/** The scope that gather owns, short enough for keys and indexes. */
export function groupIdOf(tenant: string, groupKey: string): string {
  return hash('sha256', `${tenant}\n${groupKey}`, 'hex').slice(0, 24);
}
