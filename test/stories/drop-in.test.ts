import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test, type TestContext } from 'node:test';
import { hashSync } from 'bcryptjs';
import { startSink } from '../fakes/sink.ts';
import { startProgram, waitUntil, type Program } from '../interop/program.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));
const LISTENING = /level=INFO msg="Listening on" address=(\S+)/;

async function startDropIn(
  t: TestContext,
  file: string,
  moreFlags: (folder: string) => readonly string[] = () => [],
): Promise<{ readonly program: Program; readonly url: string; readonly path: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-drop-in-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'alertmanager.yml');
  await writeFile(path, file);
  await writeFile(join(folder, 'web.yml'), webConfiguration('ada'));
  const program = startProgram(process.execPath, [
    LAUNCHER,
    'alertmanager',
    `--config.file=${path}`,
    '--storage.path',
    join(folder, 'data'),
    '--web.listen-address=127.0.0.1:0',
    '--web.external-url=http://am.example.org/am/',
    '--cluster.listen-address=',
    ...moreFlags(folder),
  ]);
  t.after(async () => void (await program.stop()));
  await waitUntil(program, 'it says where it listens', () => LISTENING.test(program.output()));
  return { program, url: `http://${LISTENING.exec(program.output())![1]!}/am`, path };
}

function configuration(url: string): string {
  return `route: { receiver: team.x, group_by: [alertname], group_wait: 0s, group_interval: 1s }
receivers:
- name: team.x
  webhook_configs: [{ url: '${url}' }]
inhibit_rules: [{ source_match: { severity: critical }, target_match: { severity: warning }, equal: [site] }]
`;
}

function webConfiguration(user: string): string {
  return JSON.stringify({
    basic_auth_users: { [user]: hashSync('secret', 4) },
    http_server_config: { headers: { 'X-Frame-Options': 'deny' } },
  });
}

function alert(name: string, severity: string): object {
  return {
    status: 'firing',
    labels: { alertname: name, severity, site: 'a' },
    annotations: {},
    startsAt: new Date().toISOString(),
  };
}

test('[BR-NOT-006] started with an alertmanager.yml it tells as Alertmanager does, and holds what its rules inhibit', async (t) => {
  const sink = await startSink();
  t.after(() => sink.close());
  const { program, url } = await startDropIn(t, configuration(`${sink.url}/hook`));
  const send = async (one: object): Promise<void> => {
    const { status } = await fetch(`${url}/hooks/alertmanager`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ version: '4', alerts: [one] }),
    });
    assert.equal(status, 202);
  };
  await send(alert('SiteDown', 'critical'));
  await sink.received(1);
  await send(alert('Slow', 'warning'));
  // Told after the one that is held would have been, had nothing held it.
  await send(alert('Other', 'info'));
  await sink.received(2);
  const bodies = sink.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
  assert.deepEqual(
    bodies.map(({ groupKey }) => groupKey),
    ['{}:{alertname="SiteDown"}', '{}:{alertname="Other"}'],
  );
  const [first] = bodies;
  assert.equal(first!['receiver'], 'team\\.x');
  assert.equal(first!['externalURL'], 'http://am.example.org/am');
  assert.equal(first!['notification_reason'], 'first notification');
  assert.equal((first!['alerts'] as { endsAt: string }[])[0]!.endsAt, '0001-01-01T00:00:00Z');
  assert.deepEqual(await program.stop(), [0, null]);
});

test('a reload takes the file up whole, or says what is wrong and goes on with the old one', async (t) => {
  const { program, url, path } = await startDropIn(t, configuration('http://127.0.0.1:9/'));
  const reload = () => fetch(`${url}/-/reload`, { method: 'POST' });
  const metric = async (name: string): Promise<string | undefined> =>
    new RegExp(`^${name} (.*)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1];
  for (const page of ['-/healthy', '-/ready']) {
    const answer = await fetch(`${url}/${page}`);
    assert.deepEqual([answer.status, await answer.text()], [200, 'OK']);
  }
  assert.equal((await fetch(`${url}/-/reload`)).status, 405);
  assert.equal(await metric('alertmanager_inhibition_rules'), '1');

  await writeFile(path, 'route: { receiver: nobody }\nreceivers: [{ name: ops }]\n');
  const refused = await reload();
  assert.equal(refused.status, 500);
  assert.match(await refused.text(), /^failed to reload config: .*:1:20: there is no receiver "nobody"/);
  assert.equal(await metric('alertmanager_config_last_reload_successful'), '0');
  assert.equal(await metric('alertmanager_inhibition_rules'), '1');

  await writeFile(path, 'route: { receiver: ops }\nreceivers: [{ name: ops }]\n');
  program.child.kill('SIGHUP');
  await waitUntil(
    program,
    'the file is taken up',
    async () => (await metric('alertmanager_inhibition_rules')) === '0',
  );
  assert.equal(await metric('alertmanager_config_last_reload_successful'), '1');
});

test('with a web configuration only who knows a password comes in, to any address, and who is taken out of it stays out', async (t) => {
  const { url, path, program } = await startDropIn(t, configuration('http://127.0.0.1:9/'), (folder) => [
    `--web.config.file=${join(folder, 'web.yml')}`,
  ]);
  const ask = (page: string, pair?: string) =>
    fetch(`${url}/${page}`, {
      headers: pair === undefined ? {} : { authorization: `Basic ${Buffer.from(pair).toString('base64')}` },
    });
  for (const page of ['-/healthy', 'metrics', 'api/v2/alerts', 'api/v1/alerts', '']) {
    for (const pair of [undefined, 'ada:wrong', 'eve:secret']) {
      const refused = await ask(page, pair);
      assert.equal(refused.status, 401, `${page} ${pair}`);
      assert.equal(refused.headers.get('www-authenticate'), 'Basic');
      assert.equal(refused.headers.get('x-frame-options'), 'deny');
    }
    const admitted = await ask(page, 'ada:secret');
    assert.equal(admitted.status, 200, page);
    assert.equal(admitted.headers.get('x-frame-options')?.toLowerCase(), 'deny');
  }
  const posted = await fetch(`${url}/api/v2/alerts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa('ada:secret')}` },
    body: JSON.stringify([{ labels: { alertname: 'Disk' } }]),
  });
  assert.equal(posted.status, 200);
  await writeFile(join(dirname(path), 'web.yml'), webConfiguration('bob'));
  await waitUntil(
    program,
    'the file is read again',
    async () => (await ask('', 'ada:secret')).status === 401,
  );
  assert.equal((await ask('', 'bob:secret')).status, 200);
});

test('pages of other sites may use the API where `--web.cors.origin` names them, and others may not', async (t) => {
  const flags = ['--web.cors.origin=https://board[0-9]\\.example\\.org'];
  const { url } = await startDropIn(t, configuration('http://127.0.0.1:9/'), () => flags);
  const silence = JSON.stringify({
    matchers: [{ name: 'a', value: 'b', isRegex: false }],
    startsAt: new Date().toISOString(),
    endsAt: new Date(Date.now() + 60_000).toISOString(),
    createdBy: 'ada',
    comment: 'known',
  });
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');
  for (const [origin, status] of [
    ['https://board1.example.org', 200],
    ['https://board1.example.org:8443', 403],
    ['https://elsewhere.example.org', 403],
  ] as const) {
    const mine = status === 200 ? origin : null;
    const asked = await fetch(`${url}/api/v2/silences`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    assert.deepEqual([asked.status, allowed(asked)], [204, mine], origin);
    assert.equal(asked.headers.get('access-control-allow-headers'), mine === null ? null : 'content-type');
    const headers = { origin, 'sec-fetch-site': 'cross-site', 'content-type': 'application/json' };
    const posted = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body: silence });
    assert.deepEqual([posted.status, allowed(posted)], [status, mine], origin);
    const read = await fetch(`${url}/api/v2/alerts`, { headers: { origin } });
    assert.deepEqual([read.status, allowed(read)], [200, mine], origin);
    // Of the hub's own API they get nothing.
    assert.equal(allowed(await fetch(`${url}/api/v1/alerts`, { headers: { origin } })), null);
  }
});
