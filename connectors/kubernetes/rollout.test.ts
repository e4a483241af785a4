import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployment, replicaSet } from '../../test/fakes/kubernetes-objects.ts';
import type { FakeObject } from '../../test/fakes/kubernetes.ts';
import { createClusterCopy, type ClusterCopy } from './cluster-copy.ts';
import { KINDS } from './kinds.ts';
import type { KindName, Workload } from './records.ts';
import { changesOf, rolloutOf } from './rollout.ts';

function copyOf(objects: readonly (readonly [KindName, FakeObject])[]): ClusterCopy {
  const copy = createClusterCopy(1_000_000);
  for (const [kind, object] of objects) {
    copy.put({ kind, namespace: '' }, KINDS[kind].keep(object, { annotations: [] })!, 0);
  }
  return copy;
}

/** What changed in the only workload of a copy, as `what revision`. */
function told(copy: ClusterCopy, workload: Workload, since = '2025-01-01T00:00:00Z'): readonly string[] {
  return changesOf(copy, workload, [], Date.parse(since)).map(({ what, revision }) =>
    `${what} ${revision ?? ''}`.trim(),
  );
}

function api(copy: ClusterCopy): Workload {
  return copy.find('Deployment', 'shop', 'api')!;
}

const conditions = (reason: string, status = 'True') => ({
  conditions: [{ type: 'Progressing', status, reason, lastUpdateTime: '2025-12-31T12:00:00Z' }],
});

test('going back to an earlier template is a rollback at the time of the rollout, not of the template', () => {
  const reused = replicaSet(3, 'shop/api:1', '2025-12-01T00:00:00Z');
  const annotations = {
    'deployment.kubernetes.io/revision': '3',
    'deployment.kubernetes.io/revision-history': '1',
  };
  const back = deployment('shop/api:1', '3');
  const copy = copyOf([
    ['ReplicaSet', replicaSet(2, 'shop/api:2', '2025-12-30T00:00:00Z')],
    ['ReplicaSet', { ...reused, metadata: { ...reused.metadata, annotations } }],
    [
      'Deployment',
      { ...back, status: { ...(back['status'] as object), ...conditions('NewReplicaSetAvailable') } },
    ],
  ]);
  assert.deepEqual(told(copy, api(copy)), ['rollback 3', 'template 2']);
  const [rollback] = changesOf(copy, api(copy), [], 0);
  assert.deepEqual(
    [new Date(rollback!.at).toISOString(), rollback!.from, rollback!.to],
    ['2025-12-31T12:00:00.000Z', { api: 'shop/api:2' }, { api: 'shop/api:1' }],
  );
});

test('what is older than asked for is not told, and the same images are a change of the template', () => {
  const copy = copyOf([
    ['ReplicaSet', replicaSet(1, 'shop/api:1', '2025-12-01T00:00:00Z')],
    ['ReplicaSet', replicaSet(2, 'shop/api:1', '2025-12-30T00:00:00Z')],
    ['Deployment', deployment('shop/api:1', '2')],
  ]);
  assert.deepEqual(told(copy, api(copy)), ['template 2', 'created 1']);
  assert.deepEqual(told(copy, api(copy), '2025-12-29T00:00:00Z'), ['template 2']);
});

test('revisions are ordered as numbers', () => {
  const copy = copyOf([
    ['ReplicaSet', replicaSet(10, 'shop/api:10', '2025-12-31T00:00:00Z')],
    ['ReplicaSet', replicaSet(9, 'shop/api:9', '2025-12-30T00:00:00Z')],
    ['Deployment', deployment('shop/api:10', '10')],
  ]);
  assert.deepEqual(rolloutOf(copy, api(copy))?.previousImages, { api: 'shop/api:9' });
});

const states: readonly [name: string, spec: object, status: object, state: string][] = [
  ['one that is over', {}, conditions('NewReplicaSetAvailable'), 'complete'],
  [
    'one that is over and whose pods fail later',
    {},
    { ...conditions('NewReplicaSetAvailable'), availableReplicas: 0 },
    'complete',
  ],
  ['one that is under way', {}, conditions('ReplicaSetUpdated'), 'progressing'],
  [
    'one that the controller has not seen yet',
    {},
    { ...conditions('NewReplicaSetAvailable'), observedGeneration: 0 },
    'progressing',
  ],
  ['one that takes too long', {}, conditions('ProgressDeadlineExceeded', 'False'), 'stuck'],
  ['one that somebody holds', { paused: true }, conditions('DeploymentPaused', 'Unknown'), 'paused'],
];
for (const [name, spec, status, state] of states) {
  test(`the rollout of ${name} is ${state}`, () => {
    const object = deployment('shop/api:1', '1', { ...spec });
    const copy = copyOf([
      ['Deployment', { ...object, status: { ...(object['status'] as object), ...status } }],
    ]);
    assert.equal(rolloutOf(copy, api(copy))?.state, state);
  });
}

test('stateful sets and daemon sets have their history in controller revisions', () => {
  for (const kind of ['StatefulSet', 'DaemonSet'] as const) {
    const revision = (number: number, image: string, creationTimestamp: string): FakeObject => ({
      revision: number,
      data: { spec: { template: { spec: { containers: [{ name: 'db', image }] } } } },
      metadata: {
        name: `db-${number}`,
        namespace: 'shop',
        creationTimestamp,
        ownerReferences: [{ kind, name: 'db', uid: 'uid-db', controller: true }],
      },
    });
    const copy = copyOf([
      [
        kind,
        {
          metadata: { name: 'db', namespace: 'shop', uid: 'uid-db' },
          spec: { replicas: 1 },
          status: { updatedReplicas: 1 },
        },
      ],
      ['ControllerRevision', revision(1, 'db:1', '2025-12-01T00:00:00Z')],
      ['ControllerRevision', revision(2, 'db:2', '2025-12-02T00:00:00Z')],
    ]);
    const workload = copy.find(kind, 'shop', 'db')!;
    assert.deepEqual(told(copy, workload), ['image 2', 'created 1']);
    assert.deepEqual(rolloutOf(copy, workload)?.previousImages, { db: 'db:1' });
  }
});

test('jobs have no rollout', () => {
  const copy = copyOf([['Job', { metadata: { name: 'j', namespace: 'shop' } }]]);
  assert.equal(rolloutOf(copy, copy.find('Job', 'shop', 'j')!), undefined);
});
