import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runCli } from '../../src/cli/testing/run-cli.ts';
import { startSink } from '../fakes/sink.ts';
import { startFakeEngine } from '../fakes/workflow-engine.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed } from './told.ts';

test('rules of every kind count their matches and show the last one, and those that never matched are found', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers:
  ops: [{ integration: pager }]
classification: {}
priority:
  policies:
    - { id: shop-first, matchers: ['team="shop"'], set: { criticality: tier-1 } }
    - { id: bank-first, matchers: ['team="bank"'], set: { criticality: tier-1 } }
rules:
  - { id: quiet, when: alert.severity == "info", hold: not now }
correlation: { rules: [{ id: by-team, same: [team] }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 0s }
`,
  });
  const labels = { team: 'shop', namespace: 'shop-prod' };
  const body = alertmanagerBody(
    { name: 'Down', severity: 'critical', labels },
    { name: 'Slow', severity: 'info', labels },
  );
  await processed(hub, await hub.send('/hooks/prom', body));
  const counts = async (query = '') => list(hub, `rules/counts${query}`);
  const items = await until('incidents are made', async () => {
    const found = await counts();
    return found.some(({ kind, matches }) => kind === 'correlation' && matches > 0) && found;
  });
  const matchesOf = (kind: string, id: string) =>
    items.find((item) => item['kind'] === kind && item['id'] === id)?.['matches'];
  assert.deepEqual(
    [matchesOf('priority', 'shop-first'), matchesOf('priority', 'bank-first'), matchesOf('filter', 'quiet')],
    [2, 0, 1],
  );
  const heard = items.filter(({ kind, matches }) => kind === 'classification' && matches === 2);
  assert.ok(heard.length > 0, 'the built-in rules count as well');
  const [slow] = await list(hub, 'alerts?matcher=alertname%3DSlow');
  const [quiet] = await counts('?kind=filter');
  assert.equal(quiet!['last_match'].fingerprint, slow!['fingerprint']);
  const never = await counts('?kind=priority&matched=false');
  assert.deepEqual(
    never.map(({ id }) => id),
    ['bank-first'],
  );
});

/** Knows the weather everywhere, and takes what it is asked about by its name. */
const BAROMETER = `
export default {
  id: 'barometer', title: 'Barometer', summary: 'Knows the weather.', version: '1.0.0',
  config: { type: 'object', properties: {} },
  enricher: {
    cacheKey: ({ labels }) => labels.alertname,
    enrich: async () => ({ weather: 'rain' }),
  },
};
`;

test('routes, inhibition rules, time intervals and the conditions of enrichments and workflows count as well, in the API and on the command line', async () => {
  await using engine = await startFakeEngine();
  const yaml = (route = '') => `
connectors: ["./barometer.mjs"]
integrations:
  prom: { connector: alertmanager }
  weather: { connector: barometer }
  argo: { connector: workflow-http, config: { url: "${engine.url}/runs", bearer_token: t, body: '{}' } }
receivers: { nobody: [] }
enrichment:
  - { id: at-the-shop, integration: weather, matchers: ['team="shop"'] }
  - { id: at-the-bank, integration: weather, matchers: ['team="bank"'] }
  - { id: by-size, integration: weather, matchers: ['team="web"'], when: int(alert.labels.size) > 1 }
workflows:
  - { id: restart, integration: argo, matchers: ['alertname="Down"'] }
  - { id: scale, integration: argo, matchers: ['team="bank"'] }
  - { id: grow, integration: argo, matchers: ['team="web"'], when: int(alert.labels.size) > 1 }
inhibit_rules:
  - { name: grave-first, source_matchers: ['severity="critical"'], target_matchers: ['severity="info"'], equal: [team] }
  - { name: cluster-first, source_matchers: ['alertname="ClusterDown"'], target_matchers: ['severity="info"'] }
time_intervals:
  always: [{ times: [{ start_time: "00:00", end_time: "24:00" }] }]
  long-ago: [{ years: ["2020"] }]
routes:
  receiver: nobody
  group_by: [alertname]
  group_wait: 0s
  routes:
    ${route}
    - { matchers: ['team="shop"'], mute_time_intervals: [always] }
    - { matchers: ['team="web"'], when: int(alert.labels.size) > 1 }
    - { matchers: ['team="bank"'], mute_time_intervals: [long-ago] }
`;
  await using hub = await startHub({ yaml: yaml(), files: { 'barometer.mjs': BAROMETER } });
  const say = async (name: string, severity: string, labels: Readonly<Record<string, string>>) =>
    processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name, severity, labels })));
  await say('Down', 'critical', { team: 'shop' });
  await say('Slow', 'info', { team: 'shop' });
  await say('Odd', 'warning', { team: 'web', size: 'large' });
  const countsOf = async (kind: string) => {
    const items = await list(hub, `rules/counts?kind=${kind}`);
    return new Map(items.map((item) => [item['id'] as string, item]));
  };
  const brief = async (kind: string) =>
    [...(await countsOf(kind))].map(([id, { matches, failures }]) => [id, matches, failures]);
  await until('one is held for the other', async () => {
    const held = (await countsOf('inhibition')).get('grave-first');
    return Number(held?.['matches']) > 0;
  });
  await until('both groups of the shop were held back', async () => {
    const muted = (await countsOf('time_interval')).get('always');
    return Number(muted?.['matches']) >= 2;
  });

  assert.deepEqual(await brief('route'), [
    ['{}', 1, 0],
    ['{}/{team="shop"}', 2, 0],
    ['{}/{team="web"} if int(alert.labels.size) > 1', 0, 1],
    ['{}/{team="bank"}', 0, 0],
  ]);
  assert.deepEqual(await brief('enrichment'), [
    ['at-the-shop', 2, 0],
    ['at-the-bank', 0, 0],
    ['by-size', 0, 1],
  ]);
  assert.deepEqual(await brief('workflow'), [
    ['restart', 1, 0],
    ['scale', 0, 0],
    ['grow', 0, 1],
  ]);
  assert.deepEqual(await brief('inhibition_source'), [
    ['grave-first', 1, 0],
    ['cluster-first', 0, 0],
  ]);
  const alerts = await list(hub, 'alerts');
  const fingerprintOf = (name: string) => alerts.find(({ labels }) => labels.alertname === name)!.fingerprint;
  const lastOf = async (kind: string, id: string) =>
    (await countsOf(kind)).get(id)?.['last_match']?.fingerprint;
  assert.equal(await lastOf('inhibition_source', 'grave-first'), fingerprintOf('Down'));
  assert.equal(await lastOf('inhibition_target', 'cluster-first'), fingerprintOf('Slow'));
  assert.equal(await lastOf('inhibition', 'grave-first'), fingerprintOf('Slow'));
  assert.equal(await lastOf('workflow', 'restart'), fingerprintOf('Down'));
  assert.equal(await lastOf('route', '{}'), fingerprintOf('Odd'));

  const shown = await runCli(['rules', 'counts', '--unmatched', '--url', hub.url], { folder: hub.folder });
  const never = shown.stdout.split('\n').slice(1);
  assert.deepEqual(
    never.filter((line) => line !== '').map((line) => line.replace(/ +/, ' ').replace(/ {2,}.*$/, '')),
    [
      'enrichment at-the-bank',
      'enrichment by-size',
      'route {}/{team="web"} if int(alert.labels.size) > 1',
      'route {}/{team="bank"}',
      'workflow scale',
      'workflow grow',
      'inhibition_source cluster-first',
      'inhibition cluster-first',
      'time_interval long-ago',
    ],
    shown.stderr,
  );
  const { text } = await hub.get('/metrics');
  assert.match(text, /signalbox_rule_matches_total\{rule="inhibition_source\/grave-first"\} 1/);

  // A route that comes with a reload takes what fires, and the counts of the others stay.
  await hub.reload(yaml(`- { matchers: ['alertname="Odd"'] }`));
  const [moved] = await until('the alert has moved', async () => {
    const routes = await list(hub, 'rules/counts?kind=route&matched=true');
    return routes.some(({ id }) => id === '{}/{alertname="Odd"}') && routes.slice(1);
  });
  assert.deepEqual([moved!['matches'], moved!['last_match'].fingerprint], [1, fingerprintOf('Odd')]);
  assert.equal(await lastOf('route', '{}/{team="shop"}'), fingerprintOf('Slow'));
});
