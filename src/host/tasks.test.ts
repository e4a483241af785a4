import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { Fault, isFault, Type, type Connector } from '@signalbox/sdk';
import { sampleSnapshot } from '@signalbox/sdk/testing';
import type { IntegrationSettings } from '../model/settings.ts';
import { createHost } from './create-host.ts';

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const settings: IntegrationSettings = {
  id: 'own',
  connector: 'acme',
  tenant: 'default',
  config: {},
  delivery: {
    concurrency: 4,
    timeoutMs: 2_000,
    retry: { initialMs: 1, maxMs: 1, factor: 2 },
    deadlineMs: 60_000,
    breaker: { failures: 50, cooldownMs: 1_000 },
    fallback: [],
    fallbackAfterMs: 1_000,
    onUnknown: 'auto',
  },
  http: { tls: { minVersion: 'TLSv1.3' }, reach: 'any' },
};

async function hostWith(t: TestContext, capabilities: Partial<Connector>) {
  const connector: Connector = {
    id: 'acme',
    title: 'Acme',
    summary: 'A vendor.',
    version: '1.0.0',
    config: Type.Object({}),
    ...capabilities,
  };
  const host = await createHost({
    settings: { integrations: { own: settings } },
    connectors: { connectors: new Map([['acme', connector]]), broken: [] },
    log: quiet,
    metrics: undefined,
    now: () => 1_000,
    version: '0.1.0',
  });
  t.after(host.close);
  return { host, integration: host.integrations.get('own')! };
}

const never = () => new Promise<never>(() => {});

test('a question ends with its signal although the connector does not listen to it, and closing waits for nobody', async (t) => {
  const { host, integration } = await hostWith(t, { enricher: { cacheKey: () => 'key', enrich: never } });
  const abort = new AbortController();
  const asked = integration.enrich(sampleSnapshot(), abort.signal);
  abort.abort();
  await assert.rejects(asked, (error) => isFault(error) && error.code === 'SB_UNAVAILABLE');
  assert.equal(integration.health.status, 'degraded');
  const open = assert.rejects(integration.enrich(sampleSnapshot(), new AbortController().signal));
  await host.close();
  await open;
});

test('a key that a bug of the connector breaks is told in health', async (t) => {
  const { integration } = await hostWith(t, {
    enricher: {
      cacheKey() {
        throw new TypeError('no key');
      },
      enrich: never,
    },
  });
  assert.throws(() => integration.cacheKey(sampleSnapshot()), /no key/);
  assert.deepEqual([integration.health.status, integration.health.lastFault?.code], ['degraded', 'SB_BUG']);
});

test('while its task is down an integration is degraded, whatever its memory still answers; nothing runs before it is asked to', async (t) => {
  let runs = 0;
  const { host, integration } = await hostWith(t, {
    enricher: { cacheKey: () => 'key', enrich: () => Promise.resolve({ owner: 'disk' }) },
    async run() {
      runs += 1;
      throw new Fault('SB_UNAVAILABLE', 'the watch broke');
    },
  });
  assert.equal(runs, 0);
  host.startTasks();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(await integration.enrich(sampleSnapshot(), new AbortController().signal), {
    owner: 'disk',
  });
  const { status, successes, lastFault } = integration.health;
  assert.deepEqual([status, successes, lastFault?.message], ['degraded', 1, 'the watch broke']);
  await host.close();
  assert.equal(runs, 1);
});

test('an integration without an enricher refuses questions with what is wrong', async (t) => {
  const { integration } = await hostWith(t, {});
  await assert.rejects(
    integration.enrich(sampleSnapshot(), new AbortController().signal),
    (error) => isFault(error) && error.code === 'SB_CONFIG',
  );
});
