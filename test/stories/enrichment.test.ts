import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { startFakeServer, type FakeHandler } from '@signalbox/sdk/testing';
import { startSink, type Sink, type SinkRequest } from '../fakes/sink.ts';
import { exchange, startHub, until, type Hub } from '../harness.ts';
import { startHubProcess } from '../hub-process.ts';
import { alertmanagerBody, found, list, processed, type Statement } from './told.ts';

const HOUR = 3_600_000;

/** One alert a group, told at once as a CloudEvent, which holds the whole notification. */
function yaml(sink: Sink, integrations: string, enrichment: string): string {
  return `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "${sink.url}", format: cloudevents } }
${integrations}
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ["..."], group_wait: 0s, group_interval: 1s }
${enrichment}
`;
}

async function say(hub: Hub, ...statements: readonly Statement[]): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
}

interface ToldAlert {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly context?: Readonly<Record<string, unknown>>;
  readonly missing?: Readonly<Record<string, string>>;
}

/** The alerts of a request. */
function alertsOf({ body }: SinkRequest): readonly ToldAlert[] {
  return (JSON.parse(body) as { data: { alerts: readonly ToldAlert[] } }).data.alerts;
}

/** The first alert with this name that is told, in this state. */
function toldOf(sink: Sink, name: string, status = 'firing'): Promise<ToldAlert> {
  return until(`${name} is told`, () =>
    sink.requests
      .flatMap(alertsOf)
      .find((alert) => alert.labels['alertname'] === name && alert.status === status),
  );
}

async function withTable(cleanup: AsyncDisposableStack, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-table-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'owners.csv'), text);
  return join(folder, 'owners.csv');
}

async function serve(cleanup: AsyncDisposableStack, answer: FakeHandler) {
  const server = await startFakeServer(answer);
  cleanup.defer(server.close);
  return server;
}

test('[BR-AP-002] [BR-AP-014] [BR-AP-030] what a table and an API know of an alert is told with it, shown by the API, and used by rules and templates', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  await using text = await startSink();
  const file = await withTable(cleanup, 'namespace,owner\nshop,team-shop\n');
  const api = await serve(cleanup, () => ({ body: { service: { tier: 1 } } }));
  await using hub = await startHub({
    yaml: yaml(
      sink,
      `  owners: { connector: table, config: { file: "${file}", match: { namespace: namespace } } }
  cmdb: { connector: http-lookup, config: { url: "${api.url}/{{ labels.service }}", pick: { tier: body.service.tier } } }
  chat: { connector: webhook, config: { url: "${text.url}", format: template, content_type: text/plain, template: "{{ alerts[0].context.owner.owner }}" } }`,
      `enrichment:
  - { id: owners, integration: owners, as: owner }
  - { id: cmdb, integration: cmdb, matchers: ['service=~".+"'] }
rules:
  - { id: tier-1, when: 'facts.context.cmdb.tier == 1.0', set: { labels: { tier: "1" } } }`,
    ).replace('[{ integration: pager }]', '[{ integration: pager }, { integration: chat }]'),
  });
  await say(hub, { name: 'Slow', labels: { namespace: 'shop', service: 'checkout' } });

  const told = await toldOf(sink, 'Slow');
  const context = { owner: { owner: 'team-shop' }, cmdb: { tier: 1 } };
  assert.deepEqual(told.context, context);
  assert.equal(told.labels['tier'], '1', 'a rule reads what was found');
  const [message] = await text.received(1);
  assert.equal(message?.body, 'team-shop');
  const alert = await found(hub, 'alerts');
  assert.deepEqual(alert.facts.context, context);
  const { json } = await hub.get(`/api/v1/alerts/${alert.fingerprint}`);
  const decisions = json.decisions
    .filter(({ stage }: { stage: string }) => stage === 'enrich')
    .map(({ rule, outcome }: { rule: string; outcome: string }) => `${rule}: ${outcome}`);
  assert.deepEqual(decisions.sort(), ['cmdb: found', 'owners: found']);
});

test('[BR-PERF-008] a source that hangs keeps alerts no longer than the budget; what is missing is told with them, in decisions and in health', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const api = await serve(cleanup, () => 'silent');
  const file = await withTable(cleanup, 'namespace,owner\nshop,team-shop\n');
  await using hub = await startHub({
    yaml: yaml(
      sink,
      `  owners: { connector: table, config: { file: "${file}", match: { namespace: namespace } } }
  cmdb: { connector: http-lookup, config: { url: "${api.url}/{{ labels.instance }}" } }`,
      `enrichment_budget: 300ms
enrichment:
  - { id: cmdb, integration: cmdb, timeout: 300ms }
  - { id: owners, integration: owners }`,
    ),
  });
  const instances = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const instance of instances)
    await say(hub, { name: `Hang${instance}`, instance, labels: { namespace: 'shop' } });
  for (const instance of instances) {
    const told = await toldOf(sink, `Hang${instance}`);
    assert.deepEqual(told.context, { owners: { owner: 'team-shop' } });
    assert.deepEqual(Object.keys(told.missing ?? {}), ['cmdb']);
  }
  assert.equal(api.requests.length, 3, 'after three failures it is left alone, and costs nothing');
  const last = await toldOf(sink, 'Hangf');
  assert.equal(last.missing?.['cmdb'], 'it failed lately and is left alone for a while');
  const health = (await hub.get('/api/v1/integrations/cmdb')).json.health;
  assert.equal(health.status, 'degraded');
  assert.match(health.last_fault.message, /did not answer in time|time/);
});

test('[BR-PERF-008] while a source is asked about new alerts, what was decided before is told, and nothing ends by itself', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const answer = Promise.withResolvers<void>();
  const api = await serve(cleanup, async () => {
    await answer.promise;
    return { body: { tier: 1 } };
  });
  await using hub = await startHub({
    yaml: yaml(
      sink,
      `  cmdb: { connector: http-lookup, config: { url: "${api.url}/{{ labels.instance }}" } }`,
      `enrichment_budget: 60s
enrichment:
  - { id: cmdb, integration: cmdb, when: 'has(alert.labels.instance)', timeout: 60s }`,
    ).replace('group_wait: 0s', 'group_wait: 1h'),
  });
  const endsAt = new Date(Date.now() + 2 * HOUR).toISOString();
  await say(hub, { name: 'Before', endsAt });
  const asking = await hub.send('/hooks/prom', alertmanagerBody({ name: 'Asked', instance: 'a' }));
  await until('the source is asked', () => api.requests.length === 1);
  await hub.forward(HOUR);
  await toldOf(sink, 'Before');
  await hub.forward(2 * HOUR);
  const [before] = await list(hub, 'alerts');
  assert.deepEqual([before.labels.alertname, before.status], ['Before', 'firing']);
  answer.resolve();
  await processed(hub, asking);
  await toldOf(sink, 'Before', 'resolved');
  await hub.forward(HOUR);
  assert.deepEqual((await toldOf(sink, 'Asked')).context, { cmdb: { tier: 1 } });
  assert.equal(api.requests.length, 1, 'what was answered is not asked again');
});

test('a second alert about the same thing is served from the cache, until its time is over', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const api = await serve(cleanup, () => ({ body: { tier: 1 } }));
  await using hub = await startHub({
    yaml: yaml(
      sink,
      `  cmdb: { connector: http-lookup, config: { url: "${api.url}/{{ labels.instance }}" } }`,
      `enrichment: [{ id: cmdb, integration: cmdb, ttl: 1h }]`,
    ),
  });
  await say(hub, { name: 'First', instance: 'db-1' });
  await say(hub, { name: 'Second', instance: 'db-1' });
  assert.deepEqual((await toldOf(sink, 'Second')).context, { cmdb: { tier: 1 } });
  assert.equal(api.requests.length, 1);
  await hub.forward(2 * HOUR);
  await say(hub, { name: 'Third', instance: 'db-1' });
  assert.deepEqual((await toldOf(sink, 'Third')).context, { cmdb: { tier: 1 } });
  assert.equal(api.requests.length, 2);
});

test('[BR-AP-012] [BR-AP-018] an alert that comes back is told with its earlier episodes and who was told of them; the resolve keeps what was found', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: yaml(sink, '', 'enrichment: [{ id: history, builtin: history }]'),
  });
  await say(hub, { name: 'Flaps' });
  assert.equal((await toldOf(sink, 'Flaps')).context, undefined);
  await hub.forward(HOUR);
  await say(hub, { name: 'Flaps', status: 'resolved' });
  await toldOf(sink, 'Flaps', 'resolved');
  await until(
    'both are known to have arrived',
    async () => (await list(hub, 'deliveries?status=delivered')).length === 2,
  );
  await hub.forward(HOUR);
  await say(hub, { name: 'Flaps' });
  const again = await until('it is told again', () =>
    sink.requests.flatMap(alertsOf).find(({ context }) => context?.['history'] !== undefined),
  );
  const history = again.context!['history'] as {
    episodes: number;
    previous: { seconds: number }[];
    told: { receiver: string; integration: string }[];
  };
  assert.equal(history.episodes, 1);
  assert.ok(Math.abs(history.previous[0]!.seconds - 3_600) < 60);
  assert.deepEqual(
    history.told.map(({ receiver, integration }) => `${receiver} by ${integration}`),
    ['ops by pager', 'ops by pager'],
  );
  await hub.forward(HOUR);
  await say(hub, { name: 'Flaps', status: 'resolved' });
  const resolved = await until('the second resolve is told', () =>
    sink.requests
      .flatMap(alertsOf)
      .filter(({ status }) => status === 'resolved')
      .at(1),
  );
  assert.deepEqual(resolved.context, again.context);
});

const CUSTOM = `
export default {
  id: 'barometer', title: 'Barometer', summary: 'Knows the weather.', version: '1.0.0',
  config: { type: 'object', properties: {} },
  enricher: {
    cacheKey: ({ labels }) => labels.instance,
    enrich: async ({ labels }) => ({ weather: 'rain at ' + labels.instance }),
  },
};
`;

test('[BR-AP-015] a context provider from outside enriches alerts through the SDK, with not a line of the hub changed', async () => {
  await using cleanup = new AsyncDisposableStack();
  await using sink = await startSink();
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-custom-'));
  cleanup.defer(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'barometer.mjs'), CUSTOM);
  const { program, url } = await startHubProcess(
    folder,
    yaml(
      sink,
      '  weather: { connector: barometer }',
      'connectors: [./barometer.mjs]\nenrichment: [{ id: weather, integration: weather }]',
    ),
  );
  cleanup.defer(async () => void (await program.stop()));
  await exchange(`${url}/hooks/prom`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(alertmanagerBody({ name: 'Wet', instance: 'roof' })),
  });
  assert.deepEqual((await toldOf(sink, 'Wet')).context, { weather: { weather: 'rain at roof' } });
});
