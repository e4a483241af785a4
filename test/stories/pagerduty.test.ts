import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startFakeServer } from '@signalbox/sdk/testing';
import { startHub, until, type Hub } from '../harness.ts';
import { alertmanagerBody, processed, type Statement } from './told.ts';

const MINUTE = 60_000;

interface Sent {
  readonly event_action: string;
  readonly dedup_key: string;
  readonly routing_key: string;
  readonly payload?: { readonly severity: string };
}

async function say(hub: Hub, ...statements: readonly Statement[]): Promise<void> {
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...statements)));
}

test('[BR-INT-003] a group opens one alert at PagerDuty, a further alert updates it, its end resolves it; a throttled event is sent again', async () => {
  await using cleanup = new AsyncDisposableStack();
  let isThrottling = true;
  const pagerduty = await startFakeServer(({ body }) => {
    const { event_action, dedup_key } = body as Sent;
    if (isThrottling && event_action === 'trigger') {
      isThrottling = false;
      return { status: 429, headers: { 'retry-after': '1' }, body: {} };
    }
    return { status: 202, body: { status: 'success', message: 'Event processed', dedup_key } };
  });
  cleanup.defer(pagerduty.close);
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager, dedupe_window: 0s }
  pager: { connector: pagerduty, config: { url: "${pagerduty.url}", routing_key: k3y } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: [alertname], group_wait: 0s, group_interval: 1m }
`,
  });
  const sent = () =>
    pagerduty.requests
      .map(({ body }) => body as Sent)
      .filter(({ dedup_key }) => dedup_key !== 'signalbox/probe');
  const wait = (count: number) => until(`${count} events`, () => sent().length >= count);

  await say(hub, { name: 'Disk', instance: 'a', severity: 'warning' });
  await wait(1);
  await hub.forward(5_000);
  await wait(2);
  await say(hub, { name: 'Disk', instance: 'b', severity: 'critical' });
  await hub.forward(MINUTE);
  await wait(3);
  await say(
    hub,
    { name: 'Disk', instance: 'a', severity: 'warning', status: 'resolved' },
    { name: 'Disk', instance: 'b', severity: 'critical', status: 'resolved' },
  );
  await hub.forward(MINUTE);
  await wait(4);
  assert.deepEqual(
    sent().map(({ event_action, payload }) => `${event_action} ${payload?.severity ?? ''}`.trim()),
    ['trigger warning', 'trigger warning', 'trigger critical', 'resolve'],
  );
  assert.equal(new Set(sent().map(({ dedup_key }) => dedup_key)).size, 1);
  assert.ok(sent().every(({ routing_key }) => routing_key === 'k3y'));
});
