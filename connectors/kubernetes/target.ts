import type { AlertSnapshot } from '@signalbox/sdk';
import type { KubernetesConfig } from './config.ts';
import type { Workload } from './records.ts';

/** What an alert is about, by the names in its labels. */
export interface Target {
  readonly namespace?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly node?: string;
  readonly workload?: { readonly kind: Workload['kind']; readonly name: string };
}

/** The most particular first: an alert about a job that names its cron job as well is about the job. */
const WORKLOADS = [
  ['job', 'Job'],
  ['replicaset', 'ReplicaSet'],
  ['deployment', 'Deployment'],
  ['statefulset', 'StatefulSet'],
  ['daemonset', 'DaemonSet'],
  ['cronjob', 'CronJob'],
] as const;

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ A label with anything else names no object.
const NAME = /^[a-z0-9][a-z0-9.-]{0,252}$/;
const SHORT_NAME = /^[a-z0-9][a-z0-9-]{0,62}$/;

/**
 * Reads from the labels what an alert is about. Undefined when it is about nothing in this cluster: it names another cluster, a namespace that
 * is not watched, or none of the objects.
 */
export function targetOf(
  { labels }: Pick<AlertSnapshot, 'labels'>,
  config: KubernetesConfig,
): Target | undefined {
  const first = (names: readonly string[], pattern = NAME) =>
    names.map((name) => labels[name]).find((value) => value !== undefined && pattern.test(value));
  const elsewhere = first(config.cluster_labels, /./);
  if (elsewhere !== undefined && elsewhere !== config.cluster) return undefined;

  const named = config.labels;
  const node = first(named.node);
  const namespace = first(named.namespace, SHORT_NAME);
  const isWatched =
    config.namespaces.length === 0 || (namespace !== undefined && config.namespaces.includes(namespace));
  if (namespace === undefined || !isWatched) return node === undefined ? undefined : { node };

  const pod = first(named.pod);
  const container = first(named.container, SHORT_NAME);
  const workload = WORKLOADS.map(([label, kind]) => ({ kind, name: first(named[label]) })).find(
    ({ name }) => name,
  );
  return {
    namespace,
    ...(pod !== undefined && { pod }),
    ...(pod !== undefined && container !== undefined && { container }),
    ...(node !== undefined && { node }),
    ...(workload?.name !== undefined && { workload: { kind: workload.kind, name: workload.name } }),
  };
}

/** The same text for the same target: names hold none of the characters between them. */
export function targetKey(target: Target): string {
  const { namespace = '', pod = '', container = '', node = '', workload } = target;
  return [namespace, pod, container, node, workload?.kind ?? '', workload?.name ?? ''].join('|');
}
