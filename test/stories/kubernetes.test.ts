import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deployment, namespace, node, pod, replicaSet } from '../fakes/kubernetes-objects.ts';
import { startFakeKubernetes, type FakeKubernetes } from '../fakes/kubernetes.ts';
import { startSink } from '../fakes/sink.ts';
import { startHub } from '../harness.ts';
import { alertmanagerBody, processed } from './told.ts';

/** What the connector watches by default. */
const KINDS = 11;

function clusterYaml({ kubeconfig }: FakeKubernetes, sinkURL: string): string {
  return `
integrations:
  prom: { connector: alertmanager }
  eu-1: { connector: kubernetes, config: { cluster: eu-1, kubeconfig: '${kubeconfig}' } }
  pager: { connector: webhook, config: { url: "${sinkURL}", format: template, template: '{{ alerts | json }}' } }
enrichment: [{ id: cluster, integration: eu-1 }]
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 1m, group_interval: 1h }
`;
}

const about = (podName: string) =>
  alertmanagerBody({
    name: 'KubePodCrashLooping',
    labels: { namespace: 'shop', pod: podName, cluster: 'eu-1' },
  });

test('[BR-AP-002] [BR-AP-011] [HNP-079] an alert about a pod is delivered with its owners, its rollout and the change of its image, and no alert costs the cluster a request', async (t) => {
  await using sink = await startSink();
  const cluster = await startFakeKubernetes();
  t.after(cluster.close);
  cluster.put('namespaces', namespace('shop', { tier: 'gold' }));
  cluster.put('nodes', node('node-1'));
  cluster.put('replicasets', replicaSet(1, 'shop/api:1', '2025-12-01T00:00:00Z'));
  cluster.put('replicasets', replicaSet(2, 'shop/api:2', new Date().toISOString()));
  cluster.put('deployments', deployment('shop/api:2', '2'));
  for (const name of ['api-2-x', 'api-2-y']) cluster.put('pods', pod(name));
  await using hub = await startHub({ yaml: clusterYaml(cluster, sink.url) });
  await cluster.watches(KINDS);

  const before = cluster.requests.length;
  for (const name of ['api-2-x', 'api-2-y']) await processed(hub, await hub.send('/hooks/prom', about(name)));
  assert.equal(cluster.requests.length, before);

  await hub.forward(60_000);
  const [request] = await sink.received(1);
  const alerts = JSON.parse(request!.body) as { context?: Record<string, any> }[];
  assert.equal(alerts.length, 2);
  for (const { context } of alerts) {
    const { pod: told, owners, rollout, changes, namespace: home } = context?.['cluster'] ?? {};
    assert.equal(told.containers[0].lastReason, 'OOMKilled');
    assert.deepEqual(owners.at(-1), { kind: 'Deployment', name: 'api' });
    assert.deepEqual(rollout.previousImages, { api: 'shop/api:1' });
    assert.deepEqual(
      [changes[0].what, changes[0].from, changes[0].to],
      ['image', { api: 'shop/api:1' }, { api: 'shop/api:2' }],
    );
    assert.equal(home.labels.tier, 'gold');
  }
});

test('[BR-AP-011] a cluster that refuses everything keeps no alert back: it is delivered and says what is missing', async (t) => {
  await using sink = await startSink();
  const cluster = await startFakeKubernetes();
  t.after(cluster.close);
  cluster.refuse('*', 401);
  await using hub = await startHub({ yaml: clusterYaml(cluster, sink.url) });
  await processed(hub, await hub.send('/hooks/prom', about('api-2-x')));
  await hub.forward(60_000);
  const [request] = await sink.received(1);
  const alerts = JSON.parse(request!.body) as { missing?: Record<string, string> }[];
  assert.match(alerts[0]?.missing?.['cluster'] ?? '', /Nothing is known of cluster eu-1 yet/);
});
