import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { startFakeSlack, FAKE_SLACK_TOKEN } from '../fakes/slack.ts';
import { startSink } from '../fakes/sink.ts';
import { metricOf, startHub, until } from '../harness.ts';
import { alertmanagerBody, list, processed } from './told.ts';

const ALERTS = 1_000;
/** Sixteen slots need two seconds for all of them. */
const ANSWER_MS = 32;
const PER_REQUEST = 100;

const flood = (from: number, to: number) =>
  alertmanagerBody(
    ...Array.from({ length: to - from }, (_, index) => ({
      name: 'Flood',
      instance: `i${from + index}`,
      severity: 'warning',
    })),
  );

const instanceOf = (body: string): string =>
  (JSON.parse(body) as { alerts: { labels: Record<string, string> }[] }).alerts[0]!.labels['instance']!;

test('[BR-NOT-012] [BR-REL-011] [HNP-037] a thread of its own sends: everybody is told once, messages are still updated, health is still kept, a change of the configuration still holds', async () => {
  await using cleanup = new AsyncDisposableStack();
  const slack = await startFakeSlack();
  cleanup.defer(slack.close);
  await using sink = await startSink({ answer: () => pause(ANSWER_MS, undefined) });
  const yaml = (path: string) => `
server: { delivery_thread: always }
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, concurrency: 16, config: { url: "${sink.url}${path}" } }
  chat: { connector: slack, config: { token: "${FAKE_SLACK_TOKEN}", channel: C1, api_url: "${slack.apiUrl}" } }
receivers:
  ops: [{ integration: pager }]
  room: [{ integration: chat }]
routes:
  receiver: ops
  group_by: ['...']
  group_wait: 0s
  group_interval: 1s
  routes: [{ matchers: [alertname="Disk"], receiver: room }]
`;
  await using hub = await startHub({ yaml: yaml('/pager') });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  await until('the room is told, and a thread of its own sends what follows', async () => {
    return slack.messages().length === 1 && (await metricOf(hub, 'signalbox_delivery_threads')) === 1;
  });

  for (let from = 0; from < ALERTS; from += PER_REQUEST) {
    const answer = await hub.send('/hooks/prom', flood(from, from + PER_REQUEST));
    assert.equal(answer.status, 202);
  }
  await sink.received(ALERTS);
  await until('nothing is under way', async () => {
    const open = await list(hub, 'deliveries?status=pending&status=sending');
    return open.length === 0;
  });
  const instances = sink.requests.map(({ body }) => instanceOf(body));
  assert.equal(new Set(instances).size, ALERTS);
  assert.equal(instances.length, ALERTS, 'nobody is told twice');
  const { items } = (await hub.get('/api/v1/integrations')).json;
  const pager = items.find(({ id }: { id: string }) => id === 'pager');
  assert.deepEqual([pager.health.status, pager.health.successes], ['healthy', ALERTS]);

  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', status: 'resolved' })));
  await hub.forward(2_000);
  const [message] = await until('the message says that it is over', () => {
    const all = slack.messages();
    return all[0]!.edits > 0 && all;
  });
  assert.equal(slack.messages().length, 1, 'it is the message from before');
  assert.match(JSON.stringify(message!.content), /resolved/i);

  await hub.reload(yaml('/moved'));
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Other' })));
  await sink.received(ALERTS + 1);
  assert.equal(sink.requests.at(-1)!.path, '/moved');
  assert.equal(await metricOf(hub, 'signalbox_delivery_threads'), 1);
});

test('[BR-REL-011] [HNP-049] a hub that stops while a thread of its own sends waits for what is under way, and what waits is told after the next start, once', async () => {
  await using sink = await startSink({ answer: () => pause(ANSWER_MS, undefined) });
  await using hub = await startHub({
    yaml: `
server: { delivery_thread: always }
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, concurrency: 16, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s }
`,
  });
  for (let from = 0; from < ALERTS; from += PER_REQUEST) {
    const answer = await hub.send('/hooks/prom', flood(from, from + PER_REQUEST));
    assert.equal(answer.status, 202);
  }
  await until(
    'a thread of its own sends',
    async () => (await metricOf(hub, 'signalbox_delivery_threads')) === 1,
  );
  await hub.restart();
  assert.ok(sink.requests.length < ALERTS, 'there was something left');
  await sink.received(ALERTS);
  await until('nothing is under way', async () => {
    const open = await list(hub, 'deliveries?status=pending&status=sending');
    return open.length === 0;
  });
  const instances = sink.requests.map(({ body }) => instanceOf(body));
  assert.deepEqual([new Set(instances).size, instances.length], [ALERTS, ALERTS]);
});
