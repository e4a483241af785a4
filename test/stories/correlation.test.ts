import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink, type Sink } from '../fakes/sink.ts';
import { startHub, until, type Answer, type Hub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, told, type Statement } from './told.ts';

const MINUTE = 60_000;

async function say(hub: Hub, ...statements: readonly Statement[]): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
}

const alertNamed = async (hub: Hub, name: string) =>
  (await list(hub, `alerts?matcher=${encodeURIComponent(`alertname="${name}"`)}`))[0];

const hubThatTells = (sink: Sink, more: string) =>
  startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 30s, group_interval: 1m }
${more}`,
  });

/** Sends in the order in which they came in. */
const tellings = (sink: Sink) => sink.requests.map(told);

test('alerts of a service are held while one that it depends on has a firing alert, but not what is critical; when that is over they are told', async () => {
  await using sink = await startSink();
  await using hub = await hubThatTells(
    sink,
    'topology: { suppress: true, services: { shop: { depends_on: [payments] }, payments: { depends_on: [db] } } }',
  );
  const slow = { name: 'ShopSlow', severity: 'warning', labels: { service: 'shop' } };
  const down = { name: 'DbDown', severity: 'warning', labels: { service: 'db' } };
  await say(hub, down, slow, { name: 'ShopDown', severity: 'critical', labels: { service: 'shop' } });
  await hub.forward(31_000);
  await until('two are told', () => sink.requests.length === 2);
  assert.deepEqual(tellings(sink).toSorted(), ['firing: DbDown firing', 'firing: ShopDown firing']);

  const cause = (await alertNamed(hub, 'DbDown')).fingerprint;
  assert.deepEqual((await alertNamed(hub, 'ShopSlow')).suppressed_by, [
    { reason: 'dependency', rule: cause },
  ]);
  assert.equal((await alertNamed(hub, 'ShopDown')).suppressed_by, undefined);

  await say(hub, { ...down, status: 'resolved' });
  await hub.forward(2 * MINUTE);
  await until('the dependent one is told', () => tellings(sink).includes('firing: ShopSlow firing'));
});

test('an alert that comes and goes is held with the time at which that ends, and told then if it still fires', async () => {
  await using sink = await startSink();
  await using hub = await hubThatTells(sink, 'flapping: { changes: 5, low: 2, window: 30m }');
  const link = { name: 'LinkDown', severity: 'warning' };
  for (let round = 0; round < 3; round++) {
    await say(hub, link);
    await hub.forward(1_000);
    await say(hub, { ...link, status: 'resolved' });
    await hub.forward(1_000);
  }
  await say(hub, link);
  const { suppressed_by: reasons } = await found(
    hub,
    'alerts',
    ({ status, suppressed_by: held }) => status === 'firing' && held !== undefined,
  );
  assert.equal(reasons.length, 1);
  assert.equal(reasons[0].reason, 'flapping');
  const until30 = Date.parse(reasons[0].until);
  assert.ok(until30 > hub.now() + 29 * MINUTE && until30 <= hub.now() + 30 * MINUTE, reasons[0].until);
  await hub.forward(5 * MINUTE);
  await say(hub, { name: 'Other', severity: 'warning' });
  await hub.forward(31_000);
  await until('another one is told', () => tellings(sink).includes('firing: Other firing'));
  assert.deepEqual(tellings(sink), ['firing: Other firing']);
  await hub.forward(31 * MINUTE);
  await until('it is told', () => tellings(sink).includes('firing: LinkDown firing'));
});

test('[BR-AP-004] texts that are alike make one incident, others do not; the alert that `parent` names is its cause although it came last', async () => {
  await using hub = await startHub({
    yaml: `
integrations: { prom: { connector: alertmanager } }
receivers: { nobody: [] }
routes: { receiver: nobody }
correlation:
  rules:
    - { id: by-rack, same: [rack], matchers: ['rack!=""'], parent: ['alertname="SwitchDown"'] }
    - { id: by-text, similarity: 0.5 }
`,
  });
  await say(hub, { name: 'HostDown', instance: 'h1', severity: 'warning', labels: { rack: 'r1' } });
  await say(hub, { name: 'HostDown', instance: 'h2', severity: 'warning', labels: { rack: 'r1' } });
  await say(hub, { name: 'SwitchDown', severity: 'warning', labels: { rack: 'r1' } });
  const racks = await found(hub, 'incidents', ({ alerts }) => alerts === 3);
  const rack = (await hub.get(`/api/v1/incidents/${racks.id}`)).json;
  assert.equal(rack.cause.why, 'parent');
  assert.match(rack.title, /SwitchDown/);

  const withSummary = async (name: string, summary: string) => {
    const body = alertmanagerBody({ name }) as { alerts: { annotations: object }[] };
    body.alerts[0]!.annotations = { summary };
    await processed(hub, await hub.send('/hooks/prom', body));
  };
  await withSummary('A', 'connection pool of billing database is exhausted');
  await withSummary('B', 'connection pool of orders database is exhausted');
  await withSummary('C', 'certificate expires tomorrow');
  const pool = await found(hub, 'incidents', ({ alerts }) => alerts === 2);
  const { members } = (await hub.get(`/api/v1/incidents/${pool.id}`)).json;
  assert.deepEqual(
    members
      .map(({ alert }: { alert: { labels: { alertname: string } } }) => alert.labels.alertname)
      .toSorted(),
    ['A', 'B'],
  );
  assert.equal((await list(hub, 'incidents')).length, 3);
});

test('[BR-AP-004] an expression says which alerts make an incident and which is its parent; one that fails takes none, and the alert says why', async () => {
  await using hub = await startHub({
    yaml: `
integrations: { prom: { connector: alertmanager, dedupe_window: 0s } }
receivers: { nobody: [] }
routes: { receiver: nobody }
classification: {}
correlation:
  rules:
    - { id: racks, when: 'int(alert.labels.rack) > 3', matchers: ['rack!=""'], same: [rack] }
    - id: staging
      when: facts.environment == "staging" && alert.labels.alertname.re("^(?:Disk|Node)")
      parent_when: alert.labels.alertname.startsWith("Node")
`,
  });
  const inStaging = (name: string, more: object = {}) => ({
    name,
    severity: 'warning',
    labels: { namespace: 'shop-stg', ...more },
  });
  await say(hub, inStaging('DiskFull'), inStaging('NodeDown'), inStaging('Slow'));
  await say(hub, { ...inStaging('DiskFull'), instance: 'other', labels: { namespace: 'shop-dev' } });
  const one = await found(hub, 'incidents', ({ alerts }) => alerts === 2);
  const incident = (await hub.get(`/api/v1/incidents/${one.id}`)).json;
  assert.deepEqual([incident.rule, incident.cause.why], ['staging', 'parent']);
  assert.match(incident.title, /NodeDown/);

  await say(hub, { name: 'DiskBroken', labels: { namespace: 'shop-dev', rack: 'left' } });
  const { fingerprint } = await alertNamed(hub, 'DiskBroken');
  const text = JSON.stringify((await hub.get(`/api/v1/alerts/${fingerprint}/explain`)).json);
  assert.match(text, /failed: The expression fails at `int\(alert\.labels\.rack\)`/);
  assert.equal((await list(hub, 'incidents')).length, 1);

  await say(hub, inStaging('DiskLost', { rack: '7' }));
  assert.equal((await found(hub, 'incidents', ({ rule }) => rule === 'racks')).alerts, 1);
  await until('both rules are counted', async () => {
    const metrics = (await hub.get('/metrics')).text;
    return (
      metrics.includes('signalbox_rule_matches_total{rule="correlation/staging"} 2') &&
      metrics.includes('signalbox_rule_matches_total{rule="correlation/racks"} 1')
    );
  });
});

test('[BR-AP-004] an alert whose labels stay as they are goes over to another incident when the expression says so', async () => {
  await using hub = await startHub({
    yaml: `
integrations: { prom: { connector: alertmanager, dedupe_window: 0s } }
receivers: { nobody: [] }
routes: { receiver: nobody }
correlation:
  rules:
    - { id: planned, when: 'has(alert.annotations.change)' }
    - { id: rest }
`,
  });
  const send = async (annotations: object) => {
    const body = alertmanagerBody({ name: 'Slow' }) as { alerts: { annotations: object }[] };
    body.alerts[0]!.annotations = annotations;
    await processed(hub, await hub.send('/hooks/prom', body));
  };
  await send({ summary: 'slow' });
  await found(hub, 'incidents', ({ rule, status }) => rule === 'rest' && status === 'open');
  await send({ summary: 'slow', change: '4711' });
  await found(hub, 'incidents', ({ rule, status }) => rule === 'planned' && status === 'open');
  await found(hub, 'incidents', ({ rule, status }) => rule === 'rest' && status === 'resolved');
});

test('[BR-ERR-005] integrations of one chain that fail together are one incident, which names the one that the others depend on', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  gateway: { connector: alertmanager, heartbeat: 5m }
  shop: { connector: alertmanager, heartbeat: 5m }
  mail: { connector: alertmanager, heartbeat: 5m }
receivers: { nobody: [] }
routes: { receiver: nobody }
topology: { label: integration, services: { shop: { depends_on: [gateway] }, mail: {} } }
correlation: { rules: [{ id: own, matchers: ['source="signalbox"'], hops: 1 }] }
`,
  });
  // A source that was never heard of has its time from when a node watches over it, which on servers is some time after the start.
  const row = await until('two are silent and belong together', async () => {
    await hub.forward(MINUTE);
    return (await list(hub, 'incidents')).find(({ alerts }) => alerts === 2);
  });
  const { cause, members } = (await hub.get(`/api/v1/incidents/${row.id}`)).json;
  assert.deepEqual([cause.service, cause.why], ['gateway', 'upstream']);
  assert.deepEqual(
    members
      .map(({ alert }: { alert: { labels: { integration: string } } }) => alert.labels.integration)
      .toSorted(),
    ['gateway', 'shop'],
  );
  assert.equal((await list(hub, 'incidents')).length, 2);
});

test('[BR-WH-010] what is said of an alert counts in the order in which it came in, while much else comes in', async () => {
  await using hub = await startHub({
    yaml: `
integrations: { prom: { connector: alertmanager, dedupe_window: 0s } }
receivers: { nobody: [] }
routes: { receiver: nobody }
`,
  });
  const EPISODES = 5;
  await Promise.all(
    Array.from({ length: 10 }, async (_, index) => {
      const answers: Answer[] = [];
      for (let episode = 0; episode < EPISODES; episode++) {
        for (const status of ['firing', 'resolved'] as const)
          answers.push(await hub.send('/hooks/prom', alertmanagerBody({ name: `Alert${index}`, status })));
      }
      await processed(hub, answers.at(-1)!);
    }),
  );
  const alerts = await list(hub, 'alerts');
  assert.deepEqual(
    alerts
      .toSorted((left, right) => (left.labels.alertname < right.labels.alertname ? -1 : 1))
      .map(({ labels, status, episode }) => [labels.alertname, status, episode]),
    Array.from({ length: 10 }, (_, index) => [`Alert${index}`, 'resolved', EPISODES]),
  );
});
