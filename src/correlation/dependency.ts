import { hash } from 'node:crypto';
import type { Alert } from '../model/alert.ts';
import type { TopologySettings } from '../model/settings.ts';
import type { Suppression } from '../model/suppression.ts';
import { isCriticalProduction } from './critical-production.ts';
import { serviceOf } from './place-alert.ts';
import { topologyOf } from './topology.ts';

/** Of very many dependencies only these are looked at, in the order of their names. */
const MAX_DEPENDENCIES = 200;

/** Under this key a firing alert is found as one of its service; undefined when it names none. */
export function serviceKeyOf(labels: Alert['labels'], topology: TopologySettings): string | undefined {
  const service = serviceOf(labels, topology);
  return service === undefined ? undefined : keyOf(service);
}

/**
 * The keys of the services that an alert's own depends on. Left out are those that depend on it in turn: in a circle each would hold the other,
 * and nobody would be told of anything.
 */
export function dependencyKeysOf(labels: Alert['labels'], topology: TopologySettings): readonly string[] {
  const service = serviceOf(labels, topology);
  if (service === undefined) return [];
  const { dependenciesOf } = topologyOf(topology);
  return [...dependenciesOf(service)]
    .filter((needed) => !dependenciesOf(needed).has(service))
    .toSorted()
    .slice(0, MAX_DEPENDENCIES)
    .map(keyOf);
}

/**
 * Holds an alert while a service that its own depends on has a firing one: people are told of the cause.
 *
 * @param firing the fingerprint of a firing alert under a key
 */
export function findDependency(
  alert: Pick<Alert, 'labels' | 'priority' | 'facts'>,
  topology: TopologySettings,
  firing: (key: string) => string | undefined,
): Suppression | undefined {
  if (isCriticalProduction(alert)) return undefined;
  for (const key of dependencyKeysOf(alert.labels, topology)) {
    const rule = firing(key);
    if (rule !== undefined) return { reason: 'dependency', rule };
  }
  return undefined;
}

function keyOf(service: string): string {
  return `service/${hash('sha256', service, 'base64url').slice(0, 22)}`;
}
