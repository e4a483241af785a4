import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFault } from '@signalbox/sdk';
import { conformance, testContext } from '@signalbox/sdk/testing';
import { FAKE_KUBERNETES_TOKEN, kubeconfigFor, startFakeKubernetes } from '../../test/fakes/kubernetes.ts';
import { enricher } from './enricher.ts';
import connector from './index.ts';
import { KINDS } from './kinds.ts';
import { probe } from './probe.ts';
import {
  configMap,
  deployment,
  event,
  namespace,
  node,
  pod,
  replicaSet,
} from '../../test/fakes/kubernetes-objects.ts';
import { alertOf, configOf, until, watch } from '../../test/fakes/kubernetes-watching.ts';
import type { FakeKubernetes } from '../../test/fakes/kubernetes.ts';

conformance(connector, {
  dir: import.meta.dirname,
  vendor: ['yaml'],
  config: (url) => ({ cluster: 'eu-1', kubeconfig: kubeconfigFor(url, FAKE_KUBERNETES_TOKEN) }),
});

function shop(cluster: FakeKubernetes) {
  cluster.put('namespaces', namespace('shop', { tier: 'gold' }));
  cluster.put('nodes', node('node-1', false));
  cluster.put('replicasets', replicaSet(1, 'shop/api:1', '2025-12-01T00:00:00Z'));
  cluster.put('replicasets', replicaSet(2, 'shop/api:2', '2025-12-31T23:49:00Z'));
  cluster.put('deployments', deployment('shop/api:2', '2'));
  cluster.put('pods', pod('api-2-x'));
  cluster.put('events', event('e1', { kind: 'Pod', name: 'api-2-x' }, 'BackOff', '2025-12-31T23:59:30Z'));
  cluster.put(
    'events',
    event('e2', { kind: 'Node', name: 'node-1' }, 'NodeNotReady', '2025-12-31T23:58:00Z'),
  );
  cluster.put('configmaps', configMap('settings', '2025-12-01T00:00:00Z', '2025-12-31T23:40:00Z'));
}

const ABOUT_POD = { namespace: 'shop', pod: 'api-2-x', container: 'api' };

test('[BR-AP-011] [HNP-079] an alert about a pod learns pod, owners, node, events, rollout and namespace from the copy, and no request is made for it', async (t) => {
  const own = { kinds: Object.keys(KINDS), annotations: ['example.org/owner'] };
  const { cluster, enrich, watching } = await watch(t, own, shop);
  await watching();
  const before = cluster.requests.length;
  const facts = await enrich(ABOUT_POD);
  assert.equal(cluster.requests.length, before);
  assert.deepEqual(facts, {
    cluster: 'eu-1',
    asOf: '2026-01-01T00:00:00.000Z',
    pod: {
      name: 'api-2-x',
      namespace: 'shop',
      phase: 'Running',
      ready: false,
      restarts: 7,
      node: 'node-1',
      startedAt: '2025-12-31T23:50:00.000Z',
      labels: { app: 'api' },
      conditions: [{ type: 'Ready', status: 'False', reason: 'ContainersNotReady' }],
      containers: [
        {
          name: 'api',
          image: 'shop/api:2',
          ready: false,
          restarts: 7,
          state: 'waiting',
          reason: 'CrashLoopBackOff',
          lastReason: 'OOMKilled',
          lastExitCode: 137,
          lastEndedAt: '2025-12-31T23:59:00.000Z',
        },
      ],
    },
    owners: [
      { kind: 'ReplicaSet', name: 'api-2' },
      { kind: 'Deployment', name: 'api' },
    ],
    workload: {
      kind: 'Deployment',
      name: 'api',
      namespace: 'shop',
      replicas: { desired: 1, ready: 1, available: 1, updated: 1 },
      images: { api: 'shop/api:2' },
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
    },
    rollout: {
      state: 'complete',
      revision: '2',
      changedAt: '2025-12-31T23:49:00.000Z',
      images: { api: 'shop/api:2' },
      previousImages: { api: 'shop/api:1' },
      reason: 'NewReplicaSetAvailable',
    },
    node: {
      name: 'node-1',
      ready: false,
      conditions: [
        { type: 'MemoryPressure', status: 'True', reason: 'Kubelet', since: '2025-12-31T23:00:00.000Z' },
        { type: 'Ready', status: 'False', reason: 'Kubelet', since: '2025-12-31T23:00:00.000Z' },
      ],
      zone: 'eu-1a',
      kubelet: 'v1.34.4',
    },
    namespace: {
      name: 'shop',
      phase: 'Active',
      labels: { tier: 'gold' },
      annotations: { 'example.org/owner': 'team-shop' },
    },
    events: [
      {
        type: 'Warning',
        reason: 'BackOff',
        message: 'BackOff of api-2-x',
        count: 3,
        lastAt: '2025-12-31T23:59:30.000Z',
        object: 'Pod api-2-x',
      },
      {
        type: 'Warning',
        reason: 'NodeNotReady',
        message: 'NodeNotReady of node-1',
        count: 3,
        lastAt: '2025-12-31T23:58:00.000Z',
        object: 'Node node-1',
      },
    ],
    changes: [
      {
        what: 'image',
        kind: 'Deployment',
        namespace: 'shop',
        name: 'api',
        at: '2025-12-31T23:49:00.000Z',
        revision: '2',
        from: { api: 'shop/api:1' },
        to: { api: 'shop/api:2' },
      },
      {
        what: 'config',
        kind: 'ConfigMap',
        namespace: 'shop',
        name: 'settings',
        at: '2025-12-31T23:40:00.000Z',
      },
    ],
  });
});

test('a change in the cluster is in the next answer: a pod that recovers, one that goes, a rollout, a scaling', async (t) => {
  const { cluster, enrich, watching, memory } = await watch(t, {}, shop);
  await watching();
  cluster.put('replicasets', replicaSet(3, 'shop/api:3', '2025-12-31T23:59:50Z'));
  cluster.put('deployments', deployment('shop/api:3', '3', { replicas: 4 }));
  cluster.remove('pods', 'shop', 'api-2-x');
  await until(() => memory.copy.find('Pod', 'shop', 'api-2-x') === undefined);
  await until(() => memory.copy.find('Deployment', 'shop', 'api')?.revision === '3');
  const facts = (await enrich({ ...ABOUT_POD, deployment: 'api' })) as Record<string, any>;
  assert.equal(facts['pod'].deletedAt, '2026-01-01T00:00:00.000Z');
  assert.equal(facts['rollout'].images.api, 'shop/api:3');
  assert.deepEqual(
    facts['changes'].map(({ what, from, to }: Record<string, unknown>) => [what, from, to]),
    [
      ['scale', { replicas: '1' }, { replicas: '4' }],
      ['image', { api: 'shop/api:2' }, { api: 'shop/api:3' }],
      ['image', { api: 'shop/api:1' }, { api: 'shop/api:2' }],
    ],
  );
});

test('nothing that may be secret is kept: no environment, no last applied configuration, no data of a ConfigMap', async (t) => {
  const { memory, watching, cluster } = await watch(t, { kinds: Object.keys(KINDS) }, shop);
  await watching();
  const kept = Object.keys(KINDS).flatMap((kind) => [...memory.copy.all(kind as keyof typeof KINDS)]);
  assert.ok(kept.length >= 9);
  assert.doesNotMatch(JSON.stringify(kept), /s3cret|managedFields|last-applied/);
  const accepts = cluster.requests.filter(({ path }) => path.endsWith('/configmaps'));
  for (const { headers } of accepts) assert.match(headers['accept'] ?? '', /as=PartialObjectMetadata/);
});

test('a watch that is cut goes on at its place, without a new list', async (t) => {
  const { cluster, watching, memory } = await watch(t, {}, shop);
  await watching();
  const lists = () => cluster.requests.filter(({ query }) => query['watch'] === undefined).length;
  const before = lists();
  cluster.bookmark();
  cluster.cut();
  cluster.put('pods', pod('api-2-y'));
  await until(() => memory.copy.find('Pod', 'shop', 'api-2-y') !== undefined);
  await watching();
  assert.equal(lists(), before);
});

test('what was missed beyond recall is listed again: what is gone goes, what is new comes', async (t) => {
  const { cluster, watching, memory } = await watch(t, { kinds: ['Pod', 'Namespace'] }, shop);
  await watching();
  cluster.cut();
  cluster.remove('pods', 'shop', 'api-2-x');
  cluster.put('pods', pod('api-2-y'));
  cluster.remove('namespaces', '', 'shop');
  cluster.compact();
  await until(() => memory.copy.find('Pod', 'shop', 'api-2-y') !== undefined);
  await until(() => memory.copy.find('Namespace', '', 'shop') === undefined);
  assert.equal(memory.copy.find('Pod', 'shop', 'api-2-x'), undefined);
  assert.deepEqual(
    memory.namespaces.entries().map(({ namespace: name, what }) => [name, what]),
    [['shop', 'deleted']],
  );
});

test('large lists come in pages, and a list whose pages expire in the middle begins anew', async (t) => {
  const { cluster, watching, memory } = await watch(t, { kinds: ['Pod'] }, (fake) => {
    for (let n = 0; n < 1_201; n += 1) fake.put('pods', pod(`api-2-${n}`));
  });
  await watching();
  const pages = cluster.requests.filter(({ query }) => query['watch'] === undefined);
  assert.deepEqual(
    pages.map(({ query }) => [query['limit'], query['continue'] !== undefined]),
    [
      ['500', false],
      ['500', true],
      ['500', true],
    ],
  );
  assert.equal(memory.copy.size().objects, 1_201);
});

test('garbage in a watch ends it and is named, and the copy goes on', async (t) => {
  const { cluster, watching, memory, lines, enrich } = await watch(t, { kinds: ['Pod', 'Node'] }, shop);
  await watching();
  cluster.say('pods', '<html>a proxy says no</html>');
  await until(() => lines.some((line) => line.includes('none of a watch')));
  assert.equal(((await enrich(ABOUT_POD)) as Record<string, any>)['pod'].name, 'api-2-x');
  await watching();
  cluster.put('pods', pod('api-2-y'));
  await until(() => memory.copy.find('Pod', 'shop', 'api-2-y') !== undefined);
});

test('a right that is missing stops no other kind, and the answer says what is missing and why', async (t) => {
  const { cluster, enrich, scopes, lines } = await watch(t, {}, (fake) => {
    shop(fake);
    fake.refuse('nodes', 403);
  });
  await cluster.watches(scopes.length - 1);
  const facts = (await enrich(ABOUT_POD)) as Record<string, any>;
  assert.equal(facts['pod'].name, 'api-2-x');
  assert.match(facts['incomplete'].Node, /may not list and watch nodes \(403\)/);
  assert.ok(lines.some((line) => /"kind":"Node"/.test(line) && /403/.test(line)));
});

test('[BR-AP-011] a copy that is not filled yet says so at once instead of waiting', async (t) => {
  const { enrich } = await watch(t, {}, (fake) => fake.refuse('*', 503));
  const thrown = await enrich(ABOUT_POD).then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(isFault(thrown));
  assert.equal(thrown.code, 'SB_UNAVAILABLE');
  assert.match(thrown.message, /Nothing is known of cluster eu-1 yet.*Pod: /);
});

test('an object that is not there is said to be missing, not made up', async (t) => {
  const { enrich, watching } = await watch(t, {}, shop);
  await watching();
  const facts = await enrich({ namespace: 'shop', pod: 'no-such-pod' });
  assert.deepEqual(facts['notFound'], ['Pod shop/no-such-pod']);
  assert.equal(facts['pod'], undefined);
});

test('when the cluster refuses everything the task ends with the fault, and the copy stays with its age', async (t) => {
  const { cluster, watching, running, enrich } = await watch(t, { kinds: ['Pod', 'Node'] }, shop);
  await watching();
  cluster.refuse('*', 401);
  cluster.cut();
  await assert.rejects(
    running,
    (error) => isFault(error) && error.code === 'SB_AUTH' && error.status === 401,
  );
  const facts = (await enrich(ABOUT_POD)) as Record<string, any>;
  assert.equal(facts['pod'].name, 'api-2-x');
  assert.match(facts['incomplete'].Pod, /does not know the credentials/);
});

test('aborting ends the task and every watch', async (t) => {
  const { cluster, watching, running, stop } = await watch(t, {}, shop);
  await watching();
  stop.abort();
  await running;
  await until(() => cluster.openWatches() === 0);
});

test('[BR-AP-029] the life of a namespace is logged and told: created, labels changed, terminating, deleted; what was there before is no news', async (t) => {
  const { cluster, watching, memory, lines, enrich } = await watch(t, { kinds: ['Namespace'] }, shop);
  await watching();
  cluster.put('namespaces', namespace('billing', { tier: 'silver' }));
  cluster.put('namespaces', namespace('billing', { tier: 'gold' }));
  cluster.put('namespaces', namespace('billing', { tier: 'gold' }, 'Terminating'));
  cluster.remove('namespaces', '', 'billing');
  await until(() => memory.namespaces.entries().length === 4);
  assert.deepEqual(
    memory.namespaces.entries().map(({ what, from, to }) => [what, from, to]),
    [
      ['created', undefined, undefined],
      ['labels', { tier: 'silver' }, { tier: 'gold' }],
      ['terminating', undefined, undefined],
      ['deleted', undefined, undefined],
    ],
  );
  assert.equal(
    lines.filter((line) => line.includes('a namespace changed') && line.includes('billing')).length,
    4,
  );
  cluster.put('namespaces', namespace('shop', { tier: 'bronze' }));
  await until(() => memory.namespaces.entries('shop').length === 1);
  const facts = (await enrich({ namespace: 'shop' })) as Record<string, any>;
  assert.deepEqual(facts['namespace'].history, [
    { what: 'labels', at: '2026-01-01T00:00:00.000Z', from: { tier: 'gold' }, to: { tier: 'bronze' } },
  ]);
});

test('with chosen namespaces each is asked for by itself, and alerts from others are none of this integration', async (t) => {
  const own = { namespaces: ['shop'], kinds: ['Pod', 'Namespace', 'Deployment'] };
  const { cluster, watching, config } = await watch(t, own, (fake) => {
    shop(fake);
    fake.put('namespaces', namespace('billing'));
  });
  await watching();
  const asked = cluster.requests.map(({ path, query }) => `${path} ${query['fieldSelector'] ?? ''}`.trim());
  assert.deepEqual([...new Set(asked)].toSorted(), [
    '/api/v1/namespaces metadata.name=shop',
    '/api/v1/namespaces/shop/pods',
    '/apis/apps/v1/namespaces/shop/deployments',
  ]);
  assert.equal(enricher.cacheKey(alertOf({ namespace: 'billing', pod: 'x' }), config), undefined);
  assert.notEqual(enricher.cacheKey(alertOf({ namespace: 'shop', pod: 'x' }), config), undefined);
});

test('the copy stops growing at its limit and says what it left out', async (t) => {
  const own = { kinds: ['Pod'], max_mebibytes: 1 };
  const { watching, memory, enrich } = await watch(t, own, (fake) => {
    fake.put('pods', pod('api-2-x'));
    for (let n = 0; n < 2_000; n += 1) fake.put('pods', pod(`api-2-${n}`));
  });
  await watching();
  assert.ok(memory.copy.size().bytes <= 1_048_576);
  assert.ok(memory.copy.size().objects < 2_001);
  const facts = (await enrich(ABOUT_POD)) as Record<string, any>;
  assert.match(facts['incomplete'].Pod, /objects are left out, see max_mebibytes/);
});

test('the probe names every right that is missing, and asks for one object at most', async (t) => {
  const cluster = await startFakeKubernetes();
  t.after(cluster.close);
  const { context, close } = testContext({ config: configOf({ kubeconfig: cluster.kubeconfig }) });
  t.after(close);
  await probe(context);
  assert.ok(cluster.requests.every(({ query }) => query['limit'] === '1'));
  cluster.refuse('pods', 403);
  cluster.refuse('nodes', 403);
  await assert.rejects(
    probe(context),
    (error) =>
      isFault(error) && error.code === 'SB_AUTH' && /may not list pods, nodes \(403\)/.test(error.message),
  );
});
