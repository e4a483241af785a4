import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { AuthSettings, IntegrationSettings } from '../model/settings.ts';
import { load, REST } from './testing.ts';

/** One source with these settings, resolved. */
async function source(t: TestContext, written: string): Promise<IntegrationSettings> {
  const text = `integrations:\n  prom: { connector: in, ${written} }\n  pager: { connector: out }\n${REST}`;
  const result = await load(t, text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.settings.integrations.prom!;
}

async function auth(t: TestContext, written: string): Promise<readonly AuthSettings[]> {
  return (await source(t, `auth: ${written}`)).endpoint!.auth;
}

test('[BR-WH-002] endpoints side by side have settings of their own', async (t) => {
  const text = `integrations:
  a: { connector: in, auth: { bearer: one }, limits: { body: 1KiB, rate: 5, burst: 7 }, dedupe_window: 0s, labels: { cluster: eu } }
  b: { connector: in, auth: none, limits: { depth: 3, timeout: 1s, rate: unlimited }, headers: [X-Region], tenant: shop, resolve_after: 1h, heartbeat: 5m, delivery_id_header: X-Id }
  pager: { connector: out }
${REST}`;
  const result = await load(t, text);
  assert.ok(result.ok);
  const { a, b, pager } = result.settings.integrations;
  assert.deepEqual(a!.endpoint, {
    paths: ['/hooks/a'],
    auth: [{ kind: 'bearer', tokens: ['one'] }],
    allow: { ips: [], hosts: [] },
    limits: {
      bodyBytes: 1024,
      inflatedBytes: 8_388_608,
      depth: 64,
      timeoutMs: 10_000,
      ratePerSecond: 5,
      burst: 7,
    },
    passHeaders: [],
    dedupeWindowMs: 0,
    labels: { cluster: 'eu' },
  });
  assert.deepEqual(b!.endpoint, {
    paths: ['/hooks/b'],
    auth: [],
    allow: { ips: [], hosts: [] },
    limits: {
      bodyBytes: 1_048_576,
      inflatedBytes: 8_388_608,
      depth: 3,
      timeoutMs: 1_000,
      ratePerSecond: Infinity,
      burst: Infinity,
    },
    passHeaders: ['x-region'],
    deliveryIdHeader: 'x-id',
    dedupeWindowMs: 60_000,
    labels: {},
    resolveAfterMs: 3_600_000,
    heartbeatMs: 300_000,
  });
  assert.deepEqual([a!.tenant, b!.tenant, pager!.endpoint], ['default', 'shop', undefined]);
});

test('[BR-WH-016] the paths of an endpoint are configurable, several at once', async (t) => {
  assert.deepEqual((await source(t, 'path: /alerts/v4')).endpoint!.paths, ['/alerts/v4']);
  assert.deepEqual((await source(t, 'path: /a, paths: [/b/, /c]')).endpoint!.paths, ['/a', '/b', '/c']);
});

test('every kind of authentication is resolved, two secrets at once included', async (t) => {
  assert.deepEqual(await auth(t, '{ bearer: [a, b] }'), [{ kind: 'bearer', tokens: ['a', 'b'] }]);
  assert.deepEqual(await auth(t, '{ basic: { username: u, password: a, passwords: [b] } }'), [
    { kind: 'basic', username: 'u', passwords: ['a', 'b'] },
  ]);
  assert.deepEqual(await auth(t, '{ api_key: { key: a } }'), [
    { kind: 'api_key', header: 'x-api-key', keys: ['a'] },
  ]);
  assert.deepEqual(await auth(t, '{ jwt: { key: a, issuer: i, audience: u } }'), [
    { kind: 'jwt', algorithms: ['HS256'], keys: ['a'], issuer: 'i', audience: 'u', clockSkewMs: 30_000 },
  ]);
  assert.deepEqual(await auth(t, "{ jwt: { jwks_url: 'https://example.org/k', audience: u } }"), [
    {
      kind: 'jwt',
      algorithms: ['RS256', 'ES256', 'EdDSA'],
      keys: [],
      jwksUrl: 'https://example.org/k',
      audience: 'u',
      clockSkewMs: 30_000,
    },
  ]);
});

test('several ways to authenticate are all kept, in a map or a list', async (t) => {
  const kinds = (methods: readonly AuthSettings[]) => methods.map(({ kind }) => kind);
  assert.deepEqual(kinds(await auth(t, '{ bearer: a, api_key: { key: b } }')), ['bearer', 'api_key']);
  assert.deepEqual(kinds(await auth(t, '[{ api_key: { key: b } }, { bearer: a }]')), ['api_key', 'bearer']);
});

test('a preset of a signature can be changed value by value', async (t) => {
  const common = { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', toleranceMs: 300_000 };
  assert.deepEqual(await auth(t, '{ hmac: { preset: github, secret: a, header: X-Sig } }'), [
    { ...common, header: 'x-sig', prefix: 'sha256=', content: '{body}', secrets: [Buffer.from('a')] },
  ]);
  assert.deepEqual(
    await auth(t, '{ hmac: { preset: grafana, secret: a, timestamp_header: X-Time, tolerance: 1m } }'),
    [
      {
        ...common,
        header: 'x-grafana-alerting-signature',
        prefix: '',
        content: '{timestamp}:{body}',
        timestampHeader: 'x-time',
        toleranceMs: 60_000,
        secrets: [Buffer.from('a')],
      },
    ],
  );
  const [webhooks] = await auth(
    t,
    '{ hmac: { preset: standard_webhooks, secrets: [whsec_aGVsbG8=, aGVsbG8=] } }',
  );
  assert.ok(webhooks?.kind === 'hmac');
  assert.deepEqual(webhooks.secrets.map(String), ['hello', 'hello']);
  assert.deepEqual([webhooks.idHeader, webhooks.timestampHeader], ['webhook-id', 'webhook-timestamp']);
});

test('beyond loopback a source needs authentication, or the word none', async (t) => {
  const open = { 'server.listen': '0.0.0.0:8080', 'server.api_tokens': 'token' };
  const text = (written: string) =>
    `integrations:\n  prom: { connector: in${written} }\n  pager: { connector: out }\n${REST}`;
  const silent = await load(t, text(''), { overrides: open });
  assert.ok(!silent.ok);
  assert.deepEqual(
    silent.errors.map(({ code, path }) => `${code} ${path}`),
    ['open_endpoint integrations.prom'],
  );
  assert.ok((await load(t, text(', auth: none'), { overrides: open })).ok);
  for (const loopback of ['127.0.0.1:1', '[::1]:1', 'localhost:1', '127.9.9.9:1']) {
    assert.ok((await load(t, text(''), { overrides: { 'server.listen': loopback } })).ok, loopback);
  }
});

test('beyond loopback the API needs a token', async (t) => {
  const text = `integrations:\n  prom: { connector: in, auth: none }\n  pager: { connector: out }\n${REST}`;
  for (const open of [':8080', '0.0.0.0:8080', '[::]:8080', '192.0.2.1:80', 'example.org:80']) {
    const result = await load(t, text, { overrides: { 'server.listen': open } });
    assert.ok(!result.ok, open);
    assert.deepEqual(
      result.errors.map(({ code }) => code),
      ['open_api'],
    );
  }
});

test('the address for people follows the listener unless it is given', async (t) => {
  const url = async (options: Readonly<Record<string, string>>) => {
    const text = `integrations:\n  prom: { connector: in, auth: none }\n  pager: { connector: out }\n${REST}`;
    const result = await load(t, text, { overrides: { 'server.api_tokens': 'x', ...options } });
    assert.ok(result.ok);
    return result.settings.server.externalURL;
  };
  assert.equal(await url({}), 'http://127.0.0.1:8080');
  assert.equal(await url({ 'server.listen': '[::1]:9' }), 'http://[::1]:9');
  assert.equal(await url({ 'server.listen': ':9' }), 'http://localhost:9');
  assert.equal(await url({ 'server.external_url': 'https://hub.example.org/' }), 'https://hub.example.org');
});

test('the revision changes with the meaning and not with the writing', async (t) => {
  const revision = async (text: string) => {
    const result = await load(t, text);
    assert.ok(result.ok, JSON.stringify(result));
    return result.settings.revision;
  };
  const integrations = 'integrations:\n  prom: { connector: in }\n  pager: { connector: out }\n';
  const first = await revision(`${integrations}${REST}`);
  assert.match(first, /^[0-9a-f]{12}$/);
  assert.equal(await revision(`# a comment\n${REST}${integrations}`), first);
  assert.equal(await revision(`${integrations}${REST}  group_wait: 30s\n`), first);
  const others = [
    `${integrations}${REST}  group_wait: 31s\n`,
    `${integrations}${REST}  routes: [{ matchers: a=b }]\n`,
    `${integrations}${REST}  routes: [{ matchers: a=c }]\n`,
    `${integrations.replace('in }', 'in, auth: { hmac: { secret: a } } }')}${REST}`,
    `${integrations.replace('in }', 'in, auth: { hmac: { secret: b } } }')}${REST}`,
    `${integrations.replace('in }', 'in, limits: { rate: unlimited } }')}${REST}`,
  ];
  const revisions = await Promise.all(others.map(revision));
  assert.equal(new Set([first, ...revisions]).size, others.length + 1);
});
