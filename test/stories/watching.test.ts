import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, found, list, processed, told } from './told.ts';

const MINUTE = 60_000;

test('[VPA-016] [ADR6-064] a heartbeat source that falls silent raises an alert on the normal way, and resolves it when it is back', async () => {
  await using sink = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, heartbeat: 5m, dedupe_window: 0s }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }], nobody: [] }
routes:
  receiver: nobody
  group_wait: 0s
  group_interval: 1m
  routes: [{ matchers: ['alertname="HeartbeatMissing"'], receiver: ops }]
`,
  });
  const beat = async () =>
    processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Watchdog', severity: 'none' })));
  await beat();
  await hub.forward(4 * MINUTE);
  await beat();
  await hub.forward(4 * MINUTE);
  await beat();
  assert.equal(sink.requests.length, 0, 'it was never silent for five minutes');
  await hub.forward(5 * MINUTE);
  const heard = (count: number) =>
    until(`${count} notifications`, async () => {
      await hub.forward(1_000);
      return sink.requests.length >= count;
    });
  await heard(1);
  assert.equal(told(sink.requests[0]!), 'firing: HeartbeatMissing firing');
  const alert = await found(hub, 'alerts?severity=critical');
  assert.deepEqual([alert.labels.integration, alert.labels.source], ['prom', 'signalbox']);

  await hub.restart();
  assert.equal(
    (await list(hub, 'alerts?severity=critical'))[0].status,
    'firing',
    'a restart is no sign of life',
  );
  await beat();
  await heard(2);
  assert.equal(told(sink.requests[1]!), 'resolved: HeartbeatMissing resolved');
});

test('[VPA-016] [HNP-082] [BR-ERR-011] the last resort is told past the outbox when deliveries are stuck, and again when they are not', async () => {
  let isUp = false;
  await using pager = await startSink({ answer: () => ({ status: isUp ? 200 : 500 }) });
  await using resort = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${pager.url}" }, retry: { initial: 20m, factor: 1 }, breaker: { failures: 100 } }
  resort: { connector: webhook, config: { url: "${resort.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
watchdog: { last_resort: resort, undelivered: 10m }
`,
  });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 1);
  await hub.forward(11 * MINUTE);
  await resort.received(1);
  assert.equal(told(resort.requests[0]!), 'firing: SignalboxDeliveriesStuck firing');
  assert.equal(
    hub.log.some(({ message }) => message === 'watchdog: DeliveriesStuck firing'),
    true,
  );

  isUp = true;
  await hub.forward(20 * MINUTE);
  await until('it is delivered', async () => (await list(hub, 'deliveries?status=delivered')).length === 1);
  await resort.received(2);
  assert.equal(told(resort.requests[1]!), 'resolved: SignalboxDeliveriesStuck resolved');
});
