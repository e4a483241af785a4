import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { listenerAddress, prefixOf, readExternalUrl, readListenAddress } from './addresses.ts';
import { loadWebConfig } from './web-config.ts';

const MACHINE = { hostName: 'am-1', hasIPv6: true };

test('an address without a host is all of the machine’s, and is written as Go writes it', () => {
  assert.deepEqual(readListenAddress(':9093', MACHINE), { host: '::', port: 9093 });
  assert.deepEqual(readListenAddress(':9093', { ...MACHINE, hasIPv6: false }), {
    host: '0.0.0.0',
    port: 9093,
  });
  assert.equal(readListenAddress('9093', MACHINE), undefined);
  assert.equal(listenerAddress('http://[::]:9093'), '[::]:9093');
  assert.equal(listenerAddress('https://127.0.0.1'), '127.0.0.1:443');
});

test('the external address has no slash at its end, and its path is the prefix', () => {
  const first = { host: '::', port: 9093 };
  const read = (written?: string) => readExternalUrl(written, first, MACHINE);
  assert.deepEqual(read(), { ok: true, url: 'http://am-1:9093', path: '/' });
  assert.deepEqual(read('https://x.example.org/am/'), {
    ok: true,
    url: 'https://x.example.org/am',
    path: '/am',
  });
  assert.deepEqual(read('ftp://x'), {
    ok: false,
    problem: `"ftp://x": invalid "ftp" scheme, only 'http' and 'https' are supported`,
  });
  assert.deepEqual([prefixOf('am/'), prefixOf('')], ['/am', '/']);
});

test('a web configuration gives TLS; what would keep people out and is not here is refused with its place', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-web-'));
  t.after(() => rm(folder, { recursive: true }));
  const load = async (text: string) => {
    const file = join(folder, 'web.yml');
    await writeFile(file, text);
    return loadWebConfig(file);
  };
  const tls = 'tls_server_config: { cert_file: a.pem, key_file: k.pem';
  assert.deepEqual(await load(`${tls}, min_version: TLS13 }`), {
    ok: true,
    web: {
      needsCertificate: false,
      tls: { certFile: join(folder, 'a.pem'), keyFile: join(folder, 'k.pem'), minVersion: 'TLSv1.3' },
    },
  });
  const mutual = await load(`${tls}, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem }`);
  assert.ok(mutual.ok && mutual.web.needsCertificate);
  assert.equal(mutual.web.tls?.clientCaFile, join(folder, 'ca.pem'));
  for (const [text, problem] of [
    ['basic_auth_users: { a: $2y$x }', /web\.yml:1:1: passwords by bcrypt/],
    [`${tls}, client_allowed_sans: [x] }`, /"client_allowed_sans" has no counterpart/],
    [`${tls}, client_auth_type: RequireAndVerifyClientCert }`, /needs "client_ca_file"/],
    ['tls_server_config: { cert_file: a.pem }', /need each other/],
    ['nonsense: 1', /unknown key "nonsense"/],
  ] as const) {
    const refused = await load(text);
    assert.ok(!refused.ok, text);
    assert.match(refused.problem, problem);
  }
  assert.deepEqual(await loadWebConfig(''), { ok: true, web: { needsCertificate: false } });
});
