import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { test, type TestContext } from 'node:test';
import { isFault, type Notification, type Receipt } from '@signalbox/sdk';
import { conformance, testContext } from '@signalbox/sdk/testing';
import { startSink } from '../../test/fakes/sink.ts';
import type { WebhookConfig } from './config.ts';
import webhook from './index.ts';
import { signatureHeaders } from './sign.ts';

conformance(webhook, {
  dir: import.meta.dirname,
  config: (url) => ({ url: `${url}/hook`, bearer_token: 'test-bearer-4711' }),
  deliverFixture: 'firing',
});

const firing = readSample('firing');
const defaults = {
  method: 'POST',
  format: 'alertmanager',
  content_type: 'application/json',
  max_alerts: 0,
} as const;

function readSample(name: string): Notification {
  const path = new URL(`fixtures/notifier/${name}/notification.json`, import.meta.url);
  return JSON.parse(readFileSync(path, 'utf8')) as Notification;
}

async function deliver(
  t: TestContext,
  settings: Partial<WebhookConfig>,
  notifications: readonly Notification[] = [firing],
) {
  const sink = await startSink();
  t.after(sink.close);
  const { context, lines, close } = testContext<WebhookConfig>({
    config: { ...defaults, url: `${sink.url}/hook`, ...settings },
    idempotencyKey: 'delivery-1',
  });
  t.after(close);
  const receipts: Receipt[] = [];
  for (const notification of notifications)
    receipts.push(await webhook.notifier!.deliver(notification, context));
  return { sink, receipts, lines, request: sink.requests[0]! };
}

test('[BR-NOT-006] the default body has the fields of Alertmanager’s version 4 in their order', async (t) => {
  const { request } = await deliver(t, {});
  const body = JSON.parse(request.body) as { alerts: object[] };
  const fields =
    'receiver status alerts notification_reason groupLabels commonLabels commonAnnotations routeLabels externalURL version groupKey truncatedAlerts';
  assert.deepEqual(Object.keys(body), fields.split(' '));
  const alertFields = 'status labels annotations startsAt endsAt generatorURL fingerprint';
  assert.deepEqual(Object.keys(body.alerts[0]!), alertFields.split(' '));
});

test('[BR-NOT-010] the same notification goes out as Alertmanager JSON, as a CloudEvent or as a text of one’s own', async (t) => {
  const cloudEvent = await deliver(t, { format: 'cloudevents' });
  assert.match(cloudEvent.request.headers['content-type'] ?? '', /^application\/cloudevents\+json/);
  const event = JSON.parse(cloudEvent.request.body) as Record<string, unknown>;
  assert.equal(event['specversion'], '1.0');
  assert.equal(event['id'], firing.id);
  assert.deepEqual(event['data'], firing);

  const text = await deliver(t, { format: 'template', content_type: 'text/plain', template: '{{ title }}' });
  assert.equal(text.request.headers['content-type'], 'text/plain');
  assert.equal(text.request.body, '[FIRING:1] DiskFull · db-1.example.org:9100 (critical)');
});

test('alerts over max_alerts are counted as truncated', async (t) => {
  const several = readSample('several');
  const { request } = await deliver(t, { max_alerts: 2 }, [several]);
  const body = JSON.parse(request.body) as { alerts: unknown[]; truncatedAlerts: number };
  assert.equal(body.alerts.length, 2);
  assert.equal(body.truncatedAlerts, several.truncatedAlerts + 1);
});

for (const [what, template] of [
  ['that fails', '{{ title | time }}'],
  ['that yields no JSON', '{"text": {{ title }}}'],
] as const) {
  test(`[BR-NOT-007] a template ${what} sends the default body, and the receipt and the log say so`, async (t) => {
    const { request, receipts, lines } = await deliver(t, { format: 'template', template });
    assert.equal((JSON.parse(request.body) as { version: string }).version, '4');
    assert.match(receipts[0]!.summary, /^HTTP 200\. This is the default text, because the template failed/);
    assert.match(lines.join('\n'), /"level":"warn".*the template failed/);
  });
}

test('a template that does not compile is a fault of the configuration that names the field', async (t) => {
  await assert.rejects(
    deliver(t, { format: 'template', template: '{% if %}' }),
    (thrown) => isFault(thrown) && thrown.code === 'SB_CONFIG' && thrown.field === 'config.template',
  );
});

test('the signature is the one of Standard Webhooks: known answer', () => {
  // The example of the specification's reference libraries.
  const headers = signatureHeaders(
    'msg_p5jXN8AQM9LWM0D4loKWxJek',
    new Date(1_614_265_330_000),
    '{"test": 2432232314}',
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  );
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  assert.equal(headers['webhook-timestamp'], '1614265330');
});

test('during a change of secrets each receiver finds a signature of its own over the bytes that were sent', async (t) => {
  const secrets = ['bmV3LW5ldy1uZXctbmV3LW5ldy1uZXc=', 'b2xkLW9sZC1vbGQtb2xkLW9sZC1vbGQ='];
  const { request } = await deliver(t, {
    signing_secret: `whsec_${secrets[0]}`,
    old_signing_secrets: [`whsec_${secrets[1]}`],
  });
  const content = `delivery-1.${String(request.headers['webhook-timestamp'])}.${request.body}`;
  const expected = secrets.map((secret) => {
    const digest = createHmac('sha256', Buffer.from(secret, 'base64')).update(content).digest('base64');
    return `v1,${digest}`;
  });
  assert.equal(request.headers['webhook-id'], 'delivery-1');
  assert.equal(request.headers['webhook-signature'], expected.join(' '));
});

test('a user’s headers, query and basic authentication are sent', async (t) => {
  const { request } = await deliver(t, {
    headers: { 'X-Team': 'db' },
    query: { token: 'a b' },
    username: 'hub',
    password: 'pa:ss',
  });
  assert.equal(request.headers['x-team'], 'db');
  assert.equal(request.path, '/hook?token=a+b');
  assert.equal(request.headers.authorization, `Basic ${Buffer.from('hub:pa:ss').toString('base64')}`);
});

test('[HNP-073] [BR-PERF-033] deliveries one after the other use kept-alive connections again', async (t) => {
  const { sink } = await deliver(t, {}, Array(20).fill(firing) as Notification[]);
  assert.equal(sink.requests.length, 20);
  // The next delivery may start in the very turn in which the first connection becomes free, so there can be a second one.
  assert.ok(sink.connections() <= 2, `there were ${sink.connections()} connections`);
});

const GO = { definitions: [{ name: 'own.tmpl', source: '{{ define "own" }}{{ .Status }}!{{ end }}' }] };

test('[BR-NOT-010] a payload of Go templates is sent with the kinds that its texts render to', async (t) => {
  const payload = {
    count: '{{ len .Alerts }}',
    labels: '{{ toJson .GroupLabels }}',
    words: ['{{ template "own" . }}', 7, '{{ .CommonLabels.none }}'],
    '{{ .Status }}': '12:30 & <b>',
  };
  const { request } = await deliver(t, { go_templates: { ...GO, payload } });
  assert.deepEqual(JSON.parse(request.body), {
    count: 1,
    labels: firing.groupLabels,
    words: ['firing!', 7, null],
    firing: '12:30 & <b>',
  });
});

test('[BR-NOT-007] a payload that can’t be rendered sends the default body, and the receipt says so', async (t) => {
  const { request, receipts } = await deliver(t, { go_templates: { ...GO, payload: { a: '{{ .Nope }}' } } });
  assert.equal((JSON.parse(request.body) as { version: string }).version, '4');
  assert.match(receipts[0]!.summary, /the template failed: config\.go_templates\.payload:1:4/);
});

test('an address of Go templates is followed only when it is one of http', async (t) => {
  const sink = await startSink();
  t.after(sink.close);
  const { request } = await deliver(t, { go_templates: { ...GO, url: '{{ "" }}' } }).catch(
    (fault: unknown) => ({ request: fault }),
  );
  assert.ok(isFault(request) && request.code === 'SB_REJECTED');
  const url = `${sink.url}/{{ .GroupLabels.cluster }}`;
  await deliver(t, { go_templates: { ...GO, url } });
  assert.deepEqual(
    sink.requests.map(({ path }) => path),
    ['/eu-1'],
  );
});

test('the reason and the labels of the route are told as Alertmanager 0.34 tells them', async (t) => {
  const told = { ...firing, reason: 'new_alerts', routeLabels: { team: 'x-{{ .Status }}' } } as const;
  const { request } = await deliver(t, {}, [told]);
  const body = JSON.parse(request.body) as Record<string, unknown>;
  assert.equal(body['notification_reason'], 'new alerts added');
  assert.deepEqual(body['routeLabels'], { team: 'x-firing' });
});
