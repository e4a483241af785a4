import { keepEvent } from './keep-event.ts';
import { keepConfigMap, keepNamespace, keepNode, type Keep } from './keep-meta.ts';
import { keepPod } from './keep-pod.ts';
import { keepRevision, keepWorkload } from './keep-workload.ts';
import type { ClusterObject, KindName } from './records.ts';

/** How one kind is listed and what is kept of it. */
export interface Kind {
  readonly name: KindName;
  /** The API group and version: `api/v1`, `apis/apps/v1`. */
  readonly api: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** Only metadata travels: enough for what is kept, and nothing else is ever in this process. */
  readonly metadataOnly: boolean;
  /** What stays of an object; undefined for one that can't be read. */
  keep(object: unknown, options: Keep): ClusterObject | undefined;
}

function kind(
  name: KindName,
  api: string,
  plural: string,
  keep: Kind['keep'],
  special: Partial<Pick<Kind, 'namespaced' | 'metadataOnly'>> = {},
): Kind {
  return { name, api, plural, keep, namespaced: true, metadataOnly: false, ...special };
}

const workload =
  (name: Parameters<typeof keepWorkload>[0]): Kind['keep'] =>
  (object, options) =>
    keepWorkload(name, object, options);

/** https://kubernetes.io/docs/reference/kubernetes-api/ */
export const KINDS: Readonly<Record<KindName, Kind>> = {
  Pod: kind('Pod', 'api/v1', 'pods', keepPod),
  Node: kind('Node', 'api/v1', 'nodes', keepNode, { namespaced: false }),
  Namespace: kind('Namespace', 'api/v1', 'namespaces', keepNamespace, { namespaced: false }),
  ReplicaSet: kind('ReplicaSet', 'apis/apps/v1', 'replicasets', workload('ReplicaSet')),
  Deployment: kind('Deployment', 'apis/apps/v1', 'deployments', workload('Deployment')),
  StatefulSet: kind('StatefulSet', 'apis/apps/v1', 'statefulsets', workload('StatefulSet')),
  DaemonSet: kind('DaemonSet', 'apis/apps/v1', 'daemonsets', workload('DaemonSet')),
  ControllerRevision: kind('ControllerRevision', 'apis/apps/v1', 'controllerrevisions', keepRevision),
  Job: kind('Job', 'apis/batch/v1', 'jobs', workload('Job')),
  CronJob: kind('CronJob', 'apis/batch/v1', 'cronjobs', workload('CronJob')),
  Event: kind('Event', 'api/v1', 'events', keepEvent),
  ConfigMap: kind('ConfigMap', 'api/v1', 'configmaps', keepConfigMap, { metadataOnly: true }),
};
