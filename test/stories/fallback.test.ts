import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startSink } from '../fakes/sink.ts';
import { FAKE_SLACK_TOKEN, startFakeSlack } from '../fakes/slack.ts';
import { startFakeSmtp } from '../fakes/smtp.ts';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody, found, list, processed, told } from './told.ts';

const MINUTE = 60_000;

test('[BR-ERR-011] [BR-ERR-012] [BR-ERR-013] [BR-REL-010] [VPA-045] a critical notification takes the fallback chain while its channel is down, and whoever was told "firing" gets the resolve', async () => {
  let pagerIsUp = false;
  await using pager = await startSink({ answer: () => ({ status: pagerIsUp ? 200 : 500 }) });
  await using chat = await startSink({ answer: () => ({ status: 400 }) });
  await using mail = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager:
    connector: webhook
    config: { url: "${pager.url}" }
    fallback: [chat, mail]
    fallback_after: 2m
    deadline: 1h
    retry: { initial: 1m, max: 1m }
    breaker: { failures: 100 }
  chat: { connector: webhook, config: { url: "${chat.url}" } }
  mail: { connector: webhook, config: { url: "${mail.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1m }
`,
  });
  const say = async (status: 'firing' | 'resolved') => {
    const disk = { name: 'Disk', severity: 'critical', status };
    await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(disk)));
  };
  await say('firing');
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 1);
  await hub.forward(MINUTE + 1_000);
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 2);
  assert.equal(chat.requests.length + mail.requests.length, 0, 'two minutes are not over');
  await hub.forward(MINUTE);
  await mail.received(1);
  assert.equal(told(mail.requests[0]!), 'firing: Disk firing');
  assert.equal(chat.requests.length, 1, 'the first of the chain was tried');

  const delivered = await found(hub, 'deliveries?status=delivered');
  assert.deepEqual([delivered.integration, delivered.origin, delivered.step], ['mail', 'pager', 2]);
  const chain = await list(hub, `deliveries?notification_id=${delivered.notification_id}`);
  const summaries = Object.fromEntries(chain.map(({ integration, summary }) => [integration, summary]));
  assert.deepEqual(summaries, { pager: 'handed to chat', chat: 'handed to mail', mail: 'HTTP 200' });

  pagerIsUp = true;
  const before = pager.requests.length;
  await say('resolved');
  await hub.forward(MINUTE);
  await mail.received(2);
  assert.equal(told(mail.requests[1]!), 'resolved: Disk resolved');
  await until('nothing is under way', async () => {
    const open = await list(hub, 'deliveries?status=pending&status=sending');
    return open.length === 0;
  });
  assert.equal(pager.requests.length, before, 'who never heard of it hears of no end');
});

test('[BR-ERR-012] an informational notification keeps to its channel until the deadline, then the fallback has it', async () => {
  await using pager = await startSink({ answer: () => ({ status: 500 }) });
  await using mail = await startSink();
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager:
    connector: webhook
    config: { url: "${pager.url}" }
    fallback: mail
    deadline: 30m
    retry: { initial: 1h }
  mail: { connector: webhook, config: { url: "${mail.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  const news = { name: 'News', severity: 'info' };
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(news)));
  await found(hub, 'deliveries', ({ attempt_count }) => attempt_count === 1);
  assert.equal(mail.requests.length, 0);
  await hub.forward(31 * MINUTE);
  await mail.received(1);
  assert.equal(told(mail.requests[0]!), 'firing: News firing');
});

test('[BR-REL-013] a stand-in that was not reached before all was over hears neither of the beginning nor of the end', async () => {
  let mailIsUp = false;
  await using pager = await startSink({ answer: () => ({ status: 400 }) });
  await using mail = await startSink({ answer: () => ({ status: mailIsUp ? 200 : 500 }) });
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${pager.url}" }, fallback: mail }
  mail: { connector: webhook, config: { url: "${mail.url}" }, retry: { initial: 8h, max: 8h } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops, group_by: ['...'], group_wait: 0s, group_interval: 1m }
`,
  });
  const say = async (status: 'firing' | 'resolved') =>
    processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk', status })));
  await say('firing');
  await found(hub, 'deliveries', (one) => one.integration === 'mail' && one.attempt_count === 1);
  await say('resolved');
  await hub.forward(MINUTE);
  const given = await found(hub, 'deliveries?status=superseded');
  assert.equal(given.integration, 'mail');
  mailIsUp = true;
  await hub.forward(9 * 60 * MINUTE);
  await until('nothing is under way', async () => {
    const open = await list(hub, 'deliveries?status=pending&status=sending');
    return open.length === 0;
  });
  assert.equal(mail.requests.length, 1, 'the try that failed while it fired');
});

test('[BR-NOT-012] the confirmation of each channel is kept with its delivery; a read receipt is none of the things these channels offer, and none is made up', async () => {
  await using sink = await startSink();
  const slack = await startFakeSlack();
  const smtp = await startFakeSmtp({ auth: 'none' });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => slack.close());
  cleanup.defer(() => smtp.close());
  await using hub = await startHub({
    env: { SLACK_TOKEN: FAKE_SLACK_TOKEN },
    files: { 'ca.pem': smtp.ca },
    yaml: `
integrations:
  prom: { connector: alertmanager }
  hook: { connector: webhook, config: { url: "${sink.url}" } }
  chat: { connector: slack, config: { token: "\${env:SLACK_TOKEN}", channel: C0123456789, api_url: "${slack.apiUrl}" } }
  mail:
    connector: email
    config: { host: "${smtp.host}", port: ${smtp.port}, ca: "\${file:ca.pem}", from: hub@example.org, to: [ops@example.org] }
receivers: { ops: [{ integration: hook }, { integration: chat }, { integration: mail }] }
routes: { receiver: ops, group_wait: 0s }
`,
  });
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody({ name: 'Disk' })));
  const deliveries = await until('all three have arrived', async () => {
    const items = await list(hub, 'deliveries?status=delivered');
    return items.length === 3 && items;
  });
  const summaries = Object.fromEntries(deliveries.map(({ integration, summary }) => [integration, summary]));
  assert.equal(summaries['hook'], 'HTTP 200');
  assert.match(summaries['chat'], /posted in C0123456789/);
  assert.match(summaries['mail'], /taken for 1 recipient/);
  for (const delivery of deliveries) {
    assert.ok(delivery.settled_at, 'when the other side confirmed');
    assert.equal(
      Object.keys(delivery).some((name) => name.includes('read')),
      false,
    );
  }
});

test('[BR-NOT-023] a test notification can be previewed and sent by the API, and a channel that fails says why', async () => {
  let status = 200;
  await using sink = await startSink({ answer: () => ({ status }) });
  await using hub = await startHub({
    yaml: `
integrations:
  prom: { connector: alertmanager }
  pager: { connector: webhook, config: { url: "${sink.url}" } }
receivers: { ops: [{ integration: pager }] }
routes: { receiver: ops }
`,
  });
  const preview = await hub.post('/api/v1/integrations/pager/preview', { priority: 'critical' });
  assert.equal(preview.json.content_type, 'application/json');
  assert.equal(JSON.parse(preview.json.body).version, '4');
  assert.equal(sink.requests.length, 0, 'a preview sends nothing');

  const sent = await hub.post('/api/v1/integrations/pager/test', { status: 'resolved' });
  assert.deepEqual([sent.json.ok, sent.json.summary], [true, 'HTTP 200']);
  assert.match(told(sink.requests[0]!), /^resolved: /);
  status = 401;
  const failed = await hub.post('/api/v1/integrations/pager/test', {});
  assert.deepEqual([failed.json.ok, failed.json.fault.code], [false, 'SB_AUTH']);
  assert.equal((await hub.post('/api/v1/integrations/prom/test', {})).status, 409);
  assert.deepEqual(await list(hub, 'deliveries'), [], 'nothing is recorded');
});

/** Uniform in [0, 1), the same at each run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

test('[KUB-006] [BR-NOT-011] over all channels more than 95 % arrive although three in ten attempts fail', async () => {
  const random = seeded(42);
  const flaky = () => (random() < 0.3 ? { status: 503 } : undefined);
  await using hook = await startSink({ answer: flaky });
  await using bus = await startSink({ answer: flaky });
  const slack = await startFakeSlack(() => {
    if (random() < 0.3) slack.refuseNext('internal_error');
  });
  const smtp = await startFakeSmtp({
    auth: 'none',
    onMail: () => random() < 0.3 && smtp.refuseNext('data', 451),
  });
  await using cleanup = new AsyncDisposableStack();
  cleanup.defer(() => slack.close());
  cleanup.defer(() => smtp.close());
  const patient = 'retry: { initial: 10s, max: 1m }, breaker: { failures: 20 }, deadline: 6h';
  await using hub = await startHub({
    env: { SLACK_TOKEN: FAKE_SLACK_TOKEN },
    files: { 'ca.pem': smtp.ca },
    yaml: `
integrations:
  prom: { connector: alertmanager }
  hook: { connector: webhook, config: { url: "${hook.url}" }, ${patient} }
  bus: { connector: webhook, config: { url: "${bus.url}", format: cloudevents }, ${patient} }
  chat:
    connector: slack
    config: { token: "\${env:SLACK_TOKEN}", channel: C0123456789, api_url: "${slack.apiUrl}" }
    retry: { initial: 10s, max: 1m }
  mail:
    connector: email
    config: { host: "${smtp.host}", port: ${smtp.port}, ca: "\${file:ca.pem}", from: hub@example.org, to: [ops@example.org] }
    retry: { initial: 10s, max: 1m }
receivers: { ops: [{ integration: hook }, { integration: bus }, { integration: mail }], chat: [{ integration: chat }] }
routes:
  receiver: ops
  group_by: ['...']
  group_wait: 0s
  repeat_interval: 100d
  routes: [{ matchers: ['team="chat"'], receiver: chat }]
`,
  });
  // Slack takes one message a second, so it gets few.
  const names = Array.from({ length: 44 }, (_, index) => ({
    name: `Alert${index}`,
    labels: { team: index < 4 ? 'chat' : 'ops' },
  }));
  const total = 40 * 3 + 4;
  await processed(hub, await hub.send('/hooks/prom', alertmanagerBody(...names)));
  const done = await until('every delivery has come to an end', async () => {
    const items = await list(hub, 'deliveries?limit=500');
    const has = (wanted: string) => items.some(({ status }) => status === wanted);
    // Only while nothing is under way: a leap of the clock would end the leases of attempts that are.
    if (items.length === total && !has('sending')) {
      if (!has('pending')) return items;
      await hub.forward(30_000);
    }
    return undefined;
  });
  const attempts = done.reduce((sum, { attempt_count }) => sum + attempt_count, 0);
  assert.ok(attempts > total * 1.2, `${attempts} attempts: many failed`);
  const delivered = done.filter(({ status }) => status === 'delivered').length;
  assert.ok(delivered / total > 0.95, `${delivered} of ${total}`);
});
