import type { FakeObject } from './kubernetes.ts';

// A small shop in a cluster: what a Deployment with one pod on one node looks like, and what its controllers write.

type Extra = Readonly<Record<string, unknown>>;

const controlledBy = (kind: string, name: string, uid: string) => ({
  ownerReferences: [{ apiVersion: 'apps/v1', kind, name, uid, controller: true }],
});

const template = (image: string, more: Extra = {}) => ({
  spec: { containers: [{ name: 'api', image, ...more }] },
});

export function namespace(
  name: string,
  labels: Readonly<Record<string, string>> = {},
  phase = 'Active',
): FakeObject {
  return {
    kind: 'Namespace',
    metadata: { name, labels, annotations: { 'example.org/owner': 'team-shop', noise: 'x' } },
    status: { phase },
  };
}

export function node(name: string, ready = true): FakeObject {
  const since = { lastTransitionTime: '2025-12-31T23:00:00Z' };
  return {
    kind: 'Node',
    metadata: { name, labels: { 'topology.kubernetes.io/zone': 'eu-1a' } },
    spec: {},
    status: {
      nodeInfo: { kubeletVersion: 'v1.34.4' },
      conditions: [
        { type: 'MemoryPressure', status: ready ? 'False' : 'True', reason: 'Kubelet', ...since },
        { type: 'Ready', status: ready ? 'True' : 'False', reason: 'Kubelet', ...since },
      ],
    },
  };
}

export function deployment(image: string, revision: string, more: Extra = {}): FakeObject {
  return {
    kind: 'Deployment',
    metadata: {
      name: 'api',
      namespace: 'shop',
      uid: 'uid-deployment',
      generation: 1,
      annotations: { 'deployment.kubernetes.io/revision': revision },
      managedFields: [
        { manager: 'kubectl', operation: 'Update', time: '2025-12-31T23:00:00Z', fieldsV1: {} },
      ],
    },
    spec: {
      replicas: 1,
      template: template(image, { envFrom: [{ configMapRef: { name: 'settings' } }] }),
      ...more,
    },
    status: {
      observedGeneration: 1,
      updatedReplicas: 1,
      availableReplicas: 1,
      readyReplicas: 1,
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    },
  };
}

export function replicaSet(revision: number, image: string, created: string): FakeObject {
  return {
    kind: 'ReplicaSet',
    metadata: {
      name: `api-${revision}`,
      namespace: 'shop',
      uid: `uid-rs-${revision}`,
      creationTimestamp: created,
      annotations: { 'deployment.kubernetes.io/revision': String(revision) },
      ...controlledBy('Deployment', 'api', 'uid-deployment'),
    },
    spec: { replicas: 1, template: template(image) },
    status: {},
  };
}

export function pod(name: string, replicaSetOf = 'api-2'): FakeObject {
  return {
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'shop',
      labels: { app: 'api' },
      managedFields: [{ manager: 'kubelet', subresource: 'status', time: '2026-01-01T00:00:00Z' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"password":"s3cret"}' },
      ...controlledBy('ReplicaSet', replicaSetOf, `uid-${replicaSetOf}`),
    },
    spec: { nodeName: 'node-1', containers: [{ name: 'api', env: [{ name: 'PASSWORD', value: 's3cret' }] }] },
    status: {
      phase: 'Running',
      startTime: '2025-12-31T23:50:00Z',
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containerStatuses: [
        {
          name: 'api',
          image: 'shop/api:2',
          ready: false,
          restartCount: 7,
          state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
          lastState: {
            terminated: { reason: 'OOMKilled', exitCode: 137, finishedAt: '2025-12-31T23:59:00Z' },
          },
        },
      ],
    },
  };
}

export function event(
  name: string,
  about: { kind: string; name: string },
  reason: string,
  at: string,
): FakeObject {
  return {
    kind: 'Event',
    metadata: { name, namespace: 'shop' },
    involvedObject: { ...about, ...(about.kind === 'Node' ? {} : { namespace: 'shop' }) },
    type: 'Warning',
    reason,
    message: `${reason} of ${about.name}`,
    count: 3,
    lastTimestamp: at,
  };
}

export function configMap(name: string, created: string, changed: string): FakeObject {
  return {
    kind: 'ConfigMap',
    metadata: {
      name,
      namespace: 'shop',
      creationTimestamp: created,
      managedFields: [{ manager: 'kubectl', operation: 'Update', time: changed }],
    },
    data: { password: 's3cret' },
  };
}
