import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadWebConfig } from './load-web-config.ts';
import { OPEN_WEB } from './web-config.ts';

const HASH = '$2y$10$QOauhQNbBCuQDKes6eFzPeMqBSjb7Mr5DUmpZ/VcEd00UAV/LDeSi';
const TLS = 'tls_server_config: { cert_file: a.pem, key_file: k.pem';

test('a web configuration gives TLS, users, headers and a pace; what would keep people out and can’t is refused with its place', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  t.after(() => rm(folder, { recursive: true }));
  const load = async (text: string) => {
    const file = join(folder, 'web.yml');
    await writeFile(file, text);
    return loadWebConfig(file);
  };
  const read = async (text: string) => {
    const loaded = await load(text);
    assert.ok(loaded.ok, JSON.stringify(loaded));
    return loaded.web;
  };
  assert.deepEqual(await loadWebConfig(''), { ok: true, web: OPEN_WEB });
  assert.deepEqual(await read(''), OPEN_WEB);
  assert.deepEqual(
    await read(
      `${TLS}, min_version: TLS12, max_version: TLS12, cipher_suites: [TLS_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256], curve_preferences: [X25519, CurveP256] }`,
    ),
    {
      ...OPEN_WEB,
      tls: {
        certFile: join(folder, 'a.pem'),
        keyFile: join(folder, 'k.pem'),
        minVersion: 'TLSv1.2',
        maxVersion: 'TLSv1.2',
        ciphers: ['ECDHE-RSA-AES128-GCM-SHA256'],
        curves: ['X25519', 'P-256'],
      },
    },
  );
  const mutual = await read(
    `${TLS}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem, client_allowed_sans: [x] }`,
  );
  assert.deepEqual(mutual.certificates, { demand: 'verified', allowedNames: ['x'] });
  assert.deepEqual(
    [mutual.tls?.clientCaFile, mutual.tls?.asksForCertificate],
    [join(folder, 'ca.pem'), true],
  );
  const open = await read(
    `basic_auth_users: { ada: ${HASH} }\nhttp_server_config: { headers: { X-Frame-Options: deny, X-XSS-Protection: '' } }\nrate_limit: { interval: 100ms, burst: 5 }`,
  );
  assert.deepEqual([...open.users], [['ada', HASH]]);
  assert.deepEqual(open.headers, { 'X-Frame-Options': 'deny' });
  assert.deepEqual(open.rateLimit, { intervalMs: 100, burst: 5 });
});

test('what the exporter toolkit refuses is refused with its place, and no hash is in the words', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'web.yml');
  for (const [text, problem] of [
    ['basic_auth_users: { a: $2y$x }', /web\.yml:1:24: expected the bcrypt hash of a password/],
    ['basic_auth_users: { a: plain-secret }', /^(?!.*plain-secret).*expected the bcrypt hash/],
    [`basic_auth_users: { a: ${HASH.replace('$10$', '$32$')} }`, /expected the bcrypt hash/],
    [`${TLS}, client_allowed_sans: [x] }`, /names are looked at only where/],
    [`${TLS}, client_auth_type: RequireAndVerifyClientCert }`, /needs "client_ca_file"/],
    [`${TLS}, client_auth_type: Perhaps }`, /"Perhaps" is none of NoClientCert/],
    [`${TLS}, client_ca_file: ca.pem }`, /does nothing without "client_auth_type"/],
    [
      `${TLS}, cipher_suites: [TLS_RSA_WITH_RC4_128_SHA] }`,
      /there is no cipher suite "TLS_RSA_WITH_RC4_128_SHA"/,
    ],
    [`${TLS}, curve_preferences: [secp112r1] }`, /there is no curve "secp112r1"/],
    [`${TLS}, min_version: TLS10 }`, /expected TLS12 or TLS13, not "TLS10"/],
    [`${TLS}, min_version: TLS13, max_version: TLS12 }`, /it is below "min_version"/],
    ['tls_server_config: { cert_file: a.pem }', /"key_file" is missing/],
    ['tls_server_config: { cert: x, key_file: k }', /write it to a file and name that as "cert_file"/],
    ['http_server_config: { headers: { Server: x } }', /the header "Server" can not be set/],
    ['http_server_config: { headers: { X-Frame-Options: always } }', /expected deny or sameorigin/],
    ['nonsense: 1', /unknown key "nonsense"/],
  ] as const) {
    await writeFile(file, text);
    const refused = await loadWebConfig(file);
    assert.ok(!refused.ok, text);
    assert.match(refused.problem, problem);
  }
  const missing = await loadWebConfig(join(folder, 'none.yml'));
  assert.ok(!missing.ok);
  assert.match(missing.problem, /can’t be read \(ENOENT\)/);
});
