// What karma and Grafana ask of an Alertmanager, and what they can't do without in its answers. Both look through pointers: a field that is
// missing ends their request (https://github.com/prymitive/karma/tree/main/internal/mapper/v017,
// https://github.com/grafana/grafana/tree/main/pkg/services/ngalert/api/lotex_am.go).
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { startDropIn } from '../interop/drop-in.ts';

const HOUR = 3_600_000;
const CONFIGURATION = `
global: { slack_api_url: 'https://hooks.example.org/s3cret' }
route: { receiver: team, group_by: [alertname], group_wait: 0s }
receivers:
- name: team
  webhook_configs: [{ url: 'http://127.0.0.1:9/s3cret' }]
inhibit_rules:
- { source_matchers: ['alertname="Down"'], target_matchers: ['alertname="Slow"'] }
`;

/** What a page of the dashboard makes the browser send, and its server passes on. */
const PAGE = {
  origin: 'http://dashboard.example.org',
  referer: 'http://dashboard.example.org/alerts',
  'sec-fetch-site': 'same-origin',
  'content-type': 'application/json',
};

async function start(): Promise<AsyncDisposable & { readonly url: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-dashboards-'));
  const hub = await startDropIn({ folder, configuration: CONFIGURATION });
  const url = `http://${hub.address}`;
  const labels = (alertname: string) => ({ alertname, instance: 'a' });
  await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([
      { labels: labels('Down'), annotations: { summary: 'gone' }, generatorURL: 'http://prom.example.org/g' },
      { labels: labels('Slow') },
      { labels: labels('Disk') },
    ]),
  });
  return {
    url,
    async [Symbol.asyncDispose]() {
      await hub.program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

const silence = (more: object = {}) =>
  JSON.stringify({
    matchers: [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + HOUR).toISOString(),
    createdBy: 'ada',
    comment: 'known',
    ...more,
  });

async function ask(url: string, init: RequestInit = {}): Promise<{ status: number; body: any }> {
  const response = await fetch(url, init);
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

test('karma finds the version, the cluster, every group and every silence, and silences through its own proxy', async () => {
  await using hub = await start();
  const metrics = await (await fetch(`${hub.url}/metrics`)).text();
  const version = /^alertmanager_build_info\{[^}]*version="([^"]*)"/m.exec(metrics)?.[1];
  assert.match(version ?? '', /^\d+\.\d+\.\d+$/, 'it chooses how to read answers by it, and ends without');
  // Its parser takes no metric that is typed twice.
  const typed = [...metrics.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
  assert.equal(new Set(typed).size, typed.length);

  const { body: status } = await ask(`${hub.url}/api/v2/status`);
  assert.equal(status.versionInfo.version, version);
  assert.ok(status.cluster.peers.some(({ name }: any) => name === status.cluster.name));

  // A page's request comes with the page's Origin.
  const made = await ask(`${hub.url}/api/v2/silences`, { method: 'POST', headers: PAGE, body: silence() });
  assert.equal(made.status, 200);
  const id = made.body.silenceID as string;

  const { body: groups } = await ask(`${hub.url}/api/v2/alerts/groups`);
  assert.deepEqual(
    groups.map(({ labels, receiver, alerts }: any) => [labels, receiver, alerts.length]),
    ['Disk', 'Down', 'Slow'].map((alertname) => [{ alertname }, { name: 'team' }, 1]),
  );
  const alerts = groups.flatMap((group: any) => group.alerts);
  for (const alert of alerts) {
    assert.match(alert.fingerprint, /^[0-9a-f]{16}$/);
    for (const key of ['startsAt', 'endsAt', 'updatedAt']) assert.ok(Date.parse(alert[key]) > 0, key);
    assert.equal(typeof alert.annotations, 'object');
    assert.deepEqual(alert.receivers, [{ name: 'team' }]);
  }
  assert.deepEqual(
    alerts.map((alert: any) => [
      alert.status.state,
      alert.status.silencedBy,
      alert.status.inhibitedBy.length,
      alert.status.mutedBy,
    ]),
    [
      ['suppressed', [id], 0, []],
      ['active', [], 0, []],
      ['suppressed', [], 1, []],
    ],
  );
  const { body: silences } = await ask(`${hub.url}/api/v2/silences`);
  const { updatedAt, startsAt, endsAt, ...rest } = silences[0];
  assert.ok([updatedAt, startsAt, endsAt].every((time) => Date.parse(time) > 0));
  assert.deepEqual(rest, {
    id,
    status: { state: 'active' },
    matchers: [{ name: 'alertname', value: 'Disk', isRegex: false, isEqual: true }],
    createdBy: 'ada',
    comment: 'known',
    annotations: {},
  });
  const ended = await ask(`${hub.url}/api/v2/silence/${id}`, { method: 'DELETE', headers: PAGE });
  assert.equal(ended.status, 200);

  const foreign = { ...PAGE, 'sec-fetch-site': 'cross-site' };
  const refused = await ask(`${hub.url}/api/v2/silences`, {
    method: 'POST',
    headers: foreign,
    body: silence(),
  });
  assert.equal(refused.status, 403, 'a page of another site that asks the hub itself changes nothing');
  const form = { ...PAGE, 'content-type': 'text/plain' };
  const simple = await ask(`${hub.url}/api/v2/silences`, { method: 'POST', headers: form, body: silence() });
  assert.equal(simple.status, 415, 'nor does one for which a browser would not ask first');
});

test('Grafana takes it for a Prometheus Alertmanager, reads its configuration, and filters, silences and ends silences', async () => {
  await using hub = await start();
  assert.equal((await ask(`${hub.url}/api/v2/status`)).status, 200);
  // Else it would take it for Mimir or Cortex.
  for (const path of ['/alertmanager/api/v2/status', '/api/v1/status/buildinfo']) {
    assert.equal((await ask(hub.url + path)).status, 404, path);
  }
  const { body: status } = await ask(`${hub.url}/api/v2/status`);
  const configuration = parse(status.config.original);
  assert.equal(configuration.route.receiver, 'team');
  assert.deepEqual(
    configuration.receivers.map(({ name }: any) => name),
    ['team'],
  );
  assert.doesNotMatch(status.config.original, /s3cret/);
  assert.equal(configuration.inhibit_rules.length, 1);
  for (const part of ['branch', 'buildDate', 'buildUser', 'goVersion', 'revision', 'version']) {
    assert.equal(typeof status.versionInfo[part], 'string', part);
  }

  // It asks from another machine, or for one. The hub's own API stays with this machine.
  const headers = { 'x-forwarded-for': '192.0.2.7' };
  for (const path of ['status', 'alerts', 'alerts/groups', 'silences', 'receivers']) {
    assert.equal((await ask(`${hub.url}/api/v2/${path}`, { headers })).status, 200, path);
  }
  assert.equal((await ask(`${hub.url}/api/v1/alerts`, { headers })).status, 403);

  // As its pages write them: all three at once, and a matcher with quotes.
  const query = `silenced=true&active=true&inhibited=true&filter=${encodeURIComponent('alertname=~"Di.*"')}`;
  const { body: alerts } = await ask(`${hub.url}/api/v2/alerts?${query}`);
  assert.deepEqual(
    alerts.map(({ labels }: any) => labels.alertname),
    ['Disk'],
  );
  assert.deepEqual(
    (await ask(`${hub.url}/api/v2/receivers`)).body.map(({ name }: any) => name),
    ['team'],
  );

  const made = await ask(`${hub.url}/api/v2/silences`, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    // Without `isEqual`, which older ones don't know, and with an empty id.
    body: silence({ id: '', matchers: [{ name: 'alertname', value: 'Disk', isRegex: false }] }),
  });
  assert.equal(made.status, 200);
  const id = made.body.silenceID as string;
  assert.equal((await ask(`${hub.url}/api/v2/silence/${id}`)).body.matchers[0].isEqual, true);
  const ended = await ask(`${hub.url}/api/v2/silence/${id}`, { method: 'DELETE' });
  assert.deepEqual(ended, { status: 200, body: undefined });
});
