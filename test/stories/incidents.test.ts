import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, list, processed, told } from './told.ts';

const MINUTE = 60_000;

const YAML = `
integrations:
  prom: { connector: alertmanager }
receivers:
  nobody: []
routes: { receiver: nobody }
topology:
  services:
    shop: { depends_on: [db] }
    mail: {}
correlation:
  rules:
    - id: by-service
      same: [cluster]
      hops: 1
      changes: ['kind="deployment"']
incidents:
  reopen_window: 30m
  close_after: 2h
  escalate_after: [{ after: 20m, severity: critical }]
`;

type Row = Record<string, any>;

async function fire(
  hub: Hub,
  name: string,
  labels: Record<string, string>,
  status: 'firing' | 'resolved' = 'firing',
): Promise<void> {
  const alert = { name, status, labels: { cluster: 'eu', severity: 'warning', ...labels } };
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(alert)));
}

function incidents(hub: Hub, count: number, isSo: (rows: Row[]) => boolean = () => true): Promise<Row[]> {
  return until(`there are ${count} incidents`, async () => {
    const rows = (await list(hub, 'incidents')) as Row[];
    return rows.length === count && isSo(rows) && rows;
  });
}

const show = async (hub: Hub, id: string): Promise<Row> => (await hub.get(`/api/v1/incidents/${id}`)).json;

test('[BR-AP-004] alerts of dependent services become one incident that names the cause; its end resolves it', async () => {
  await using hub = await startHub({ yaml: YAML });
  await fire(hub, 'Deployed', { kind: 'deployment', service: 'db' });
  await fire(hub, 'Slow', { service: 'shop' });
  await fire(hub, 'Down', { service: 'db' });
  await fire(hub, 'Queue', { service: 'mail' });
  const rows = await incidents(hub, 2, (found) => found.some(({ alerts }) => alerts === 2));
  const { id } = rows.find(({ alerts }) => alerts === 2)!;
  const incident = await show(hub, id);
  assert.equal(incident['status'], 'open');
  assert.equal(incident['cause'].service, 'db');
  assert.equal(incident['cause'].why, 'upstream');
  assert.match(incident['title'], /Down/);
  assert.deepEqual(incident['members'].map((member: Row) => member['alert'].labels.alertname).toSorted(), [
    'Down',
    'Slow',
  ]);
  assert.match(incident['decisions'][0].outcome, /same cluster="eu", services 1 dependencies apart/);
  assert.equal(incident['changes'].length, 1);
  const [alert] = (await list(hub, 'alerts?matcher=alertname%3D%22Down%22')) as Row[];
  assert.deepEqual((await hub.get(`/api/v1/alerts/${alert!['fingerprint']}`)).json.incidents, [id]);

  await fire(hub, 'Slow', { service: 'shop' }, 'resolved');
  await fire(hub, 'Down', { service: 'db' }, 'resolved');
  await incidents(hub, 2, (found) => found.some((row) => row['id'] === id && row['status'] === 'resolved'));

  await hub.forward(10 * MINUTE);
  await fire(hub, 'Down', { service: 'db' });
  await incidents(hub, 2, (found) => found.some((row) => row['id'] === id && row['status'] === 'open'));
  const { timeline } = await show(hub, id);
  assert.equal(timeline.at(-1).kind, 'reopened');
});

test('[BR-AP-004] people acknowledge, assign, merge and close incidents; one that nobody acknowledges is escalated', async () => {
  await using hub = await startHub({ yaml: YAML });
  await fire(hub, 'Slow', { service: 'shop' });
  await fire(hub, 'Queue', { service: 'mail' });
  const rows = await incidents(hub, 2);
  const [shop, mail] = ['Slow', 'Queue'].map((name) => rows.find(({ title }) => title.includes(name))!['id']);
  const post = (id: string, action: string, body: unknown = {}) =>
    hub.post(`/api/v1/incidents/${id}/${action}`, body);

  assert.equal((await post(shop, 'acknowledge', { by: 'kim', note: 'looking' })).json.acknowledged_by, 'kim');
  assert.equal((await post(shop, 'assign', { assignee: 'sam' })).json.assignee, 'sam');
  await hub.forward(21 * MINUTE);
  await incidents(hub, 2, (found) =>
    found.some((row) => row['id'] === mail && row['severity'] === 'critical'),
  );
  assert.equal((await show(hub, shop))['severity'], 'warning');

  const merged = await post(mail, 'merge', { into: shop });
  assert.equal(merged.json.merged_into, shop);
  assert.equal((await show(hub, shop))['members'].length, 2);
  const again = await post(mail, 'acknowledge', { by: 'kim' });
  assert.equal(again.status, 409);
  assert.match(again.json.detail, new RegExp(shop));

  await fire(hub, 'Queue', { service: 'mail' }, 'resolved');
  const { firing } = await until('the merged incident follows its alert', async () => {
    const incident = await show(hub, shop);
    return incident['firing'] === 1 && incident;
  });
  assert.equal(firing, 1);

  const bulk = await hub.post('/api/v1/incidents/bulk', {
    ids: [shop, 'i_none'],
    action: 'close',
    by: 'kim',
  });
  assert.deepEqual(
    bulk.json.items.map(({ ok, code }: Row) => [ok, code]),
    [
      [true, undefined],
      [false, 'not_found'],
    ],
  );
  await hub.restart();
  assert.equal((await show(hub, shop))['status'], 'closed');
});

test('[BR-AP-004] a storm is one digest; critical alerts are told all the same, the others when it is over', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}/pager" } }
receivers:
  ops: [{ integration: pager }]
routes: { receiver: ops, group_by: [alertname], group_wait: 20s, group_interval: 1m }
storm: { per_minute: 20 }
`,
  });
  const warnings = Array.from({ length: 30 }, (_, index) => ({
    name: `Warning${index % 3}`,
    instance: `host-${index}`,
    severity: 'warning',
  }));
  const down = { name: 'Down', severity: 'critical' };
  // In one signal, because the digest has the counts of the moment at which the storm is noticed.
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...warnings, down)));
  await hub.forward(11_000);
  await until(
    'the storm has its own alert',
    async () => (await list(hub, 'alerts?matcher=alertname%3DAlertStorm')).length === 1,
  );
  const [held] = await list(hub, 'alerts?matcher=instance%3D%22host-0%22');
  assert.deepEqual(held.suppressed_by, [{ reason: 'storm', rule: 'storm' }]);
  const [critical] = await list(hub, 'alerts?matcher=alertname%3DDown');
  assert.equal(critical.suppressed_by, undefined);
  await hub.forward(30_000);
  const names = () => sink.requests.map((request) => told(request).split(' ')[1]!).toSorted();
  await until('the critical alert and the digest are told', () => names().length >= 2);
  assert.deepEqual(names(), ['AlertStorm', 'Down']);
  const digest = sink.requests.find(({ body }) => body.includes('AlertStorm'))!;
  assert.match(digest.body, /31 new alerts: Warning0 \(10\), Warning1 \(10\), Warning2 \(10\), Down \(1\)/);

  await hub.forward(5 * MINUTE);
  await until('the rest is told', () => new Set(names()).size === 5);
  // The end of the storm is noticed by a look at the clock; only what is resolved before the clock moves on is due when it did.
  await until('the storm is over', async () => {
    const [storm] = await list(hub, 'alerts?matcher=alertname%3DAlertStorm');
    return storm.status === 'resolved';
  });
  await hub.forward(2 * MINUTE);
  await until('the digest is resolved', () =>
    sink.requests.map(told).includes('resolved: AlertStorm resolved'),
  );
});
