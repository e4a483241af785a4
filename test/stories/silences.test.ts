import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

const MINUTE = 60_000;

function yaml(url: string, more = ''): string {
  return `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${url}/pager" } }
receivers:
  ops: [{ integration: pager }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 0s
  group_interval: 1m
  repeat_interval: 4h
${more}`;
}

async function post(hub: Hub, path: string, body?: unknown): Promise<{ status: number; body: any }> {
  const response = await fetch(`${hub.url}/api/v1${path}`, {
    method: 'POST',
    ...(body === undefined
      ? {}
      : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

const isQuiet = (hub: Hub, name: string) =>
  until(`${name} is held`, async () => {
    const groups = await list(hub, 'groups');
    const group = groups.find(({ group_key }) => String(group_key).includes(name));
    return group?.['last_flush_at'] !== undefined;
  });

test('[BR-AP-008] a silence holds what fires, the alert says by whom and until when, and what still fires at its end is told', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  const made = await post(hub, '/silences', {
    matchers: ['alertname="Disk"'],
    ends_at: new Date(hub.now() + 10 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'disks are being replaced',
  });
  assert.equal(made.status, 200);
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' }, { name: 'Slow' })));
  await until('the other alert is told', () => sink.requests.length === 1);
  await isQuiet(hub, 'Disk');
  const alerts = await list(hub, 'alerts');
  const held = alerts.find(({ labels }) => (labels as Record<string, string>)['alertname'] === 'Disk')!;
  assert.deepEqual(held['suppressed_by'], [
    { reason: 'silenced', rule: made.body.id, until: made.body.ends_at },
  ]);
  assert.deepEqual(sink.requests.map(told), ['firing: Slow firing']);

  await hub.forward(11 * MINUTE);
  await until('the silence is over', () => sink.requests.length === 2);
  assert.deepEqual(sink.requests.map(told), ['firing: Slow firing', 'firing: Disk firing']);
});

test('[BR-AP-008] who was told that an alert fires gets its resolve in spite of a silence', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await until('it is told', () => sink.requests.length === 1);
  await post(hub, '/silences', {
    matchers: ['alertname="Disk"'],
    ends_at: new Date(hub.now() + 60 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'known',
  });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', status: 'resolved' })));
  await hub.forward(2 * MINUTE);
  await until('the resolve is told', () => sink.requests.length === 2);
  assert.deepEqual(sink.requests.map(told), ['firing: Disk firing', 'resolved: Disk resolved']);
});

test('[BR-AP-008] a maintenance window of the configuration holds, and comes again by its rule', async () => {
  await using sink = await startSink();
  const start = new Date(Date.now() - 30 * MINUTE).toISOString();
  await using hub = await startHub({
    yaml: yaml(
      sink.url,
      `maintenance_windows:
  nightly: { matchers: 'cluster="eu"', starts_at: "${start}", rrule: FREQ=DAILY, duration: 1h }
`,
    ),
  });
  await processed(
    hub,
    await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', labels: { cluster: 'eu' } })),
  );
  await isQuiet(hub, 'Disk');
  const [alert] = await list(hub, 'alerts');
  const [reason] = alert!['suppressed_by'] as Record<string, string>[];
  assert.deepEqual([reason!['reason'], reason!['rule']], ['maintenance', 'config/nightly']);
  await hub.forward(31 * MINUTE);
  await until('the window is over', () => sink.requests.length === 1);
  assert.deepEqual(sink.requests.map(told), ['firing: Disk firing']);
});

test('an alert is held while another one inhibits it, and told when that has resolved', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: yaml(
      sink.url,
      `inhibit_rules:
  - { source_matchers: 'alertname="ClusterDown"', target_matchers: 'severity="warning"', equal: [cluster] }
`,
    ),
  });
  const down = (status: 'firing' | 'resolved') =>
    alertmanagerBody({ name: 'ClusterDown', status, labels: { cluster: 'eu', severity: 'critical' } });
  await processed(hub, await hub.send('/hooks/prom', down('firing')));
  await until('the cause is told', () => sink.requests.length === 1);
  const slow = (cluster: string) =>
    alertmanagerBody({ name: `Slow${cluster}`, labels: { cluster, severity: 'warning' } });
  await processed(hub, await hub.send('/hooks/prom', slow('eu')));
  await processed(hub, await hub.send('/hooks/prom', slow('us')));
  await until('the other cluster is told', () => sink.requests.length === 2);
  await isQuiet(hub, 'Sloweu');
  assert.deepEqual(sink.requests.map(told), ['firing: ClusterDown firing', 'firing: Slowus firing']);

  await processed(hub, await hub.send('/hooks/prom', down('resolved')));
  await hub.forward(2 * MINUTE);
  await until('nothing inhibits any more', () => sink.requests.length === 4);
  assert.deepEqual(sink.requests.map(told).toSorted().slice(1, 2), ['firing: Sloweu firing']);
});

test('a silence over more than it may hold has to be confirmed', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url, 'silences: { confirm_above: 1 }\n') });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'A' }, { name: 'B' })));
  const silence = {
    matchers: ['alertname=~"A|B"'],
    ends_at: new Date(hub.now() + MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'both',
  };
  const refused = await post(hub, '/silences', silence);
  assert.deepEqual([refused.status, refused.body.code], [409, 'too_broad']);
  const preview = await post(hub, '/silences/preview', { matchers: silence.matchers });
  assert.deepEqual([preview.body.matching, preview.body.firing], [2, 2]);
  const made = await post(hub, '/silences', { ...silence, confirm: true });
  assert.equal(made.status, 200);
  const ended = await post(hub, `/silences/${made.body.id}/expire`);
  assert.equal(ended.body.state, 'expired');
  assert.equal((await post(hub, `/silences/${made.body.id}/expire`)).status, 409);
});

test('[BR-AP-008] an announced window tells its begin and its end, and a silence that is about to end says so', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: yaml(sink.url, 'silences: { expiry_notice: 5m }\n'),
  });
  const window = {
    kind: 'maintenance',
    announce: true,
    matchers: ['cluster="eu"'],
    starts_at: new Date(hub.now() + MINUTE).toISOString(),
    ends_at: new Date(hub.now() + 20 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'new switches',
  };
  assert.equal((await post(hub, '/silences', window)).status, 200);
  const silence = {
    matchers: ['alertname="Disk"'],
    ends_at: new Date(hub.now() + 30 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'known',
  };
  assert.equal((await post(hub, '/silences', silence)).status, 200);
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const names = () => sink.requests.map(told).filter((text) => /Maintenance|Expiring/.test(text));
  await hub.forward(2 * MINUTE);
  await until('the begin is told', () => names().includes('firing: MaintenanceWindow firing'));
  await hub.forward(20 * MINUTE);
  await until('the window is over', async () =>
    (await list(hub, 'alerts?status=resolved')).some(
      ({ labels }) => (labels as Record<string, string>)['alertname'] === 'MaintenanceWindow',
    ),
  );
  await hub.forward(2 * MINUTE);
  await until('the end is told', () => names().includes('resolved: MaintenanceWindow resolved'));
  assert.ok(!names().some((text) => text.includes('Expiring')));
  await hub.forward(3 * MINUTE);
  await until('the silence says that it ends', () => names().includes('firing: SilenceExpiring firing'));
});

test('[BR-AP-008] what waits for its next try is held by a silence made meanwhile, and goes out when that ends', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: yaml(sink.url) });
  sink.answerWith(503);
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await until('the first try failed', async () => {
    const [delivery] = await list(hub, 'deliveries?status=pending');
    return Number(delivery?.['attempt_count']) > 0;
  });
  const made = await post(hub, '/silences', {
    matchers: ['alertname="Disk"'],
    ends_at: new Date(hub.now() + 10 * MINUTE).toISOString(),
    created_by: 'ada',
    comment: 'known',
  });
  await hub.forward(5 * MINUTE);
  await until('it says that it is held', async () => {
    const [delivery] = await list(hub, 'deliveries?status=pending');
    return String(delivery?.['summary']).includes(made.body.id);
  });
  const tries = sink.requests.length;
  sink.answerWith(200);
  await hub.forward(MINUTE);
  await until('it was looked at again', async () => {
    const [delivery] = await list(hub, 'deliveries?status=pending');
    return Date.parse(String(delivery?.['due_at'])) > hub.now();
  });
  assert.equal(sink.requests.length, tries, 'nothing is sent while it is held');
  await hub.forward(6 * MINUTE);
  await until('it is told after the silence', () => sink.requests.length === tries + 1);
});
