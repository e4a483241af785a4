import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as httpsRequest, type RequestOptions } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { createIds } from '../../lib/id.ts';
import { createMetricSet } from '../../lib/metrics.ts';
import { createIntake } from '../intake.ts';
import { createTestingJournal } from '../testing-journal.ts';
import { ALERT, endpoint } from '../testing-server.ts';

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
const skip = !hasOpenssl && 'the program openssl, which makes the certificates, is not installed';

interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** A new authority with a certificate for the server and one for each name; another authority signs `stranger`. */
function makeCertificates(t: TestContext, names: readonly string[]): Readonly<Record<string, Certificate>> {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-mtls-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const run = (...parameters: string[]): void => {
    const done = spawnSync('openssl', parameters, { cwd: folder, encoding: 'utf8' });
    assert.equal(done.status, 0, done.stderr);
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  for (const authority of ['ca', 'other-ca']) {
    run(
      'req',
      '-x509',
      ...key,
      '-subj',
      `/CN=${authority}`,
      '-days',
      '2',
      '-keyout',
      `${authority}.key`,
      '-out',
      `${authority}.crt`,
    );
  }
  const made: Record<string, Certificate> = { ca: read(folder, 'ca') };
  for (const name of ['server', 'stranger', ...names]) {
    const authority = name === 'stranger' ? 'other-ca' : 'ca';
    writeFileSync(join(folder, 'ext'), `subjectAltName=IP:127.0.0.1,URI:spiffe://test/${name}\n`);
    run('req', ...key, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    run(
      'x509',
      '-req',
      '-in',
      `${name}.csr`,
      '-CA',
      `${authority}.crt`,
      '-CAkey',
      `${authority}.key`,
      '-CAcreateserial',
      '-days',
      '2',
      '-extfile',
      'ext',
      '-out',
      `${name}.crt`,
    );
    made[name] = read(folder, name);
  }
  return made;
}

function read(folder: string, name: string): Certificate {
  return { cert: readFileSync(join(folder, `${name}.crt`)), key: readFileSync(join(folder, `${name}.key`)) };
}

test(
  '[BR-WH-021] [BR-WH-004] over TLS, client certificates of the authority are taken for the names that are allowed',
  { skip },
  async (t) => {
    const made = makeCertificates(t, ['alertmanager', 'intern']);
    const newId = createIds(() => Date.now());
    const intake = createIntake({
      endpoints: [
        endpoint({ auth: [{ kind: 'mtls', names: ['alertmanager', 'spiffe://test/by-uri'] }] }),
        endpoint({ paths: ['/hooks/any'], auth: [{ kind: 'mtls', names: [] }] }, undefined, 'any'),
      ],
      journal: createTestingJournal(),
      externalURL: 'https://hub.example',
      now: () => Date.now(),
      newId,
      newRequestId: newId,
      log: { debug() {}, info() {}, warn() {}, error() {} },
      metrics: createMetricSet('without-process'),
      onAppended: () => undefined,
    });
    const server = createServer(
      {
        ...made['server'],
        ca: made['ca']!.cert,
        requestCert: true,
        rejectUnauthorized: false,
        minVersion: 'TLSv1.3',
      },
      (request, response) => void intake.handle(request, response),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    t.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const send = (path: string, options: RequestOptions = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const request = httpsRequest(
          {
            host: '127.0.0.1',
            port,
            path,
            method: 'POST',
            ca: made['ca']!.cert,
            agent: false,
            headers: { 'content-type': 'application/json' },
            ...options,
          },
          (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode!));
          },
        );
        request.on('error', reject);
        request.end(ALERT);
      });

    assert.equal(await send('/hooks/prom', made['alertmanager']), 202);
    assert.equal(await send('/hooks/prom', made['intern']), 403, 'a name that is not on the list');
    assert.equal(await send('/hooks/any', made['intern']), 202, 'any name of the authority');
    assert.equal(await send('/hooks/any', made['stranger']), 401, 'signed by somebody else');
    assert.equal(await send('/hooks/any'), 401, 'no certificate');
    await assert.rejects(
      send('/hooks/any', { ...made['intern'], maxVersion: 'TLSv1.2' }),
      /alert protocol version/,
    );
  },
);
