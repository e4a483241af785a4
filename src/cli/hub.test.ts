// Commands for a running hub, one hub for all of them: from the signal to the dead letter and back.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, before, describe, test } from 'node:test';
import { startSink, type Sink } from '../../test/fakes/sink.ts';
import { startHub } from '../../test/interop/hub.ts';
import { runCli, type CliResult } from './testing/run-cli.ts';

const TOKEN = 'an-api-token-of-this-test';

describe('with a running hub', () => {
  let root: string;
  let sink: Sink;
  let hub: Awaited<ReturnType<typeof startHub>>;

  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-cli-hub-'));
    sink = await startSink();
    hub = await startHub({
      folder: root,
      configuration: {
        server: { api_tokens: [TOKEN], access_log: false },
        integrations: {
          prom: { connector: 'alertmanager', auth: { bearer: 'a-token-of-the-hook' } },
          signed: {
            connector: 'generic',
            auth: { hmac: { preset: 'standard_webhooks', secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } },
          },
          pager: { connector: 'webhook', config: { url: `${sink.url}/hook` } },
        },
        receivers: { ops: [{ integration: 'pager' }] },
        rules: [{ id: 'held', when: 'alert.labels.alertname == "Held"', hold: 'only for this test' }],
        routes: { receiver: 'ops', group_by: ['...'], group_wait: '0s', group_interval: '1s' },
      },
    });
  });
  after(async () => {
    await hub?.program.stop();
    await sink?.close();
    await rm(root, { recursive: true, force: true });
  });

  const cli = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliResult> =>
    runCli(args, {
      folder: join(root, 'hub'),
      env: { SIGNALBOX_URL: hub.url, SIGNALBOX_TOKEN: TOKEN, ...env },
    });
  async function json<T>(args: readonly string[]): Promise<T> {
    const { code, stdout, stderr } = await cli([...args, '--json']);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as T;
  }
  interface Sent {
    status: string;
    ended: string;
    alerts: string[];
    deliveries: { id: string; status: string }[];
  }

  test('[BR-WH-019] a sample is sent with the credentials of the configuration and followed until it is delivered', async () => {
    for (const integration of ['prom', 'signed']) {
      const sent = await json<Sent>([
        'send',
        '-i',
        integration,
        '--label',
        `alertname=Sample-${integration}`,
        '--wait',
      ]);
      assert.equal(sent.status, 'processed');
      assert.equal(sent.ended, 'settled');
      assert.deepEqual(
        sent.deliveries.map(({ status }) => status),
        ['delivered'],
      );
      assert.ok(sink.requests.at(-1)?.body.includes(`Sample-${integration}`));
    }
  });

  test('its end is told, too, and the alert explains itself', async () => {
    const label = ['--label', 'alertname=Explained'];
    const [fingerprint = ''] = (await json<Sent>(['send', ...label, '--wait'])).alerts;
    const firing = await cli(['alerts', 'show', fingerprint]);
    assert.match(firing.stdout, /pager was told that it fires/);
    assert.match(firing.stdout, /^delivered +pager +ops/m);

    const repeated = await cli(['send', ...label, '--wait', '--timeout', '3']);
    assert.equal(repeated.code, 0, repeated.stdout);
    assert.match(repeated.stdout, /Nobody (?:is told now|has to be told)/);

    const over = await json<Sent>(['send', ...label, '--resolved', '--wait']);
    assert.deepEqual([over.alerts, over.ended], [[fingerprint], 'settled']);
    assert.match(sink.requests.at(-1)?.body ?? '', /"status": ?"resolved"/);
    const list = await json<{ items: { fingerprint: string }[] }>(['alerts', '--status', 'resolved']);
    assert.ok(list.items.some((alert) => alert.fingerprint === fingerprint));
    const none = await json<{ items: object[] }>([
      'alerts',
      '--matcher',
      'alertname="Explained"',
      '--status',
      'firing',
    ]);
    assert.deepEqual(none.items, []);
  });

  test('a rule shows how often it matched, and the alert that it holds shows the rule', async () => {
    const label = ['--label', 'alertname=Held'];
    const [fingerprint = ''] = (await json<Sent>(['send', ...label, '--wait', '--timeout', '3'])).alerts;
    const { items } = await json<{ items: { id: string; matches: number }[] }>(['rules']);
    assert.deepEqual(
      items.map(({ id, matches }) => [id, matches]),
      [['held', 1]],
    );
    assert.match((await cli(['rules'])).stdout, /^held +alert\.labels.* holds: only for this test +1/m);
    assert.match((await cli(['alerts', 'show', fingerprint])).stdout, /only for this test/);
  });

  test('[BR-ERR-009] [BR-ERR-015] what nobody took is a dead letter, and arrives after it was redriven', async () => {
    sink.answerWith(400);
    const sent = await cli(['send', '--label', 'alertname=Refused', '--wait']);
    assert.equal(sent.code, 1);
    const { items } = await json<{ items: { id: string; kind: string; reason: string }[] }>(['dead-letters']);
    assert.equal(items.length, 1);
    assert.match(items[0]!.reason, /^SB_REJECTED/);
    assert.match((await cli(['dead-letters'])).stdout, /^delivery +pager .*SB_REJECTED/m);
    const { id } = items[0]!;
    assert.match((await cli(['deliveries', 'show', id])).stdout, /^ +1 .* failed +SB_REJECTED/m);

    sink.answerWith(200);
    const countBefore = sink.requests.length;
    const redriven = await cli(['dead-letters', 'redrive', '--all', '--integration', 'pager']);
    assert.deepEqual([redriven.code, redriven.stdout], [0, `${id} is tried again\n`]);
    const requests = await sink.received(countBefore + 1);
    assert.ok(requests.at(-1)?.body.includes('Refused'));
    assert.deepEqual((await json<{ items: object[] }>(['dead-letters'])).items, []);
  });

  test('deliveries are discarded and not redriven afterwards; one that fails stops none of the others', async () => {
    sink.answerWith(400);
    await cli(['send', '--label', 'alertname=Discarded', '--wait']);
    sink.answerWith(200);
    const { items } = await json<{ items: { id: string }[] }>(['deliveries', '--status', 'dead']);
    const id = items[0]!.id;
    const mixed = await cli(['deliveries', 'discard', 'unknown', id]);
    assert.equal(mixed.code, 1);
    assert.equal(mixed.stdout, `${id} is given up\n`);
    assert.match(mixed.stderr, /^unknown: there is no unknown/);
    const again = await cli(['dead-letters', 'redrive', id]);
    assert.equal(again.code, 1);
  });

  test('a signal that can not be read is in quarantine, is shown as received, and can be given up', async () => {
    const file = fileURLToPath(new URL('../../package.json', import.meta.url));
    const sent = await cli(['send', '-i', 'prom', '--file', file]);
    assert.equal(sent.code, 1);
    assert.match(sent.stderr, /refused with 422: .*\(field version\)/);
    let items: { id: string }[] = [];
    // The refusal is answered before the quarantine's row is written.
    while (items.length === 0) {
      ({ items } = await json<{ items: { id: string }[] }>(['dead-letters', '--kind', 'signal']));
    }
    const { id } = items[0]!;
    const shown = await cli(['dead-letters', 'show', id]);
    assert.match(shown.stdout, /field +version[\s\S]*"name": "signalbox"/);
    assert.doesNotMatch(shown.stdout, /a-token-of-the-hook/);
    assert.equal((await cli(['dead-letters', 'redrive', id])).code, 1);
    assert.equal((await cli(['dead-letters', 'discard', id])).code, 0);
  });

  test('[BR-NOT-023] a test notification goes by the hub', async () => {
    const countBefore = sink.requests.length;
    const result = await cli(['notify', 'test', 'ops', '--status', 'resolved']);
    assert.match(result.stdout, /^✔ pager: /);
    assert.equal(sink.requests.length, countBefore + 1);
    const integrations = await json<{ items: { id: string; health: { status: string } }[] }>([
      'integrations',
    ]);
    assert.equal(integrations.items.find(({ id }) => id === 'pager')?.health.status, 'healthy');
  });

  test('[HNP-045] [BR-CFG-008] doctor sees the hub, the lock and what waits for a person', async () => {
    const { stdout } = await cli(['doctor', '--data', 'data', '--json']);
    const { checks } = JSON.parse(stdout) as { checks: Record<string, { status: string; detail: string }> };
    assert.match(checks['listener']?.detail ?? '', /a hub answers/);
    assert.match(checks['lock']?.detail ?? '', /is in use by process \d+/);
    assert.deepEqual(
      [checks['store']?.status, checks['journal']?.status, checks['credentials']?.status],
      ['ok', 'ok', 'ok'],
    );
    assert.match(checks['backlog']?.detail ?? '', /dead deliveries/);
  });

  test('a backup is taken while the hub runs', async () => {
    const backup = await cli(['backup', '--data', 'data', '--to', join(root, 'copy'), '--json']);
    assert.equal(backup.code, 0, backup.stderr);
    assert.ok((JSON.parse(backup.stdout) as { counts: { alerts: number } }).counts.alerts > 0);
  });

  test('a token that is missing or wrong is told, with where it comes from', async () => {
    const missing = await cli(['alerts'], { SIGNALBOX_TOKEN: '' });
    assert.equal(missing.code, 1);
    assert.match(missing.stderr, /wants a token: --token or SIGNALBOX_TOKEN/);
    const wrong = await cli(['alerts', '--token', 'wrong']);
    assert.match(wrong.stderr, /does not know this token/);
  });

  test('a reader that has seen enough ends a command without noise', async () => {
    const entry = fileURLToPath(new URL('../../bin/signalbox.js', import.meta.url));
    const child = spawn(process.execPath, [entry, 'alerts', '--json', '--url', hub.url, '--token', TOKEN]);
    child.stdout.destroy();
    const said = (await child.stderr.toArray()).join('');
    if (child.exitCode === null) await once(child, 'exit');
    assert.deepEqual([child.exitCode, said], [0, '']);
  });
});
