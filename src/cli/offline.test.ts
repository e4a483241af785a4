// Commands that need no running hub, as processes of their own.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { startSink } from '../../test/fakes/sink.ts';
import { freePort } from '../../test/interop/program.ts';
import { openSqliteJournal } from '../journal/sqlite/journal.ts';
import { acquireLock } from '../store/lock.ts';
import { openSqliteStore } from '../store/sqlite/store.ts';
import { runCli, temporaryFolder, type CliResult } from './testing/run-cli.ts';

const CONFIG = `integrations:
  prom: { connector: alertmanager }
  ci: { connector: generic }
  pager:
    connector: webhook
    config: { url: 'http://127.0.0.1:1/hook', bearer_token: a-secret-of-the-test }
    fallback: console
  console: { connector: console }
receivers:
  on-call: [{ integration: pager, send_resolved: false }]
  ops: [{ integration: console }]
routes:
  receiver: ops
  group_by: [alertname]
  group_wait: 30s
  routes:
    - matchers: ['severity="critical"']
      receiver: on-call
      group_wait: 10s
server: { listen: '127.0.0.1:0' }
`;

async function folderWith(t: TestContext, config = CONFIG): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'signalbox.yaml'), config);
  return folder;
}

function jsonOf<T>({ stdout, stderr }: CliResult): T {
  assert.ok(stdout.startsWith('{'), `${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

test('[BR-WH-019] check shows every finding with its place, and fails on errors with exit code 2', async (t) => {
  const folder = await folderWith(
    t,
    CONFIG.replace('connector: generic', 'connector: genric').replace('group_by:', 'grup_by:'),
  );
  const text = await runCli(['check', 'signalbox.yaml'], { folder });
  assert.equal(text.code, 2);
  assert.match(
    text.stdout,
    /^signalbox\.yaml:3:20: error: there is no connector "genric" \(did you mean "generic"\?\)$/m,
  );
  assert.match(text.stdout, /^signalbox\.yaml:14:3: error: unknown key "grup_by"/m);

  const report = jsonOf<{ files: { ok: boolean; findings: { line: number; severity: string }[] }[] }>(
    await runCli(['check', 'signalbox.yaml', '--json'], { folder }),
  );
  assert.equal(report.files[0]?.ok, false);
  assert.ok(report.files[0].findings.some(({ line, severity }) => line === 3 && severity === 'error'));
});

test('[BR-WH-019] what is merely suspicious fails with --strict only', async (t) => {
  const folder = await folderWith(
    t,
    CONFIG.replace('receivers:', 'receivers:\n  unused: [{ integration: console }]'),
  );
  const lenient = await runCli(['check', 'signalbox.yaml'], { folder });
  assert.equal(lenient.code, 0);
  assert.match(lenient.stdout, /warning: no route leads to this receiver/);
  assert.equal((await runCli(['check', 'signalbox.yaml', '--strict'], { folder })).code, 2);
  assert.equal((await runCli(['check', 'missing.yaml'], { folder })).code, 2);
});

test('init writes a configuration that is fine, and overwrites nothing', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal((await runCli(['init'], { folder })).code, 0);
  const written = await readFile(join(folder, 'signalbox.yaml'), 'utf8');
  assert.equal((await runCli(['check', 'signalbox.yaml', '--strict'], { folder })).code, 0);

  await writeFile(join(folder, 'signalbox.yaml'), '# mine\n');
  const again = await runCli(['init'], { folder });
  assert.equal(again.code, 2);
  assert.match(again.stderr, /is there already and was left alone/);
  assert.equal(await readFile(join(folder, 'signalbox.yaml'), 'utf8'), '# mine\n');
  await runCli(['init', '--out', 'other.yaml'], { folder });
  assert.equal(await readFile(join(folder, 'other.yaml'), 'utf8'), written);
});

interface Simulated {
  alerts: {
    fingerprint: string;
    status: string;
    routes: { route: string; receiver: string; first_told_after_ms?: number; tells: object[] }[];
  }[];
}

test('[BR-WH-019] simulate shows what a payload becomes and where it would go, the same each time, and does nothing', async (t) => {
  const folder = await folderWith(t);
  const input = JSON.stringify({ title: 'Disk full', severity: 'critical', host: 'db-1' });
  const args = ['simulate', '--integration', 'ci', '-', '--json', '--at', '2026-11-20T12:00:00Z'];
  const first = await runCli(args, { folder, input });
  assert.equal(first.code, 0, first.stderr);
  assert.equal((await runCli(args, { folder, input })).stdout, first.stdout);
  const [alert] = jsonOf<Simulated>(first).alerts;
  assert.equal(alert?.status, 'firing');
  assert.match(alert.fingerprint, /^[0-9a-f]{16}$/);
  assert.deepEqual(alert.routes, [
    {
      route: '{}/{severity="critical"}',
      group_key: '{}/{severity="critical"}:{alertname="Disk full"}',
      receiver: 'on-call',
      tells: [{ integration: 'pager', resolved: false, fallback: ['console'] }],
      first_told_after_ms: 10_000,
      group_interval_ms: 300_000,
      repeat_interval_ms: 14_400_000,
    },
  ]);
  await assert.rejects(stat(join(folder, 'data')), { code: 'ENOENT' });

  const text = await runCli(
    args.filter((word) => word !== '--json'),
    { folder, input },
  );
  assert.match(text.stdout, /tells pager \(else console; not when resolved\)\n {4}after 10s/);
});

test('[BR-WH-019] simulate says which field of a payload is wrong', async (t) => {
  const folder = await folderWith(t);
  const result = await runCli(['simulate', '-i', 'prom', '-'], { folder, input: '{"version":"3"}' });
  assert.equal(result.code, 1);
  assert.match(result.stderr, /the payload would be refused: .*\(field version\)/);
  const unknown = await runCli(['simulate', '-i', 'promm', '-'], { folder, input: '{}' });
  assert.deepEqual([unknown.code, /did you mean "prom"/.test(unknown.stderr)], [2, true]);
});

test('[BR-NOT-023] notify test sends directly when no hub runs, and tells the fault of one that is not taken', async (t) => {
  const sink = await startSink();
  t.after(() => sink.close());
  const folder = await folderWith(t, CONFIG.replace('http://127.0.0.1:1/hook', `${sink.url}/hook`));
  const good = await runCli(['notify', 'test', 'on-call', '--json'], { folder });
  assert.equal(good.code, 0, good.stderr);
  assert.match(sink.requests[0]?.body ?? '', /This is a test notification/);

  sink.answerWith(401);
  const bad = await runCli(['notify', 'test', 'pager'], { folder });
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /✖ pager: SB_AUTH: /);
  assert.doesNotMatch(bad.stdout + bad.stderr, /a-secret-of-the-test/);

  const source = await runCli(['notify', 'test', 'prom'], { folder });
  assert.deepEqual([source.code, /only takes signals in/.test(source.stderr)], [2, true]);
});

test('[BR-NOT-023] notify preview renders with the settings of an integration, or a template before it is used', async (t) => {
  const folder = await folderWith(t);
  const own = await runCli(['notify', 'preview', 'pager'], { folder });
  assert.equal((JSON.parse(own.stdout) as { version: string }).version, '4');
  const template = ['--set', 'format=template', '--set', 'content_type=text/plain'];
  const args = ['notify', 'preview', '--connector', 'webhook', ...template];
  const made = await runCli([...args, '--set', 'template={{ title }}!', '--status', 'resolved'], { folder });
  assert.equal(made.stdout, '[RESOLVED] SignalboxTest (critical)!\n');
  const wrong = await runCli([...args, '--set', 'template={% nonsense %}'], { folder });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stderr, /line 1, column 1/);
});

test('connectors are listed and shown with their settings, secrets marked', async (t) => {
  const folder = await folderWith(t);
  const list = jsonOf<{ items: { id: string }[] }>(await runCli(['connectors', '--json'], { folder }));
  assert.ok(list.items.some(({ id }) => id === 'webhook'));
  const shown = await runCli(['connectors', 'show', 'webhook'], { folder });
  assert.match(shown.stdout, /^url +string +Where notifications go/m);
  assert.match(shown.stdout, /^bearer_token +string, secret/m);
});

async function makeData(folder: string): Promise<void> {
  const path = join(folder, 'data');
  let last = 0;
  const newId = (): string => `id-${(last += 1)}`;
  const journal = await openSqliteJournal({ path: join(path, 'journal.db'), maxBytes: 1e8, newId });
  const store = await openSqliteStore({ path: join(path, 'store.db') });
  await store.adopt(await journal.identity());
  await store.close();
  await journal.close();
}

test('a backup is restored into a new folder; a folder that holds something is left alone unless it may be replaced', async (t) => {
  const folder = await temporaryFolder(t);
  await makeData(folder);
  const backup = await runCli(['backup', '--to', 'copy'], { folder });
  assert.equal(backup.code, 0, backup.stderr);
  assert.equal(backup.stderr, '', 'a bar is for terminals');
  const restored = jsonOf<{ generation: string }>(
    await runCli(['restore', '--from', 'copy', '--data', 'other', '--json'], { folder }),
  );
  assert.notEqual(restored.generation, '');

  const refused = await runCli(['restore', '--from', 'copy'], { folder });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /is not empty[\s\S]*--replace moves what is there into data\/backups/);
  assert.equal((await runCli(['restore', '--from', 'copy', '--replace'], { folder })).code, 0);
  assert.equal((await runCli(['restore', '--from', 'nothing', '--data', 'x'], { folder })).code, 1);
});

test('migrate says that there is nothing to do, and refuses a folder in use', async (t) => {
  const folder = await temporaryFolder(t);
  assert.equal((await runCli(['migrate'], { folder })).code, 2, 'there is no data folder');
  await makeData(folder);
  assert.match(
    (await runCli(['migrate', '--dry-run'], { folder })).stdout,
    /store\.db: schema \d+ is the newest/,
  );
  const lock = acquireLock(join(folder, 'data'), 'another hub');
  t.after(() => lock.release());
  const refused = await runCli(['migrate'], { folder });
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /^\S+ is in use by another hub: .*\n$/);
});

interface Diagnosis {
  ok: boolean;
  checks: Readonly<Record<string, { status: string; detail: string; advice?: string }>>;
}

test('[HNP-045] [HNP-046] [BR-CFG-008] doctor checks database, credentials and every integration for itself, and says what to do', async (t) => {
  const sink = await startSink();
  t.after(() => sink.close());
  const slack = `  chat:\n    connector: slack\n    config: { token: xoxb-test, channel: C0123456789, api_url: '${sink.url}' }\n`;
  const folder = await folderWith(t, CONFIG.replace('receivers:\n', `${slack}receivers:\n`));
  await makeData(folder);
  await writeFile(join(folder, 'data', 'journal.db'), 'this is no database'.repeat(1_000));
  const result = await runCli(['doctor', '--json'], { folder });
  assert.equal(result.code, 1);
  const { ok, checks } = jsonOf<Diagnosis>(result);
  assert.equal(ok, false);
  assert.equal(checks['node']?.status, 'ok');
  assert.match(checks['configuration']?.detail ?? '', /nothing uses this integration/);
  assert.equal(checks['store']?.status, 'ok');
  assert.equal(checks['journal']?.status, 'failed');
  assert.equal(checks['credentials']?.status, 'warning');
  assert.match(checks['credentials'].detail, /prom, ci/);
  assert.match(checks['listener']?.detail ?? '', /no hub runs/);
  assert.equal(checks['integration:chat']?.status, 'failed');
  assert.equal(checks['integration:console']?.status, 'ok');
  for (const { status, advice } of [checks['credentials'], checks['integration:chat']]) {
    assert.notEqual(advice, undefined, status);
  }
});

test('[HNP-046] doctor tells of a configuration that is wrong and still checks what it can', async (t) => {
  const folder = await folderWith(t, 'integrations: [');
  const { checks } = jsonOf<Diagnosis>(await runCli(['doctor', '--json'], { folder }));
  assert.equal(checks['configuration']?.status, 'failed');
  assert.equal(checks['node']?.status, 'ok');
});

test('a command for a running hub says what to do when none answers', async (t) => {
  const folder = await temporaryFolder(t);
  const args = ['alerts', '--url', `http://127.0.0.1:${await freePort()}`];
  const result = await runCli(args, { folder });
  assert.equal(result.code, 1);
  assert.match(
    result.stderr,
    /^no hub answers on http:\/\/127\.0\.0\.1:\d+ \(connection refused\)\. Start it with "signalbox serve"/,
  );
  assert.equal((await runCli(['alerts', '--url', 'nonsense'], { folder })).code, 2);
});
