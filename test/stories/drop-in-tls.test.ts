import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect, type ConnectionOptions } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { createTestCertificate } from '@signalbox/sdk/testing';
import { startProgram, waitUntil } from '../interop/program.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));
const LISTENING = /msg="Listening on" address=(\S+)/;

test('a web configuration says which TLS is spoken and whose certificates come in', async (t) => {
  const server = createTestCertificate(['127.0.0.1']);
  const known = createTestCertificate(['prometheus.example.org']);
  const stranger = createTestCertificate(['prometheus.example.org']);
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-drop-in-'));
  t.after(() => rm(folder, { recursive: true }));
  const files = {
    'alertmanager.yml': 'route: { receiver: none }\nreceivers: [{ name: none }]\n',
    'server.pem': server.cert,
    'server.key': server.key,
    'clients.pem': known.cert,
    'web.yml': `tls_server_config:
  cert_file: server.pem
  key_file: server.key
  client_auth_type: RequireAndVerifyClientCert
  client_ca_file: clients.pem
  client_allowed_sans: [prometheus.example.org]
  max_version: TLS12
  cipher_suites: [TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384]
`,
  };
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const program = startProgram(process.execPath, [
    LAUNCHER,
    'alertmanager',
    `--config.file=${join(folder, 'alertmanager.yml')}`,
    `--storage.path=${join(folder, 'data')}`,
    `--web.config.file=${join(folder, 'web.yml')}`,
    '--web.listen-address=127.0.0.1:0',
    '--cluster.listen-address=',
  ]);
  t.after(async () => void (await program.stop()));
  await waitUntil(program, 'it says where it listens', () => LISTENING.test(program.output()));
  await waitUntil(program, 'it says that TLS is enabled', () => /TLS is enabled/.test(program.output()));
  const url = `https://${LISTENING.exec(program.output())![1]!}`;
  const ask = async (options: ConnectionOptions): Promise<number> => {
    const request = secureRequest(`${url}/-/healthy`, { agent: false, ca: server.cert, ...options });
    request.end();
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode ?? 0;
  };
  assert.equal(await ask({ cert: known.cert, key: known.key }), 200);
  await assert.rejects(ask({}), 'nobody without a certificate');
  await assert.rejects(ask({ cert: stranger.cert, key: stranger.key }), 'nobody of another authority');
  await assert.rejects(ask({ cert: known.cert, key: known.key, minVersion: 'TLSv1.3' }), /protocol version/i);

  const socket = connect({
    host: '127.0.0.1',
    port: Number(new URL(url).port),
    ca: server.cert,
    cert: known.cert,
    key: known.key,
  });
  await once(socket, 'secureConnect');
  assert.match(socket.getCipher().name, /AES256-GCM-SHA384$/);
  socket.destroy();

  // Who it is for is read again; nobody of that name is known.
  await writeFile(
    join(folder, 'web.yml'),
    files['web.yml'].replace('[prometheus.example.org]', '[other.example.org]'),
  );
  await waitUntil(program, 'the file is read again', () =>
    /configuration was read again/.test(program.output()),
  );
  await assert.rejects(ask({ cert: known.cert, key: known.key }), 'nobody of another name');
});
