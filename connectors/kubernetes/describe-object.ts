import { compact } from './dig.ts';
import type { NamespaceEntry } from './namespace-log.ts';
import type { ClusterEvent, Condition, Container, Namespace, Node, Pod, Workload } from './records.ts';
import type { WorkloadChange } from './rollout.ts';

// How each object is told: plain JSON, times in RFC 3339, bounded in every direction.

const LABELS = 24;
const TEXT = 256;

export function iso(ms: number | undefined): string | undefined {
  return ms === undefined ? undefined : new Date(ms).toISOString();
}

export function describePod(pod: Pod, container: string | undefined, goneAt: number | undefined) {
  const chosen = pod.containers.filter(({ name }) => container === undefined || name === container);
  const containers = chosen.length > 0 ? chosen : pod.containers;
  return compact({
    name: pod.name,
    namespace: pod.namespace,
    phase: pod.phase,
    reason: pod.reason,
    ready: pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    restarts: pod.containers.reduce((sum, { restarts }) => sum + restarts, 0),
    node: pod.node,
    startedAt: iso(pod.startedAt),
    deletingSince: iso(pod.deletingSince),
    deletedAt: iso(goneAt),
    labels: some(pod.labels),
    conditions: describeConditions(pod.conditions.filter(({ status }) => status !== 'True')),
    containers: containers.slice(0, 8).map(describeContainer),
  });
}

function describeContainer({ lastEndedAt, ...container }: Container) {
  return compact({ ...container, lastEndedAt: iso(lastEndedAt) });
}

export function describeWorkload(workload: Workload) {
  return compact({
    kind: workload.kind,
    name: workload.name,
    namespace: workload.namespace,
    replicas: workload.replicas,
    paused: workload.paused ? true : undefined,
    schedule: workload.schedule,
    images: workload.template?.images,
    labels: some(workload.labels),
    annotations: some(workload.annotations),
    conditions: describeConditions(workload.conditions),
  });
}

/** Of a node’s conditions only `Ready` is good when it is true. */
export function describeNode(node: Node) {
  const isWrong = ({ type, status }: Condition) =>
    type === 'Ready' ? status !== 'True' : status !== 'False';
  return compact({
    name: node.name,
    ready: node.conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
    unschedulable: node.unschedulable ? true : undefined,
    conditions: describeConditions(node.conditions.filter(isWrong)),
    taints: node.taints.length > 0 ? node.taints.slice(0, 10) : undefined,
    zone: node.labels['topology.kubernetes.io/zone'],
    instanceType: node.labels['node.kubernetes.io/instance-type'],
    kubelet: node.kubelet,
  });
}

export function describeNamespace(namespace: Namespace, entries: readonly NamespaceEntry[]) {
  const history = entries.slice(-3).map(({ what, at, from, to }) => compact({ what, at: iso(at), from, to }));
  return compact({
    name: namespace.name,
    phase: namespace.phase,
    createdAt: iso(namespace.createdAt),
    labels: some(namespace.labels),
    annotations: some(namespace.annotations),
    history: history.length > 0 ? history : undefined,
  });
}

export function describeEvent(event: ClusterEvent) {
  const { type, reason, count, about } = event;
  const object = `${about.kind} ${about.name}`;
  return compact({
    type,
    reason,
    message: event.message?.slice(0, TEXT),
    count,
    lastAt: iso(event.lastAt),
    object,
  });
}

export function describeChange(change: WorkloadChange) {
  return compact({ ...change, cause: change.cause?.slice(0, TEXT), at: iso(change.at) });
}

function describeConditions(conditions: readonly Condition[]) {
  if (conditions.length === 0) return undefined;
  return conditions
    .slice(0, 8)
    .map(({ type, status, reason, message, since }) =>
      compact({ type, status, reason, message: message?.slice(0, TEXT), since: iso(since) }),
    );
}

function some(texts: Readonly<Record<string, string>>) {
  const entries = Object.entries(texts).slice(0, LABELS);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
