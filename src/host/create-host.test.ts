import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import {
  defineConnector,
  Fault,
  isFault,
  secret,
  Type,
  type Connector,
  type Notification,
  type Notifier,
} from '@signalbox/sdk';
import { startFakeServer, type FakeHandler } from '@signalbox/sdk/testing';
import { createMetricSet, type MetricSet } from '../lib/metrics.ts';
import type { IntegrationSettings } from '../model/settings.ts';
import { createHost } from './create-host.ts';
import type { DeliverCall, Host } from './integration.ts';
import type { LoadedConnectors } from './load-connectors.ts';

const schema = Type.Object({
  url: Type.String({ description: 'Address.' }),
  token: secret({ description: 'Token.' }),
  greeting: Type.String({ description: 'Greeting.', default: 'hello' }),
});
type Config = { url: string; token: string; greeting: string };

const post: Notifier<Config>['deliver'] = async ({ id }, { config, http, log }) => {
  log.info(`posting with ${config.token}`, { nested: { token: config.token } });
  const { status } = await http.request({
    method: 'POST',
    url: config.url,
    headers: { authorization: config.token },
    body: { id, greeting: config.greeting },
    idempotencyHeader: 'idempotency-key',
  });
  return { summary: `${status} for ${config.token}` };
};

function connectorWith(deliver = post, more: Partial<Connector<typeof schema>> = {}): Connector {
  const connector = defineConnector({
    id: 'acme',
    title: 'Acme',
    summary: 'A vendor.',
    version: '1.0.0',
    config: schema,
    notifier: { idempotency: 'key', deliver, render: ({ id }) => ({ contentType: 'text/plain', body: id }) },
    async probe({ config, http }) {
      await http.request({ method: 'GET', url: `${config.url}/probe` });
    },
    ...more,
  });
  return connector;
}

function settingsOf(config: object, more: Partial<IntegrationSettings> = {}): IntegrationSettings {
  return {
    id: 'pager',
    connector: 'acme',
    tenant: 'default',
    config: config as Record<string, unknown>,
    delivery: {
      concurrency: 4,
      timeoutMs: 2_000,
      retry: { initialMs: 1, maxMs: 1, factor: 2 },
      deadlineMs: 60_000,
      breaker: { failures: 50, cooldownMs: 1_000 },
      fallback: [],
      fallbackAfterMs: 1_000,
      onUnknown: 'auto',
    },
    http: { tls: { minVersion: 'TLSv1.3' }, reach: 'any' },
    ...more,
  };
}

interface Built {
  readonly host: Host;
  readonly lines: readonly string[];
}

async function build(
  t: TestContext,
  integrations: readonly IntegrationSettings[],
  connector: Connector | undefined = connectorWith(),
  metrics?: MetricSet,
): Promise<Built> {
  const lines: string[] = [];
  const say = (message: string, fields?: object) => void lines.push(JSON.stringify({ message, ...fields }));
  const connectors: LoadedConnectors = {
    connectors: new Map([[connector.id, connector]]),
    broken: [{ id: 'torn', reason: 'Unexpected token' }],
  };
  const host = await createHost({
    settings: { integrations: Object.fromEntries(integrations.map((own) => [own.id, own])) },
    connectors,
    log: { debug: say, info: say, warn: say, error: say },
    metrics,
    now: () => 1_000,
    version: '0.1.0',
  });
  t.after(host.close);
  return { host, lines };
}

async function serve(t: TestContext, handler?: FakeHandler) {
  const server = await startFakeServer(handler);
  t.after(server.close);
  return server;
}

const notification = { id: 'n_1', alerts: [] } as unknown as Notification;
const stored = new Map<string, string>();
const call: DeliverCall = {
  idempotencyKey: 'd_1',
  correlationId: 'c_1',
  signal: new AbortController().signal,
  state: {
    get: (key) => Promise.resolve(stored.get(key)),
    set: (key, value) => Promise.resolve(void stored.set(key, value)),
  },
};

async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => assert.fail('it went through'),
    (error: unknown) => error as Error,
  );
}

test('a delivery reaches the vendor with its settings, idempotency key, correlation id and version', async (t) => {
  const server = await serve(t);
  const { host } = await build(t, [settingsOf({ url: server.url, token: 's3cret', greeting: 'hello' })]);
  const pager = host.integrations.get('pager')!;
  await pager.deliver(notification, call);
  const [request] = server.requests;
  assert.deepEqual(request?.body, { id: 'n_1', greeting: 'hello' });
  assert.equal(request.headers['idempotency-key'], 'd_1');
  assert.equal(request.headers['x-correlation-id'], 'c_1');
  assert.equal(request.headers['user-agent'], 'signalbox/0.1.0');
  assert.deepEqual(pager.render(notification), { contentType: 'text/plain', body: 'n_1' });
});

test('a capability function gets the six fields and nothing else', async (t) => {
  let fields: readonly string[] = [];
  const connector = connectorWith(async (_notification, context) => {
    fields = Object.keys(context).toSorted();
    assert.equal(context.now().getTime(), 1_000);
    await context.state.set('message', 'm_1');
    return { summary: context.http.idempotencyKey };
  });
  const { host } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
  const receipt = await host.integrations.get('pager')!.deliver(notification, call);
  assert.deepEqual(fields, ['config', 'http', 'log', 'now', 'signal', 'state']);
  assert.equal(receipt.summary, 'd_1');
  assert.equal(stored.get('message'), 'm_1');
});

test('no secret leaves in a log line, a receipt, a fault, its cause or its stack', async (t) => {
  const server = await serve(t);
  const ok = await build(t, [settingsOf({ url: server.url, token: 's3cret' })]);
  const receipt = await ok.host.integrations.get('pager')!.deliver(notification, call);
  assert.equal(receipt.summary, '200 for [redacted]');
  assert.doesNotMatch(ok.lines.join('\n'), /s3cret/);
  assert.match(ok.lines.join('\n'), /posting with \[redacted\]/);

  const leaking: readonly (() => Error)[] = [
    () => new Fault('SB_REJECTED', 'no to s3cret', { field: 'x', status: 400 }),
    () => new Fault('SB_REJECTED', 'no', { field: 'x', status: 400, cause: new Error('for s3cret') }),
    () => new TypeError('undefined is not s3cret'),
  ];
  for (const make of leaking) {
    const connector = connectorWith(() => Promise.reject(make()));
    const { host, lines } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
    const pager = host.integrations.get('pager')!;
    const error = await failure(pager.deliver(notification, call));
    const texts = [error.message, error.stack, String(error.cause), JSON.stringify(pager.health), ...lines];
    assert.doesNotMatch(texts.join('\n'), /s3cret/);
    if (isFault(error)) assert.deepEqual([error.code, error.field, error.status], ['SB_REJECTED', 'x', 400]);
  }
});

test('[BR-ERR-001] each fault decides the health of the integration, and success makes it healthy again', async (t) => {
  let next: Error | undefined;
  const connector = connectorWith(() => (next ? Promise.reject(next) : Promise.resolve({ summary: 'ok' })));
  const { host } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
  const pager = host.integrations.get('pager')!;
  assert.equal(pager.health.status, 'unknown');
  const table: readonly (readonly [Error | undefined, string])[] = [
    [new Fault('SB_REJECTED', 'no'), 'degraded'],
    [undefined, 'healthy'],
    [new Fault('SB_REJECTED', 'no'), 'healthy'],
    [new Fault('SB_UNAVAILABLE', 'down'), 'degraded'],
    [new Fault('SB_RATE_LIMITED', 'busy'), 'degraded'],
    [new Fault('SB_AUTH', 'who?'), 'refused'],
    [new Fault('SB_CONFIG', 'wrong'), 'misconfigured'],
    [new TypeError('bug'), 'degraded'],
    [undefined, 'healthy'],
  ];
  for (const [error, status] of table) {
    next = error;
    await pager.deliver(notification, call).catch(() => {});
    assert.equal(pager.health.status, status, error?.message ?? 'success');
  }
  assert.deepEqual([pager.health.successes, pager.health.failures], [2, 7]);
  assert.deepEqual(pager.health.lastFault, { code: 'SB_BUG', message: 'bug', at: 1_000 });
});

test('[BR-ERR-004] a bug of a connector is logged with its stack and thrown on', async (t) => {
  const connector = connectorWith(() => Promise.reject(new TypeError('x is not a function')));
  const { host, lines } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
  const error = await failure(host.integrations.get('pager')!.deliver(notification, call));
  assert.equal(isFault(error), false);
  assert.equal(error.message, 'x is not a function');
  assert.match(lines.at(-1)!, /this is a bug.*TypeError: x is not a function\\n.*at /);
});

test('a probe tells what a person should see, and an integration without one answers', async (t) => {
  const server = await serve(t, () => ({ status: 401 }));
  const { host } = await build(t, [settingsOf({ url: server.url, token: 's3cret' })]);
  const pager = host.integrations.get('pager')!;
  const error = await failure(pager.probe(new AbortController().signal));
  assert.ok(isFault(error) && error.code === 'SB_AUTH');
  assert.equal(pager.health.status, 'refused');

  const { probe: _probe, ...silent } = connectorWith();
  const other = await build(t, [settingsOf({ url: server.url, token: 's3cret' })], silent);
  await other.host.integrations.get('pager')!.probe(new AbortController().signal);
});

test('what can not work is shown as misconfigured, says why to every call, and stops nobody else', async (t) => {
  const server = await serve(t);
  const good = { url: server.url, token: 's3cret' };
  const { host, lines } = await build(t, [
    settingsOf(good, { id: 'good' }),
    settingsOf({}, { id: 'lost', connector: 'nowhere' }),
    settingsOf({}, { id: 'torn', connector: 'torn' }),
    settingsOf(good, {
      id: 'keyless',
      http: { tls: { minVersion: 'TLSv1.3', caFile: '/no/such/ca.pem' }, reach: 'any' },
    }),
    settingsOf(good, {
      id: 'pemless',
      http: { tls: { minVersion: 'TLSv1.3', caFile: import.meta.filename }, reach: 'any' },
    }),
    settingsOf(good, {
      id: 'halfless',
      http: { tls: { minVersion: 'TLSv1.3', keyFile: import.meta.filename }, reach: 'any' },
    }),
    settingsOf(good, {
      id: 'proxyless',
      http: { proxy: 'nonsense', tls: { minVersion: 'TLSv1.3' }, reach: 'any' },
    }),
  ]);
  const reasons: Readonly<Record<string, RegExp>> = {
    lost: /there is no connector nowhere; there are acme/,
    torn: /the connector torn could not be loaded: Unexpected token/,
    keyless: /http\.tls\.ca_file can't be read \(ENOENT\)/,
    pemless: /http\.tls\.ca_file must hold PEM/,
    halfless: /cert_file and http\.tls\.key_file must hold PEM texts that belong together/,
    proxyless: /proxy/,
  };
  for (const [id, reason] of Object.entries(reasons)) {
    const integration = host.integrations.get(id)!;
    assert.equal(integration.health.status, 'misconfigured', id);
    for (const promise of [integration.deliver(notification, call), integration.probe(call.signal)]) {
      const error = await failure(promise);
      assert.ok(isFault(error) && error.code === 'SB_CONFIG', id);
      assert.match(error.message, reason);
    }
    assert.throws(() => integration.render(notification), isFault);
    assert.match(lines.join('\n'), new RegExp(`"integration":"${id}"`));
  }
  await host.integrations.get('good')!.deliver(notification, call);
  assert.deepEqual(host.broken, [{ id: 'torn', reason: 'Unexpected token' }]);
  assert.deepEqual(
    host.connectors.map(({ id }) => id),
    ['acme'],
  );
});

test('closing waits for calls under way, then closes the connector once', async (t) => {
  const order: string[] = [];
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  const connector = connectorWith(
    async () => {
      await held;
      order.push('delivered');
      return { summary: 'ok' };
    },
    { close: async () => void order.push('closed') },
  );
  const { host } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
  const delivery = host.integrations.get('pager')!.deliver(notification, call);
  const closing = Promise.all([host.close(), host.close()]);
  release();
  await Promise.all([delivery, closing]);
  assert.deepEqual(order, ['delivered', 'closed']);
});

test('a connector that fails to close does not keep the others open', async (t) => {
  const connector = connectorWith(post, { close: () => Promise.reject(new Error('stuck')) });
  const { host, lines } = await build(t, [settingsOf({ url: 'http://x', token: 's3cret' })], connector);
  await host.close();
  assert.match(lines.at(-1)!, /did not close.*pager.*stuck/);
});

test('[VPA-068] [VPA-115] [VPA-116] [VPA-117] calls show in the series of the requirements, over a reload too', async (t) => {
  const metrics = createMetricSet('without-process');
  let status = 200;
  const server = await serve(t, () => ({ status }));
  const settings = [
    settingsOf({ url: server.url, token: 's3cret' }),
    settingsOf({ url: server.url, token: 's3cret' }, { id: 'idle' }),
  ];
  const old = await build(t, settings, connectorWith(), metrics);
  const pager = old.host.integrations.get('pager')!;
  for (const each of [200, 200, 200, 503]) {
    status = each;
    await pager.deliver(notification, call).catch(() => {});
  }
  const text = await metrics.text();
  for (const line of [
    'signalbox_integration_requests_total{integration="pager",outcome="success"} 3',
    'signalbox_integration_requests_total{integration="pager",outcome="unavailable"} 1',
    'signalbox_integration_request_duration_seconds_count{integration="pager"} 4',
    'integration_api_response_time{integration="pager"} 0',
    'integration_success_rate{integration="pager"} 0.75',
    'integration_error_count{integration="pager"} 1',
    'integration_error_count{integration="idle"} 0',
    'vpa_nap_integration_health{integration="pager"} 0',
    'vpa_nap_integration_health{integration="idle"} 1',
  ]) {
    assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
  }

  await build(t, settings.slice(0, 1), connectorWith(), metrics);
  await old.host.close();
  const after = await metrics.text();
  assert.match(after, /vpa_nap_integration_health\{integration="pager"\} 1/, 'the new host is watched');
  assert.doesNotMatch(after, /vpa_nap_integration_health\{integration="idle"\}/, 'what is gone is not');
});

test('[VPA-113] every outbound request is in the log with host and outcome, and without address or secret', async (t) => {
  const server = await serve(t, () => ({ status: 429 }));
  const { host, lines } = await build(t, [settingsOf({ url: `${server.url}/secret-path`, token: 's3cret' })]);
  await failure(host.integrations.get('pager')!.deliver(notification, call));
  const line = lines.find((each) => each.includes('outbound request'));
  assert.deepEqual(JSON.parse(line!), {
    message: 'outbound request',
    integration: 'pager',
    host: new URL(server.url).host,
    method: 'POST',
    status: 429,
    fault: 'SB_RATE_LIMITED',
    durationMs: 0,
    correlationId: 'c_1',
  });
});
