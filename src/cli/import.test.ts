// `signalbox import`, as a process of its own.
import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { runCli, temporaryFolder } from './testing/run-cli.ts';

const ALERTMANAGER = `global:
  slack_api_url: https://hooks.example.org/s3cr3t
  smtp_smarthost: smtp.example.org:587
  smtp_from: am@example.org
  smtp_auth_username: am
  smtp_auth_password: pa\${ss-s3cr3t
templates: ['*.tmpl']
route:
  receiver: mail
  group_by: [alertname]
  routes:
    - match: { severity: critical }
      receiver: ops
      group_wait: 10s
receivers:
  - name: ops
    slack_configs: [{ send_resolved: true }]
    webhook_configs: [{ url: 'https://example.org/hook' }]
  - name: mail
    email_configs: [{ to: ops@example.org }]
`;

async function folderWith(t: TestContext, text = ALERTMANAGER): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'alertmanager.yml'), text);
  return folder;
}

test('an alertmanager.yml becomes a configuration that is fine, readable by its owner only', async (t) => {
  const folder = await folderWith(t);
  const made = await runCli(['import', 'alertmanager', 'alertmanager.yml', '-o', 'signalbox.yaml'], {
    folder,
  });
  assert.equal(made.code, 0, made.stderr);
  assert.equal(made.stdout, '');
  assert.equal((await stat(join(folder, 'signalbox.yaml'))).mode & 0o777, 0o600);
  const checked = await runCli(['check', 'signalbox.yaml', '--strict'], { folder });
  assert.equal(checked.code, 0, checked.stdout);
  assert.match(checked.stdout, /4 integrations, 2 receivers, 2 routes/);

  const written = await readFile(join(folder, 'signalbox.yaml'), 'utf8');
  const again = await runCli(['import', 'alertmanager', 'alertmanager.yml', '-o', 'signalbox.yaml'], {
    folder,
  });
  assert.equal(again.code, 2);
  assert.match(again.stderr, /is there already and was left alone/);
  assert.equal(await readFile(join(folder, 'signalbox.yaml'), 'utf8'), written);
});

test('standard output holds no secret, and is fine once the secrets are provided', async (t) => {
  const folder = await folderWith(t);
  const { code, stdout } = await runCli(['import', 'alertmanager', 'alertmanager.yml'], { folder });
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /s3cr3t/);
  await writeFile(join(folder, 'signalbox.yaml'), stdout);
  const env = {
    SIGNALBOX_SECRET_OPS_SLACK_API_URL: 'https://hooks.example.org/x',
    SIGNALBOX_SECRET_OPS_WEBHOOK_URL: 'https://example.org/hook',
    SIGNALBOX_SECRET_MAIL_EMAIL_AUTH_PASSWORD: 'p',
  };
  const checked = await runCli(['check', 'signalbox.yaml'], { folder, env });
  assert.equal(checked.code, 0, checked.stdout);
});

test('--json shows the document and the warnings', async (t) => {
  const folder = await folderWith(
    t,
    `${ALERTMANAGER.replace('routes:', 'labels: { a: b }\n  routes:')}inhibit_rules: [{ source_matchers: [a="b"], equal: [c] }]\n`,
  );
  const { stdout } = await runCli(['import', 'alertmanager', 'alertmanager.yml', '--json'], { folder });
  const shown = JSON.parse(stdout) as {
    document: {
      routes: { receiver: string; labels: unknown };
      templates: readonly string[];
      inhibit_rules: unknown;
    };
    warnings: { code: string }[];
  };
  assert.equal(shown.document.routes.receiver, 'mail');
  assert.deepEqual(shown.document.routes.labels, { a: 'b' });
  assert.deepEqual(shown.document.templates, [join(folder, '*.tmpl')]);
  assert.deepEqual(shown.document.inhibit_rules, [
    { source_matchers: ['a="b"'], target_matchers: ['alertname=~".*"'], equal: ['c'] },
  ]);
  assert.deepEqual(
    shown.warnings.map(({ code }) => code),
    ['matches_everything'],
  );
  assert.doesNotMatch(stdout, /s3cr3t/);
});

test('a file that Alertmanager would refuse is refused with every place', async (t) => {
  const folder = await folderWith(t, 'route: { receiver: a, foo: 1 }\nreceivers: []\n');
  const { code, stderr, stdout } = await runCli(['import', 'alertmanager', 'alertmanager.yml'], { folder });
  assert.equal(code, 2);
  assert.equal(stdout, '');
  assert.match(stderr, /^alertmanager\.yml:1:20: there is no receiver "a"$/m);
  assert.match(stderr, /^alertmanager\.yml:1:23: unknown key "foo"$/m);
});

test('a receiver without a connector fails, or is left out on request', async (t) => {
  const text = ALERTMANAGER.replace(
    '  - name: ops\n',
    '  - name: ops\n    pushover_configs: [{ user_key: k, token: t }]\n',
  );
  const folder = await folderWith(t, text);
  const failed = await runCli(['import', 'alertmanager', 'alertmanager.yml'], { folder });
  assert.equal(failed.code, 2);
  assert.match(
    failed.stderr,
    /^alertmanager\.yml:17:24: receiver "ops": there is no connector for pushover yet/m,
  );
  const args = ['import', 'alertmanager', 'alertmanager.yml', '--skip-unsupported'];
  const skipped = await runCli(args, { folder });
  assert.equal(skipped.code, 0);
  assert.match(skipped.stderr, /^warning: alertmanager\.yml:17:24: .*this entry was left out/m);
});

test('a wrong template file is refused with its place', async (t) => {
  const folder = await folderWith(t);
  await writeFile(join(folder, 'mine.tmpl'), '{{ define "x" }}\n{{ nope }}{{ end }}\n');
  const { code, stderr } = await runCli(['import', 'alertmanager', 'alertmanager.yml'], { folder });
  assert.equal(code, 2);
  assert.match(stderr, /^alertmanager\.yml:7:12: .*mine\.tmpl:2:4: there is no function "nope"$/m);
});

test('a wrong template of a receiver is a warning, because Alertmanager takes it', async (t) => {
  const folder = await folderWith(
    t,
    ALERTMANAGER.replace('{ send_resolved: true }', "{ title: '{{ .Status }', text: '{{ nope }}' }"),
  );
  const { code, stderr } = await runCli(['import', 'alertmanager', 'alertmanager.yml'], { folder });
  assert.equal(code, 0);
  assert.match(stderr, /^warning: alertmanager\.yml:17:30: .*template:1:\d+: /m);
  assert.match(stderr, /^warning: alertmanager\.yml:17:52: .*there is no function "nope"/m);
  const missing = await runCli(['import', 'alertmanager', 'none.yml'], { folder });
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /^none\.yml:1:1: this file does not exist$/m);
});
