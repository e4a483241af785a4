import { createMemory, type Memory } from '@signalbox/sdk';
import { createClusterCopy, keyOf, type ClusterCopy, type Scope } from './cluster-copy.ts';
import type { KubernetesConfig } from './config.ts';
import { createNamespaceLog, type NamespaceLog } from './namespace-log.ts';
import { KIND_NAMES, type ClusterObject, type KindName, type Workload } from './records.ts';
import { observedChange, type WorkloadChange } from './rollout.ts';

/** What one integration remembers of its cluster. `run` fills it, `enrich` reads it. */
export interface ClusterMemory {
  readonly copy: ClusterCopy;
  readonly namespaces: NamespaceLog;
  /** Changes of a workload that only a watch sees, newest first. */
  observed(workload: Workload): readonly WorkloadChange[];
}

const OBSERVED_PER_WORKLOAD = 5;
const OBSERVED_WORKLOADS = 10_000;
const MEBIBYTE = 1_048_576;

/** The host hands the same configuration object to all calls of one integration. */
export const clusters: Memory<KubernetesConfig, ClusterMemory> = createMemory((config: KubernetesConfig) => {
  const namespaces = createNamespaceLog();
  const observed = new Map<string, readonly WorkloadChange[]>();
  const nameOf = (workload: Workload) => `${workload.kind} ${keyOf(workload)}`;

  function observe(previous: ClusterObject | undefined, next: ClusterObject | undefined, nowMs: number) {
    if (!previous || !next || !isWorkload(previous) || !isWorkload(next)) return;
    const change = observedChange(previous, next, nowMs);
    if (!change) return;
    const name = nameOf(next);
    const changes = [change, ...(observed.get(name) ?? [])].slice(0, OBSERVED_PER_WORKLOAD);
    observed.delete(name);
    observed.set(name, changes);
    if (observed.size > OBSERVED_WORKLOADS) observed.delete(observed.keys().next().value!);
  }

  return {
    copy: createClusterCopy(config.max_mebibytes * MEBIBYTE, (previous, next, nowMs, known) => {
      namespaces.observe(previous, next, nowMs, known);
      observe(previous, next, nowMs);
    }),
    namespaces,
    observed: (workload) => observed.get(nameOf(workload)) ?? [],
  };
});

/** The lists that the configuration wants watched. */
export function scopesOf({ kinds, namespaces, events }: KubernetesConfig): readonly Scope[] {
  const wanted = KIND_NAMES.filter((kind) => kinds.includes(kind) && (kind !== 'Event' || events !== 'none'));
  return wanted.flatMap((kind) =>
    namespaces.length === 0 || kind === 'Node'
      ? [{ kind, namespace: '' }]
      : namespaces.map((namespace) => ({ kind, namespace })),
  );
}

/** The scope that an object of this kind and namespace comes by; undefined when it is not watched. */
export function scopeFor(kind: KindName, namespace: string, config: KubernetesConfig): Scope | undefined {
  return scopesOf(config).find(
    (scope) => scope.kind === kind && (scope.namespace === '' || scope.namespace === namespace),
  );
}

function isWorkload(object: ClusterObject): object is Workload {
  return 'replicas' in object;
}
