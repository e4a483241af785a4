import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub } from '../harness.ts';
import { alertmanagerBody, found, list, processed, sorted, told } from './told.ts';

/** One source and one receiver; everything is told after ten minutes of the hub's clock. */
function simple(sinkURL: string, source = ''): string {
  return `
integrations:
  prom: { connector: alertmanager, ${source} }
  pager: { connector: webhook, config: { url: "${sinkURL}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 10m, group_interval: 1h }
`;
}

test('[BR-WH-014] [BR-WH-015] [HNP-017] [HNP-019] [VPA-022] a signal is answered at once and worked on behind the answer; its receipt names the alerts it touched', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: simple(sink.url) });

  const answer = await hub.send(
    '/hooks/prom',
    alertmanagerBody({ name: 'DiskFull', instance: 'db-1' }, { name: 'DiskFull', instance: 'db-2' }),
  );
  assert.equal(answer.status, 202);
  assert.match(answer.json.status_url, new RegExp(`/api/v1/receipts/${answer.json.receipt}$`));
  const receipt = await processed(hub, answer);
  assert.equal(receipt.integration, 'prom');
  assert.equal(receipt.parts_done, receipt.parts);
  const alerts = await list(hub, 'alerts');
  assert.deepEqual(sorted(receipt.alerts), sorted(alerts.map(({ fingerprint }) => fingerprint)));
  assert.equal(alerts.length, 2);
  assert.equal(sink.requests.length, 0, 'processed is before told');

  await hub.forward(600_000);
  const [first] = await sink.received(1);
  assert.equal(told(first!), 'firing: DiskFull db-1 firing, DiskFull db-2 firing');
});

test('[BR-WH-008] [BR-REL-013] an identical signal within the window is acknowledged and refreshes last_seen, nothing more; down, up, down are three changes', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: simple(sink.url, 'dedupe_window: 1m') });
  const down = alertmanagerBody({ name: 'LinkDown', instance: 'sw-1' });
  const up = alertmanagerBody({ name: 'LinkDown', instance: 'sw-1', status: 'resolved' });
  const alert = async () => (await list(hub, 'alerts'))[0];

  const original = await processed(hub, await hub.send('/hooks/prom', down));
  const before = await alert();
  await hub.forward(5_000);
  const copy = await processed(hub, await hub.send('/hooks/prom', down));
  assert.equal(copy.duplicate_of, original.receipt.split('-')[0]);
  const after = await alert();
  assert.equal(after.occurrences, 1, 'the duplicate is no second occurrence');
  assert.ok(after.last_seen_at > before.last_seen_at, 'it was seen again');
  assert.deepEqual(after, { ...before, last_seen_at: after.last_seen_at });

  await processed(hub, await hub.send('/hooks/prom', up));
  const again = await processed(hub, await hub.send('/hooks/prom', down));
  assert.equal(again.duplicate_of, undefined, 'something newer was heard in between');
  assert.deepEqual([(await alert()).status, (await alert()).episode], ['firing', 2]);

  await hub.forward(601_000);
  const repeated = await processed(hub, await hub.send('/hooks/prom', down));
  assert.equal(repeated.duplicate_of, undefined, 'the window is over');
  assert.equal((await alert()).occurrences, 2);
  await sink.received(1);
  assert.equal(sink.requests.length, 1, 'four times down is told once');
});

test('[BR-WH-008] the same delivery id of a sender counts once, whatever the body', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: simple(sink.url, 'delivery_id_header: X-Delivery-Id') });
  const send = (instance: string, id: string) =>
    hub.send('/hooks/prom', alertmanagerBody({ name: 'A', instance }), { 'X-Delivery-Id': id });

  const first = await processed(hub, await send('one', 'id-1'));
  const second = await processed(hub, await send('two', 'id-1'));
  const third = await processed(hub, await send('three', 'id-2'));
  assert.equal(first.duplicate_of, undefined);
  assert.equal(second.duplicate_of, first.receipt.split('-')[0]);
  assert.equal(third.duplicate_of, undefined);
  const instances = (await list(hub, 'alerts')).map(({ labels }) => labels.instance);
  assert.deepEqual(sorted(instances), ['one', 'three']);
});

test('[ADR6-045] [ADR6-046] [BR-INT-014] [BR-WH-012] what does not fit the mapping is quarantined with its field, and taken in after the mapping is mended by a reload', async () => {
  await using sink = await startSink();
  const yaml = (host: string) => `
integrations:
  uptime:
    connector: generic
    config: { labels: { alertname: '"SiteDown"', host: '${host}' } }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
`;
  await using hub = await startHub({ yaml: yaml('body.monitor.hostname') });

  const refused = await hub.send('/hooks/uptime', { monitor: { name: 'shop' } });
  assert.equal(refused.status, 422);
  assert.match(refused.headers.get('content-type') ?? '', /^application\/problem\+json/);
  assert.match(refused.json.field, /config\.labels\.host/);
  const held = await found(hub, 'quarantine');
  assert.equal(held.status, 'held');
  assert.equal((await list(hub, 'alerts')).length, 0);
  const early = await hub.post(`/api/v1/quarantine/${held.id}/redrive`);
  assert.equal(early.status, 409, 'nothing has changed yet');

  await hub.reload(yaml('body.monitor.name'));
  const redriven = await hub.post(`/api/v1/quarantine/${held.id}/redrive`);
  assert.equal(redriven.status, 200);
  await sink.received(1);
  const alert = await found(hub, 'alerts');
  assert.deepEqual(alert.labels, { alertname: 'SiteDown', host: 'shop' });
  assert.equal((await list(hub, 'quarantine')).find(({ id }) => id === held.id)?.status, 'redriven');
  assert.equal((await hub.post(`/api/v1/quarantine/${held.id}/redrive`)).status, 409, 'once is enough');
});

test('[BR-SCALE-007] a batch of 2,000 alerts in one signal is processed whole, as a few commits, and told as one notification', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: simple(sink.url) });
  const statements = Array.from({ length: 2_000 }, (_, index) => ({ name: 'Storm', instance: `h-${index}` }));

  const receipt = await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
  assert.equal(receipt.parts, 2_000, 'one part for each ordering key');
  assert.equal(receipt.alerts.length, 2_000);
  await hub.forward(600_000);
  const [request] = await sink.received(1);
  const { alerts, truncatedAlerts } = JSON.parse(request!.body) as {
    alerts: unknown[];
    truncatedAlerts: number;
  };
  assert.equal(alerts.length + truncatedAlerts, 2_000);
  assert.equal((await hub.get('/api/v1/status')).json.alerts.firing, 2_000);
  const batches = /signalbox_step_batches_total\{step="fold"\} (\d+)/.exec((await hub.get('/metrics')).text);
  assert.ok(Number(batches?.[1]) < 200, `batches, not single alerts: ${batches?.[1]}`);
  assert.equal(sink.requests.length, 1);
});

test('[BR-WH-006] [BR-WH-010] [BR-REL-012] the order of one key survives many senders at once: the last word counts', async () => {
  await using sink = await startSink();
  await using hub = await startHub({ yaml: simple(sink.url, 'dedupe_window: 0s') });

  await Promise.all(
    Array.from({ length: 20 }, async (_, index) => {
      const instance = `host-${index}`;
      // Each sender waits for its answer before it goes on; all senders run at once.
      for (const status of ['firing', 'resolved', 'firing', 'resolved', 'firing'] as const) {
        const answer = await hub.send('/hooks/prom', alertmanagerBody({ name: 'Flap', instance, status }));
        assert.equal(answer.status, 202);
        if (status === 'firing') await processed(hub, answer);
      }
    }),
  );
  const alerts = await list(hub, 'alerts?limit=100');
  assert.equal(alerts.length, 20);
  for (const { status, episode, labels } of alerts)
    assert.deepEqual([status, episode], ['firing', 3], labels.instance);
});

test('[BR-WH-015] the receipt of a signal that says nothing about any alert is processed, and names none', async () => {
  await using hub = await startHub({
    yaml: `
integrations:
  ci: { connector: generic, config: { when: 'body.branch == "main"' } }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const answer = await hub.send('/hooks/ci', { title: 'x', branch: 'topic' });
  assert.deepEqual((await processed(hub, answer)).alerts, []);
});
