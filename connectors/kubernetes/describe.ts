import type { ClusterMemory } from './cluster-memory.ts';
import type { KubernetesConfig } from './config.ts';
import {
  describeChange,
  describeEvent,
  describeNamespace,
  describeNode,
  describePod,
  describeWorkload,
  iso,
} from './describe-object.ts';
import { compact } from './dig.ts';
import type { ClusterEvent, KindName, Pod, Workload } from './records.ts';
import { changesOf, rolloutOf, type WorkloadChange } from './rollout.ts';
import type { Target } from './target.ts';

export type Description = Readonly<Record<string, unknown>>;

/** An object in the chain from a pod to what made it. */
export interface Link {
  readonly kind: string;
  readonly name: string;
}

const EVENTS = 10;
const CHANGES = 10;
const MINUTE_MS = 60_000;
const WORKLOAD_KINDS = ['ReplicaSet', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'] as const;
/** Rollouts of a namespace are told by these; the others follow from them. */
const ROLLED_OUT = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** What was looked up on the way, so that the answer can say how far it can be believed. */
interface Lookup {
  readonly consulted: Set<KindName>;
  readonly notFound: string[];
}

/** All that the copy knows of what an alert is about. Empty when it knows nothing of it. */
export function describe(
  target: Target,
  memory: ClusterMemory,
  config: KubernetesConfig,
  nowMs: number,
): {
  readonly facts: Description;
  readonly consulted: ReadonlySet<KindName>;
  readonly notFound: readonly string[];
} {
  const lookup: Lookup = { consulted: new Set(), notFound: [] };
  const find = finder(memory, lookup);
  const namespace = target.namespace ?? '';

  const pod = target.pod === undefined ? undefined : findPod(memory, lookup, namespace, target.pod, nowMs);
  const named = target.workload && find(target.workload.kind, namespace, target.workload.name);
  const start = pod?.pod ?? named;
  const { chain, workload } = start ? climb(find, start) : { chain: [], workload: undefined };
  const nodeName = target.node ?? pod?.pod.node;
  const node = nodeName === undefined ? undefined : find('Node', '', nodeName);
  const home = namespace === '' ? undefined : find('Namespace', '', namespace);

  const sinceMs = nowMs - config.changes_within_minutes * MINUTE_MS;
  if (workload) lookup.consulted.add('ReplicaSet').add('ControllerRevision');
  const changes = workload
    ? changesOf(memory.copy, workload, memory.observed(workload), sinceMs)
    : start || namespace === ''
      ? []
      : changesIn(memory, namespace, sinceMs);
  const about: Link[] = [
    ...(pod ? [{ kind: 'Pod', name: pod.pod.name }] : []),
    ...(named ? [{ kind: named.kind, name: named.name }] : []),
    ...chain,
  ];
  const events = eventsOf(memory, namespace, about, nodeName);
  if (about.length > 0 || nodeName !== undefined) lookup.consulted.add('Event');
  const rollout = workload && rolloutOf(memory.copy, workload);

  return {
    ...lookup,
    facts: compact({
      pod: pod && describePod(pod.pod, target.container, pod.goneAt),
      owners: chain.length > 0 ? chain : undefined,
      workload: workload && describeWorkload(workload),
      rollout: rollout && compact({ ...rollout, changedAt: iso(rollout.changedAt) }),
      node: node && describeNode(node),
      namespace: home && describeNamespace(home, memory.namespaces.entries(home.name)),
      events: events.length > 0 ? events.map(describeEvent) : undefined,
      changes: changes.length > 0 ? changes.map(describeChange) : undefined,
    }),
  };
}

type Find = ReturnType<typeof finder>;

function finder({ copy }: ClusterMemory, { consulted, notFound }: Lookup) {
  return <K extends KindName>(kind: K, namespace: string, name: string) => {
    consulted.add(kind);
    const found = copy.find(kind, namespace, name);
    if (!found) notFound.push(`${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`);
    return found;
  };
}

function findPod(
  { copy }: ClusterMemory,
  { consulted, notFound }: Lookup,
  namespace: string,
  name: string,
  nowMs: number,
): { readonly pod: Pod; readonly goneAt?: number } | undefined {
  consulted.add('Pod');
  const pod = copy.find('Pod', namespace, name);
  if (pod) return { pod };
  const gone = copy.findGone(namespace, name, nowMs);
  if (gone) return { pod: gone.pod, goneAt: gone.at };
  notFound.push(`Pod ${namespace}/${name}`);
  return undefined;
}

/** From an object to what made it, and what made that. An owner of a kind that is not watched is named and ends the way. */
function climb(
  find: Find,
  start: Pod | Workload,
): { readonly chain: readonly Link[]; readonly workload: Workload | undefined } {
  const chain: Link[] = [];
  let workload = start.kind === 'Pod' ? undefined : start;
  let at: Pod | Workload = start;
  // Three steps reach the top of all that Kubernetes makes; a circle must not hold us.
  while (at.owner && chain.length < 5) {
    const { kind, name } = at.owner;
    chain.push({ kind, name });
    const known = WORKLOAD_KINDS.find((candidate) => candidate === kind);
    const owner = known && find(known, at.namespace, name);
    if (!owner) break;
    workload = owner;
    at = owner;
  }
  return { chain, workload };
}

function changesIn(memory: ClusterMemory, namespace: string, sinceMs: number): readonly WorkloadChange[] {
  const workloads = ROLLED_OUT.flatMap((kind) => [...memory.copy.all(kind)] as readonly Workload[]);
  return workloads
    .filter((workload) => workload.namespace === namespace)
    .flatMap((workload) => changesOf(memory.copy, workload, memory.observed(workload), sinceMs))
    .toSorted((a, b) => b.at - a.at)
    .slice(0, CHANGES);
}

function eventsOf(
  { copy }: ClusterMemory,
  namespace: string,
  about: readonly Link[],
  node: string | undefined,
): readonly ClusterEvent[] {
  const own = about.flatMap(({ kind, name }) => copy.eventsAbout(kind, namespace, name));
  // Events about nodes stand in no namespace of the node's.
  const ofNode = node === undefined ? [] : copy.eventsAbout('Node', '', node);
  return [...new Set([...own, ...ofNode])]
    .toSorted((a, b) => (b.lastAt ?? 0) - (a.lastAt ?? 0))
    .slice(0, EVENTS);
}
