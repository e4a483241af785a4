import { secret, Type, type Static } from '@signalbox/sdk';
import { KIND_NAMES } from './records.ts';

function names(what: string, list: readonly string[]) {
  return Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
    description: `Labels that name ${what}; the first that an alert has counts.`,
    default: list,
    maxItems: 10,
    examples: [list],
  });
}

export const config = Type.Object(
  {
    cluster: Type.String({
      description: 'Name of the cluster, shown with everything that is known of it.',
      minLength: 1,
      maxLength: 128,
      examples: ['eu-1'],
    }),
    cluster_labels: Type.Array(Type.String({ minLength: 1, maxLength: 128 }), {
      description:
        'Labels that name the cluster of an alert. An alert that has one of them with another value than `cluster` is none of this integration’s; one that has none of them is.',
      default: ['cluster', 'cluster_name', 'k8s_cluster'],
      maxItems: 10,
      examples: [['cluster']],
    }),
    kubeconfig_file: Type.Optional(
      Type.String({
        description:
          'Path of a kubeconfig. It and the files it names are read again for each connection, so that rotated tokens and certificates are used. Without `kubeconfig_file` and `kubeconfig` the hub takes the service account of the pod it runs in.',
        minLength: 1,
        examples: ['/etc/signalbox/eu-1.kubeconfig'],
      }),
    ),
    kubeconfig: Type.Optional(
      secret({
        description: 'The kubeconfig itself, in YAML or JSON, in place of a file.',
        maxLength: 1_048_576,
        examples: ['${env:EU_1_KUBECONFIG}'],
      }),
    ),
    context: Type.Optional(
      Type.String({
        description: 'Context of the kubeconfig; default its `current-context`.',
        minLength: 1,
        examples: ['eu-1-reader'],
      }),
    ),
    service_account_folder: Type.String({
      description: 'Where the token and the authority of the pod’s service account are.',
      default: '/var/run/secrets/kubernetes.io/serviceaccount',
      examples: ['/var/run/secrets/tokens'],
    }),
    exec_commands: Type.Array(Type.String({ minLength: 1, maxLength: 1_024 }), {
      description:
        'Credential plugins that the kubeconfig may run, exactly as they stand in its `exec.command`. None by default: a kubeconfig from elsewhere must not start programs.',
      default: [],
      maxItems: 10,
      examples: [['aws'], ['gke-gcloud-auth-plugin']],
    }),
    exec_env: Type.Array(Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_]*$' }), {
      description:
        'Environment variables of the hub that such a plugin gets besides `PATH`, `HOME`, the locale and the proxies.',
      default: [],
      maxItems: 20,
      examples: [['AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN']],
    }),
    allow_insecure_tls: Type.Boolean({
      description:
        'Honor `insecure-skip-tls-verify: true` of the kubeconfig. Anybody on the path can then read the token. Otherwise such a kubeconfig is refused.',
      default: false,
    }),
    namespaces: Type.Array(Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }), {
      description:
        'Watch these namespaces only, each by requests of its own: for an account that may not read the whole cluster. Empty: all.',
      default: [],
      maxItems: 50,
      examples: [['shop', 'billing']],
    }),
    kinds: Type.Array(Type.Enum([...KIND_NAMES]), {
      description:
        'What is watched. `ConfigMap` reads metadata only, and shows when the configuration of a workload changed; it is not among the defaults, because the right to list them is the right to read them.',
      default: KIND_NAMES.filter((name) => name !== 'ConfigMap'),
      minItems: 1,
      examples: [['Pod', 'Node', 'Namespace', 'ReplicaSet', 'Deployment', 'Event']],
    }),
    events: Type.Enum(['all', 'warning', 'none'], {
      description: 'Which of the cluster’s events are kept.',
      default: 'all',
      examples: ['warning'],
    }),
    changes_within_minutes: Type.Integer({
      description: 'How far back rollouts and changes of the configuration are told.',
      default: 360,
      minimum: 1,
      maximum: 43_200,
      examples: [60],
    }),
    annotations: Type.Array(Type.String({ minLength: 1, maxLength: 317 }), {
      description:
        'Annotations of namespaces and workloads that are kept, such as the owner. Others are not.',
      default: ['kubernetes.io/change-cause'],
      maxItems: 50,
      examples: [['example.org/owner', 'example.org/runbook']],
    }),
    max_mebibytes: Type.Integer({
      description:
        'About how much memory the copy of the cluster may take. Above it nothing is added but what replaces something, and results say that they are incomplete.',
      default: 256,
      minimum: 1,
      maximum: 8_192,
      examples: [512],
    }),
    labels: Type.Object(
      {
        namespace: names('the namespace', ['exported_namespace', 'namespace', 'kubernetes_namespace']),
        pod: names('the pod', ['exported_pod', 'pod', 'pod_name', 'kubernetes_pod_name']),
        container: names('the container', ['exported_container', 'container', 'container_name']),
        node: names('the node', ['node', 'kubernetes_node', 'node_name']),
        deployment: names('the deployment', ['deployment']),
        statefulset: names('the stateful set', ['statefulset']),
        daemonset: names('the daemon set', ['daemonset']),
        replicaset: names('the replica set', ['replicaset']),
        job: names('the job; the label `job` is Prometheus’s own and means a scrape job', ['job_name']),
        cronjob: names('the cron job', ['cronjob']),
      },
      {
        description: 'Which labels of an alert name what it is about.',
        default: {},
      },
    ),
  },
  { additionalProperties: false },
);

export type KubernetesConfig = Static<typeof config>;
