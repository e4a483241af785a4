import assert from 'node:assert/strict';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { isFault } from './fault.ts';
import { createHttpClient, type HttpClientOptions } from './http-client.ts';
import { createTestCertificate } from './testing/certificate.ts';
import { connect, faultOf, serve } from './testing/http-calls.ts';

test('[VPA-111] [C-16] TLS is verified, and is 1.3 unless 1.2 is allowed explicitly', async (t) => {
  const certificate = createTestCertificate(['127.0.0.1']);
  const modern = await serve(t, undefined, { tls: certificate });
  const old = await serve(t, undefined, { tls: { ...certificate, maxVersion: 'TLSv1.2' } });
  const ca = certificate.cert;
  const post = (url: string, tls: HttpClientOptions['tls']) =>
    connect(t, tls ? { tls } : {})
      .http()
      .request({ method: 'POST', url });

  const untrusted = await faultOf(post(modern.url, undefined));
  assert.deepEqual([untrusted.code, untrusted.field], ['SB_UNAVAILABLE', 'http.tls']);
  const outdated = await faultOf(post(old.url, { minVersion: 'TLSv1.3', ca }));
  assert.deepEqual([outdated.code, outdated.field], ['SB_CONFIG', 'http.tls.min_version']);
  assert.equal((await post(modern.url, { minVersion: 'TLSv1.3', ca })).status, 200);
  assert.equal((await post(old.url, { minVersion: 'TLSv1.2', ca })).status, 200);
  assert.deepEqual([modern.requests.length, old.requests.length], [1, 1]);
});

test('a certificate for another name is SB_UNAVAILABLE for every waiting request', async (t) => {
  const certificate = createTestCertificate(['other.example']);
  const server = await serve(t, undefined, { tls: certificate });
  const { http } = connect(t, { tls: { minVersion: 'TLSv1.3', ca: certificate.cert } });
  const post = () => faultOf(http().request({ method: 'POST', url: server.url }));
  for (const fault of await Promise.all([post(), post(), post()])) assert.equal(fault.code, 'SB_UNAVAILABLE');
});

test('[BR-SEC-003] a client certificate is shown where it is configured, and without it nothing gets through', async (t) => {
  const certificate = createTestCertificate(['127.0.0.1']);
  const client = createTestCertificate(['signalbox.example']);
  const server = await serve(t, undefined, { tls: { ...certificate, clientCa: client.cert } });
  const tls = { minVersion: 'TLSv1.3', ca: certificate.cert } as const;
  const post = (more: object) =>
    connect(t, { tls: { ...tls, ...more } })
      .http()
      .request({ method: 'POST', url: server.url });
  assert.equal((await post(client)).status, 200);
  // A TLS 1.3 server that only closes can't be told from a broken line; one that sends an alert is SB_AUTH (http-fault.test.ts).
  assert.equal((await faultOf(post({}))).code, 'SB_UNAVAILABLE');
  assert.equal(server.requests.length, 1);
});

test('a proxy is used for plain and for encrypted addresses', async (t) => {
  const seen: string[] = [];
  const proxy = await serve(t, ({ path, headers }) => {
    seen.push(`${headers['host']} ${headers['proxy-authorization']} ${path}`);
    return { body: 'by proxy' };
  });
  const uri = proxy.url.replace('http://', 'http://user:word@');
  const { http } = connect(t, { proxy: uri, reach: 'public' });
  const answer = await http().request({ method: 'POST', url: 'http://vendor.example/hook' });
  assert.equal(answer.text, 'by proxy');
  assert.match(seen[0]!, /^vendor\.example Basic dXNlcjp3b3Jk /);
  const refused = await faultOf(http().request({ method: 'POST', url: 'https://vendor.example/hook' }));
  assert.equal(refused.code, 'SB_UNAVAILABLE', 'this fake does not tunnel');
});

test('a proxy that refuses its credentials is SB_AUTH and names the proxy setting', async (t) => {
  const proxy = await startConnectRefusingProxy(t);
  const { http } = connect(t, { proxy });
  for (const scheme of ['http', 'https']) {
    const fault = await faultOf(http().request({ method: 'POST', url: `${scheme}://vendor.example/hook` }));
    assert.deepEqual([fault.code, fault.field], ['SB_AUTH', 'http.proxy'], scheme);
  }
});

/** A proxy that answers everything, tunnels included, with 407. */
async function startConnectRefusingProxy(t: TestContext): Promise<string> {
  const refusal =
    'HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
  const server = createTcpServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(refusal));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  return `http://user:word@127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('a proxy that is not an address is SB_CONFIG', () => {
  assert.throws(
    () => createHttpClient({ version: '1', proxy: 'socks5://x' }),
    (error) => isFault(error) && error.field === 'http.proxy',
  );
});

test('addresses outside the reach are refused before connecting, by name as well as literally', async (t) => {
  const server = await serve(t);
  const port = new URL(server.url).port;
  const { http } = connect(t, { reach: 'public' });
  for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1', '[::1]']) {
    const fault = await faultOf(http().request({ method: 'POST', url: `http://${host}:${port}/` }));
    assert.deepEqual([fault.code, fault.field], ['SB_CONFIG', 'http.reach'], host);
  }
  const metadata = await faultOf(
    connect(t).http().request({ method: 'GET', url: 'http://169.254.169.254/latest/meta-data' }),
  );
  assert.equal(metadata.code, 'SB_CONFIG', 'the default refuses metadata services');
  assert.deepEqual(server.requests, []);
});
