import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { request as plainRequest } from 'node:http';
import { request as secureRequest, type RequestOptions } from 'node:https';
import { join } from 'node:path';
import { test } from 'node:test';
import { text } from 'node:stream/consumers';
import { connect, type ConnectionOptions } from 'node:tls';
import { createTestCertificate } from '@signalbox/sdk/testing';
import { startHub, until } from '../harness.ts';
import { alertmanagerBody } from './told.ts';

const BODY = JSON.stringify(alertmanagerBody({ name: 'Disk' }));
const HEADERS = { 'content-type': 'application/json', 'content-length': String(BODY.length) };

/** One POST over a connection of its own; resolves with the status. */
async function post(url: string, options: Omit<RequestOptions, 'headers'>): Promise<number> {
  const send = url.startsWith('https:') ? secureRequest : plainRequest;
  const request = send(url, {
    method: 'POST',
    agent: false,
    ...options,
    headers: HEADERS,
  });
  request.end(BODY);
  const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
  await text(response);
  return response.statusCode ?? 0;
}

/** The certificate that the server shows; rejects when the handshake fails. */
async function shownBy(
  url: string,
  options: ConnectionOptions,
): Promise<{ name: string; protocol: string | null }> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), ...options });
  try {
    await once(socket, 'secureConnect');
    return { name: String(socket.getPeerCertificate().subject.CN), protocol: socket.getProtocol() };
  } finally {
    socket.destroy();
  }
}

test('[BR-WH-021] [VPA-111] webhooks come over TLS 1.3 and nothing older unless the settings say so; a renewed certificate is taken up without a restart', async () => {
  const before = createTestCertificate(['127.0.0.1']);
  const after = createTestCertificate(['localhost', '127.0.0.1']);
  await using hub = await startHub({
    files: { 'tls.crt': before.cert, 'tls.key': before.key },
    yaml: `
server: { tls: { cert_file: tls.crt, key_file: tls.key } }
integrations: { prom: { connector: alertmanager } }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  assert.match(hub.url, /^https:/);
  assert.equal(await post(`${hub.url}/hooks/prom`, { ca: before.cert }), 202);
  assert.deepEqual(await shownBy(hub.url, { ca: before.cert }), { name: '127.0.0.1', protocol: 'TLSv1.3' });
  await assert.rejects(
    shownBy(hub.url, { ca: before.cert, maxVersion: 'TLSv1.2' }),
    /alert protocol version/i,
  );
  await assert.rejects(post(hub.url.replace('https', 'http'), {}), 'plain HTTP is not spoken there');

  await writeFile(join(hub.folder, 'tls.crt'), after.cert);
  await writeFile(join(hub.folder, 'tls.key'), after.key);
  await until('the new certificate is shown', async () => {
    const shown = await shownBy(hub.url, { rejectUnauthorized: false });
    return shown.name === 'localhost';
  });
  assert.equal(await post(`${hub.url}/hooks/prom`, { ca: after.cert }), 202);
  await writeFile(join(hub.folder, 'tls.crt'), 'this is no certificate');
  await until('the log says that it is unusable', () =>
    hub.log.some(({ message }) => message.includes('unusable')),
  );
  assert.equal(await post(`${hub.url}/hooks/prom`, { ca: after.cert }), 202, 'the old one goes on');
});

test('[BR-WH-021] [BR-WH-004] TLS 1.2 can be allowed, and client certificates are demanded where the endpoint says so', async () => {
  const server = createTestCertificate(['127.0.0.1']);
  const known = createTestCertificate(['prometheus.example.org']);
  const stranger = createTestCertificate(['prometheus.example.org']);
  await using hub = await startHub({
    files: { 'tls.crt': server.cert, 'tls.key': server.key, 'clients.crt': known.cert },
    yaml: `
server: { tls: { cert_file: tls.crt, key_file: tls.key, client_ca_file: clients.crt, min_version: TLSv1.2 } }
integrations:
  prom: { connector: alertmanager, auth: { mtls: { names: [prometheus.example.org] } } }
  other: { connector: alertmanager, auth: { mtls: { names: [grafana.example.org] } } }
  open: { connector: alertmanager }
receivers: { none: [] }
routes: { receiver: none }
`,
  });
  const ca = server.cert;
  const old = await shownBy(hub.url, { ca, maxVersion: 'TLSv1.2' });
  assert.equal(old.protocol, 'TLSv1.2');
  assert.equal(await post(`${hub.url}/hooks/prom`, { ca, ...known }), 202);
  assert.equal(await post(`${hub.url}/hooks/prom`, { ca }), 401);
  assert.equal(
    await post(`${hub.url}/hooks/prom`, { ca, ...stranger }),
    401,
    'the name alone proves nothing',
  );
  assert.equal(await post(`${hub.url}/hooks/other`, { ca, ...known }), 403);
  assert.equal(await post(`${hub.url}/hooks/open`, { ca }), 202);
});

test('[ADR6-067] [BR-WH-004] the hub is never open by accident: beyond loopback it wants proofs and tokens, on loopback it knows a rebound name and a proxy', async () => {
  const yaml = (auth: string, server = '') => `
server: { ${server} }
integrations: { prom: { connector: alertmanager, ${auth} } }
receivers: { none: [] }
routes: { receiver: none }
`;
  await assert.rejects(startHub({ yaml: yaml(''), listen: '0.0.0.0:0' }), /auth/);

  await using inside = await startHub({ yaml: yaml('') });
  const status = async (headers: Record<string, string>) => {
    const request = plainRequest(`${inside.url}/api/v1/alerts`, { agent: false, headers }).end();
    const [response] = (await once(request, 'response')) as [import('node:http').IncomingMessage];
    await text(response);
    return response.statusCode;
  };
  assert.equal(await status({}), 200);
  assert.equal(await status({ host: 'evil.example.org' }), 403);
  assert.equal(await status({ 'x-forwarded-for': '192.0.2.1' }), 403);

  await using outside = await startHub({
    yaml: yaml('auth: { bearer: token-of-prom }', 'api_tokens: [token-of-the-api]'),
    listen: '0.0.0.0:0',
  });
  const url = outside.url.replace('0.0.0.0', '127.0.0.1');
  const answers = async (path: string, token?: string) =>
    (await fetch(url + path, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }))
      .status;
  assert.equal(await answers('/api/v1/alerts'), 401);
  assert.equal(await answers('/api/v1/alerts', 'token-of-prom'), 401, 'a sender is no reader');
  assert.equal(await answers('/api/v1/alerts', 'token-of-the-api'), 200);
  assert.equal(await answers('/livez'), 200);
});
