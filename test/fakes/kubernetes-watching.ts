import type { TestContext } from 'node:test';
import { validateConfig, type AlertSnapshot } from '@signalbox/sdk';
import { TEST_NOW, testContext } from '@signalbox/sdk/testing';
import { startFakeKubernetes, type FakeKubernetes } from './kubernetes.ts';
import { clusters, scopesOf } from '../../connectors/kubernetes/cluster-memory.ts';
import { config as schema, type KubernetesConfig } from '../../connectors/kubernetes/config.ts';
import { enricher } from '../../connectors/kubernetes/enricher.ts';
import { run } from '../../connectors/kubernetes/run.ts';

/** A configuration with its defaults. */
export function configOf(own: Readonly<Record<string, unknown>>): KubernetesConfig {
  const result = validateConfig(schema, { cluster: 'eu-1', ...own });
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.config;
}

export function alertOf(labels: Readonly<Record<string, string>>): AlertSnapshot {
  return {
    labels: { alertname: 'KubePodCrashLooping', ...labels },
    annotations: {},
    severity: 'warning',
    status: 'firing',
    startsAt: TEST_NOW.toISOString(),
    fingerprint: '0123456789abcdef',
    integration: 'prom',
  };
}

/** A fake cluster and an integration that watches it, both of which end with the test. */
export async function watch(
  t: TestContext,
  own: Readonly<Record<string, unknown>> = {},
  prepare: (cluster: FakeKubernetes) => void = () => {},
) {
  const cluster = await startFakeKubernetes();
  prepare(cluster);
  const config = configOf({ kubeconfig: cluster.kubeconfig, ...own });
  const stop = new AbortController();
  const { context, lines, close } = testContext({ config, signal: stop.signal });
  const running = run(context, async () => {});
  running.catch(() => {});
  t.after(async () => {
    stop.abort();
    await running.catch(() => {});
    await close();
    await cluster.close();
  });
  return {
    cluster,
    config,
    lines,
    running,
    stop,
    memory: clusters.of(config),
    scopes: scopesOf(config),
    enrich: (labels: Readonly<Record<string, string>>) => enricher.enrich(alertOf(labels), context),
    /** Resolves when every watch is open. */
    watching: () => cluster.watches(scopesOf(config).length),
  };
}

/** Resolves when it holds: looked at again whenever the event loop comes round, so that no time is measured. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
