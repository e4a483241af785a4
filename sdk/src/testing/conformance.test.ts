import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** Runs the kit over a connector made of these files; returns the names of the checks that failed and of those left out. */
function runKit(t: TestContext, id: string, files: Readonly<Record<string, string>>) {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const root = mkdtempSync(join(repository, '.cache', 'kit-'));
  t.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, id, path, '..'), { recursive: true });
    writeFileSync(join(root, id, path), text);
  }
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  const args = ['--test', '--test-reporter=tap', join(root, id, 'kit.test.ts')];
  const { stdout } = spawnSync(process.execPath, args, {
    cwd: repository,
    env,
    encoding: 'utf8',
    timeout: 60_000,
  });
  const named = (pattern: RegExp) =>
    [...stdout.matchAll(pattern)].map((match) => match[1]!.replaceAll('\\#', '#'));
  return {
    failed: named(/^not ok \d+ - [a-z-]+: (.*)$/gm),
    skipped: named(/^ok \d+ - [a-z-]+: (.*) # SKIP/gm),
    stdout,
  };
}

const TABLE = '| setting | type | default | meaning |\n|---|---|---|---|\n';
const readme = (rows: string) =>
  `## Set up\n\n<!-- generated:config -->\n${TABLE}${rows}<!-- /generated -->\n\n## Least privileges\n\n## Troubleshooting\n`;
const NOTIFICATION = '{ "id": "n1", "alerts": [] }';

const FLAWED = `
  import { createTransport } from 'nodemailer';
  import type { Other } from '../other/index.ts';
  import { Type } from '@signalbox/sdk';
  void createTransport;
  export default {
    id: 'other-id',
    title: 'Flawed',
    summary: 'No full stop',
    version: '1',
    config: Type.Object({ url: Type.String(), token: Type.Number({ description: 'x', examples: [1], 'x-secret': true }) }),
    source: {
      headers: ['X-Upper'],
      parse: ({ body }: Other) =>
        body.alerts.map(({ name }: Other) => ({
          status: 'firing',
          labels: { alertname: name, at: String(Math.random()) },
          annotations: {},
        })),
    },
    notifier: {
      idempotency: 'key',
      async deliver(_notification: Other, { config, http, log }: Other) {
        log.info('with ' + config.token);
        try {
          await http.request({ method: 'POST', url: config.url + '/wrong', body: { at: 1 } });
        } catch (error) {
          throw new Error('failed with ' + config.token, { cause: error });
        }
        return { summary: 'ok' };
      },
      render: () => ({ contentType: 'text/plain', body: String(Math.random()) }),
    },
  };
`;

test('a connector that does everything wrong fails the check of each fault, and one check does not hide another', (t) => {
  const { failed } = runKit(t, 'flawed', {
    'index.ts': FLAWED,
    'kit.test.ts': `
      import { conformance } from '@signalbox/sdk/testing';
      import flawed from './index.ts';
      conformance(flawed as any, {
        dir: import.meta.dirname, vendor: ['nodemailer'], config: (url) => ({ url, token: 123456789 }),
        skip: [{ test: 'status 404 is SB_REJECTED', reason: ' ' }, { test: 'no such check', reason: 'because' }],
      });
    `,
    'README.md': '## Set up\n',
    'fixtures/source/one/request.json':
      '{ "headers": { "x-other": "1" }, "body": { "alerts": [{ "name": "A" }] } }',
    'fixtures/source/one/expected.json':
      '[{ "status": "firing", "labels": { "alertname": "A" }, "annotations": {} }]',
    'fixtures/notifier/one/notification.json': NOTIFICATION,
    'fixtures/notifier/one/request.json': '{ "method": "POST", "path": "/right" }',
  });
  assert.deepEqual(failed, [
    'the id equals the name of the folder and the manifest is complete',
    'each setting has a description and an example or a default, and secrets are strings',
    'the folder imports only the SDK, itself, Node and its vendor packages',
    'loading the connector loads no vendor package',
    'the README has its headings and a current table of settings',
    'the source sample one yields exactly its expected events, twice',
    'the source reads only the headers that it declares, in lower case',
    'empty and wrong-typed bodies are refused with SB_REJECTED',
    'damaged samples are refused with SB_REJECTED or yield well-formed events',
    'rendering is pure and shows no secret',
    'the notifier sample one sends exactly its request',
    ...[400, 401, 403, 404, 408, 413, 429, 500, 502, 503].map((status) => {
      const code = { 401: 'SB_AUTH', 403: 'SB_AUTH', 429: 'SB_RATE_LIMITED' }[status];
      return `status ${status} is ${code ?? ([408, 500, 502, 503].includes(status) ? 'SB_UNAVAILABLE' : 'SB_REJECTED')}`;
    }),
    'a refused connection is SB_UNAVAILABLE',
    'a vendor that never answers is SB_UNAVAILABLE',
    'a certificate that does not verify is SB_UNAVAILABLE and nothing is sent',
    'an answer that is not JSON is taken or is SB_UNAVAILABLE',
    'two deliveries under one idempotency key send the same key',
    'aborting the signal ends a delivery within a second',
    'a delivery leaves no handle behind',
    'every skip names a check and gives a reason',
  ]);
});

test('a notifier that does not speak HTTP says so, skips print their reasons, and everything else is checked', (t) => {
  const { failed, skipped, stdout } = runKit(t, 'quiet', {
    'index.ts': `
      import { defineConnector, secret, Type } from '@signalbox/sdk';
      export default defineConnector({
        id: 'quiet', title: 'Quiet', summary: 'It speaks its own protocol.', version: '1.0.0',
        config: Type.Object({ token: secret({ description: 'Token.', examples: ['x'] }) }),
        notifier: {
          idempotency: 'none',
          deliver: () => Promise.resolve({ summary: 'ok' }),
          render: ({ id }) => ({ contentType: 'text/plain', body: id }),
        },
      });
    `,
    'kit.test.ts': `
      import { conformance } from '@signalbox/sdk/testing';
      import quiet from './index.ts';
      conformance(quiet, {
        dir: new URL('.', import.meta.url), transport: 'other', config: () => ({ token: 'test-t0ken' }),
        skip: [{ test: 'rendering is pure and shows no secret', reason: 'it is random by design' }],
      });
    `,
    'README.md': readme('| `token` | string, secret | required | Token. Example: `x` |\n'),
    'fixtures/notifier/one/notification.json': NOTIFICATION,
  });
  assert.deepEqual(failed, [], stdout);
  assert.deepEqual(skipped, [
    'rendering is pure and shows no secret',
    'requests, statuses and aborts over HTTP',
  ]);
  assert.match(stdout, /# SKIP it is random by design/);
});
