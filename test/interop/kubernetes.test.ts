import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isFault } from '@signalbox/sdk';
import { testContext } from '@signalbox/sdk/testing';
import { clusters, scopesOf } from '../../connectors/kubernetes/cluster-memory.ts';
import { enricher } from '../../connectors/kubernetes/enricher.ts';
import { probe } from '../../connectors/kubernetes/probe.ts';
import { KIND_NAMES } from '../../connectors/kubernetes/records.ts';
import { run } from '../../connectors/kubernetes/run.ts';
import { keepRunning } from '../../src/host/keep-running.ts';
import { alertOf, configOf } from '../fakes/kubernetes-watching.ts';
import { until } from '../harness.ts';
import { CLUSTER_PROGRAMS, startCluster } from './kubernetes-cluster.ts';
import { findProgram } from './program.ts';

const MANIFEST = fileURLToPath(new URL('../../connectors/kubernetes/rbac.yaml', import.meta.url));

test('[BR-AP-011] [BR-AP-029] [HNP-079] a real API server is watched with the rights of the manifest: rollouts, scaling, config, namespaces, and a restart in between', async (t) => {
  const missing = CLUSTER_PROGRAMS.filter((name) => findProgram(name) === undefined);
  if (missing.length > 0) return t.skip(`not on the PATH: ${missing.join(', ')} (see kubernetes-cluster.ts)`);
  await using cleanup = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-kubernetes-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  const cluster = await startCluster(folder, cleanup);
  const { kubectl } = cluster;

  const config = configOf({ kubeconfig_file: cluster.readerKubeconfig, kinds: KIND_NAMES });
  const stop = new AbortController();
  const { context, close } = testContext({ config, signal: stop.signal, now: () => new Date() });
  cleanup.defer(close);
  await assert.rejects(
    probe(context),
    (error) => isFault(error) && /may not list pods, nodes/.test(error.message),
  );

  await kubectl('create', 'namespace', 'signalbox');
  await kubectl('create', 'namespace', 'shop');
  await kubectl('apply', '-f', MANIFEST);
  await kubectl('create', 'clusterrolebinding', 'reader', '--clusterrole=signalbox-reader', '--user=reader');
  await assert.rejects(
    probe(context),
    (error) => isFault(error) && /may not list configmaps \(403\)/.test(error.message),
  );
  await kubectl('create', 'clusterrole', 'maps', '--verb=get,list,watch', '--resource=configmaps');
  await kubectl('create', 'clusterrolebinding', 'maps', '--clusterrole=maps', '--user=reader');
  await probe(context);

  await kubectl('-n', 'shop', 'create', 'configmap', 'settings', '--from-literal=password=s3cret');
  await kubectl('-n', 'shop', 'create', 'deployment', 'api', '--image=shop/api:1', '--replicas=2');
  await kubectl('-n', 'shop', 'set', 'env', 'deployment/api', '--from=configmap/settings');
  await kubectl('-n', 'shop', 'set', 'image', 'deployment/api', 'api=shop/api:2');

  const { copy, namespaces } = clusters.of(config);
  const running = keepRunning(() => run(context, async () => {}), {
    signal: stop.signal,
    random: () => 0.5,
    wait: (ms, signal) => wait(ms, undefined, { signal }),
    onWell: () => {},
    onDown: (error) => t.diagnostic(String(error)),
  });
  cleanup.defer(async () => {
    stop.abort();
    await running.ended;
  });
  const watching = () => scopesOf(config).every((scope) => copy.state(scope).watching);
  const facts = async () =>
    (await enricher.enrich(alertOf({ namespace: 'shop', deployment: 'api' }), context)) as Record<
      string,
      any
    >;
  const changes = async () =>
    ((await facts())['changes'] ?? []) as { what: string; from?: object; to?: object }[];
  const changed = (what: string, to?: object) =>
    until(what, async () =>
      (await changes()).some(
        (change) => change.what === what && (!to || JSON.stringify(change.to) === JSON.stringify(to)),
      ),
    );

  await until('everything is watched', async () => watching());
  await changed('image', { api: 'shop/api:2' });
  assert.deepEqual((await facts())['rollout'].images, { api: 'shop/api:2' });

  await kubectl('-n', 'shop', 'scale', 'deployment/api', '--replicas=5');
  await changed('scale', { replicas: '5' });
  await kubectl('-n', 'shop', 'create', 'configmap', 'other', '--from-literal=a=b');
  await kubectl('-n', 'shop', 'patch', 'configmap', 'settings', '-p', '{"data":{"password":"s3cret2"}}');
  await changed('config');
  await kubectl('-n', 'shop', 'rollout', 'undo', 'deployment/api');
  await changed('rollback');
  await kubectl('create', 'namespace', 'passing');
  await kubectl('label', 'namespace', 'passing', 'tier=gold');
  await kubectl('delete', 'namespace', 'passing');
  const steps = () => namespaces.entries('passing').map(({ what }) => what);
  await until('the namespace is gone', async () => steps().includes('deleted'));
  assert.deepEqual([...new Set(steps())], ['created', 'labels', 'terminating', 'deleted']);

  await cluster.restartServer();
  await kubectl('-n', 'shop', 'set', 'image', 'deployment/api', 'api=shop/api:3');
  await changed('image', { api: 'shop/api:3' });
  await until('everything is watched again', async () => watching());
  assert.doesNotMatch(JSON.stringify(KIND_NAMES.map((kind) => [...copy.all(kind)])), /s3cret/);
});
