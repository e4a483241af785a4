/** What can be watched, in the order in which people look at it. */
export const KIND_NAMES = [
  'Pod',
  'Node',
  'Namespace',
  'ReplicaSet',
  'Deployment',
  'StatefulSet',
  'DaemonSet',
  'ControllerRevision',
  'Job',
  'CronJob',
  'Event',
  'ConfigMap',
] as const;
export type KindName = (typeof KIND_NAMES)[number];

/** What is kept of an object of the cluster: the few fields that are told, never a whole object. Times are milliseconds since 1970. */
export interface Meta {
  readonly kind: KindName;
  readonly name: string;
  /** Empty for objects of the whole cluster. */
  readonly namespace: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly createdAt?: number;
  /** When its metadata or spec was last written, as far as the cluster keeps book on it. */
  readonly changedAt?: number;
  readonly labels: Readonly<Record<string, string>>;
  /** Only those that the configuration names. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Its controller. */
  readonly owner?: { readonly kind: string; readonly name: string; readonly uid: string };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
  readonly since?: number;
  /** When the controller last looked at it. */
  readonly updatedAt?: number;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly ready: boolean;
  readonly restarts: number;
  /** `running`, `waiting` or `terminated`. */
  readonly state?: string;
  readonly reason?: string;
  readonly exitCode?: number;
  /** How it ended the last time. */
  readonly lastReason?: string;
  readonly lastExitCode?: number;
  readonly lastEndedAt?: number;
}

export interface Pod extends Meta {
  readonly kind: 'Pod';
  readonly node?: string;
  readonly phase?: string;
  readonly reason?: string;
  readonly startedAt?: number;
  readonly deletingSince?: number;
  readonly conditions: readonly Condition[];
  readonly containers: readonly Container[];
}

export interface Node extends Meta {
  readonly kind: 'Node';
  readonly conditions: readonly Condition[];
  readonly unschedulable: boolean;
  readonly taints: readonly string[];
  readonly kubelet?: string;
}

export interface Namespace extends Meta {
  readonly kind: 'Namespace';
  readonly phase?: string;
}

/** The template of pods that a workload runs. */
export interface Template {
  /** Image by container. */
  readonly images: Readonly<Record<string, string>>;
  /** Names of the ConfigMaps that it reads. */
  readonly configMaps: readonly string[];
}

export interface Workload extends Meta {
  readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet' | 'ReplicaSet' | 'Job' | 'CronJob';
  readonly generation?: number;
  readonly observedGeneration?: number;
  /** The number that Kubernetes gives to a rollout. */
  readonly revision?: string;
  /** A ReplicaSet that had another revision before: somebody went back to it. */
  readonly reused?: true;
  readonly paused: boolean;
  /** For a CronJob: when it runs. */
  readonly schedule?: string;
  readonly replicas: {
    readonly desired?: number;
    readonly ready?: number;
    readonly available?: number;
    readonly updated?: number;
    readonly failed?: number;
    readonly succeeded?: number;
  };
  readonly conditions: readonly Condition[];
  readonly template?: Template;
}

/** One state of the template of a StatefulSet or DaemonSet. */
export interface Revision extends Meta {
  readonly kind: 'ControllerRevision';
  readonly revision?: string;
  readonly template?: Template;
}

export interface ClusterEvent extends Meta {
  readonly kind: 'Event';
  readonly about: { readonly kind: string; readonly namespace: string; readonly name: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count: number;
  readonly lastAt?: number;
}

export interface ConfigMap extends Meta {
  readonly kind: 'ConfigMap';
}

export type ClusterObject = Pod | Node | Namespace | Workload | Revision | ClusterEvent | ConfigMap;

/** The object of a kind. */
export type ObjectOf<K extends KindName> = K extends Workload['kind']
  ? Workload
  : Extract<ClusterObject, { kind: K }>;
