import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isFault, type Fault } from '@signalbox/sdk';
import { configOf } from '../../test/fakes/kubernetes-watching.ts';
import { createCredentials } from './credentials.ts';

const NEVER = new AbortController().signal;
const PEM = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const inBase64 = (text: string) => Buffer.from(text).toString('base64');

type Part = Readonly<Record<string, unknown>>;

/** A kubeconfig with two contexts, of which the second is current. */
function kubeconfig(cluster: Part, user: Part, more: Part = {}): string {
  return JSON.stringify({
    'current-context': 'second',
    contexts: [
      { name: 'first', context: { cluster: 'other', user: 'other' } },
      { name: 'second', context: { cluster: 'c', user: 'u' } },
    ],
    clusters: [
      { name: 'other', cluster: { server: 'https://other.example' } },
      { name: 'c', cluster: { server: 'https://cluster.example:6443/', ...cluster } },
    ],
    users: [
      { name: 'other', user: { token: 'other-token' } },
      { name: 'u', user },
    ],
    ...more,
  });
}

function open(own: Part, env: Readonly<Record<string, string>> = {}, now = () => 0) {
  return createCredentials(configOf(own), { env, now });
}

async function faultOf(promise: Promise<unknown>): Promise<Fault> {
  const thrown: unknown = await promise.then(
    () => assert.fail('it went through'),
    (error: unknown) => error,
  );
  if (!isFault(thrown)) throw thrown;
  assert.doesNotMatch(`${thrown.message} ${thrown.stack}`, /s3cret/);
  return thrown;
}

function folder(t: TestContext): string {
  const path = mkdtempSync(join(tmpdir(), 'signalbox-kube-'));
  t.after(() => rmSync(path, { recursive: true }));
  return path;
}

test('a kubeconfig leads to its current context, or to the one that is chosen', async () => {
  const text = kubeconfig(
    { 'certificate-authority-data': inBase64(PEM), 'tls-server-name': 'name.example' },
    { token: 't0ken' },
  );
  assert.deepEqual(await open({ kubeconfig: text }).access(NEVER), {
    server: 'https://cluster.example:6443',
    headers: { authorization: 'Bearer t0ken' },
    tls: { ca: PEM, serverName: 'name.example' },
  });
  const other = await open({ kubeconfig: text, context: 'first' }).access(NEVER);
  assert.deepEqual(other, {
    server: 'https://other.example',
    headers: { authorization: 'Bearer other-token' },
  });
});

test('a client certificate comes from its data or from files beside the kubeconfig', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'client.crt'), 'cert');
  writeFileSync(join(dir, 'client.key'), 'key');
  const file = join(dir, 'config');
  writeFileSync(file, kubeconfig({}, { 'client-certificate': 'client.crt', 'client-key': 'client.key' }));
  const { tls, headers } = await open({ kubeconfig_file: file }).access(NEVER);
  assert.deepEqual([tls, headers], [{ cert: 'cert', key: 'key' }, {}]);
  const inline = { 'client-certificate-data': inBase64(PEM), 'client-key-data': inBase64(PEM) };
  assert.deepEqual((await open({ kubeconfig: kubeconfig({}, inline) }).access(NEVER)).tls, {
    cert: PEM,
    key: PEM,
  });
});

test('in a pod the service account is used, and a token that was rotated is used at once', async (t) => {
  const dir = folder(t);
  writeFileSync(join(dir, 'ca.crt'), PEM);
  writeFileSync(join(dir, 'token'), 'first\n');
  const env = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '6443' };
  const credentials = open({ service_account_folder: dir }, env);
  assert.deepEqual(await credentials.access(NEVER), {
    server: 'https://10.0.0.1:6443',
    headers: { authorization: 'Bearer first' },
    tls: { ca: PEM },
  });
  writeFileSync(join(dir, 'token'), 'second\n');
  assert.equal((await credentials.access(NEVER)).headers['authorization'], 'Bearer second');
  const six = open({ service_account_folder: dir }, { KUBERNETES_SERVICE_HOST: 'fd00::1' });
  assert.equal((await six.access(NEVER)).server, 'https://[fd00::1]');
  const outside = await faultOf(open({}).access(NEVER));
  assert.match(outside.message, /does not run in a pod/);
});

/** A plugin that counts its calls and prints what it is told. */
function plugin(t: TestContext, answer: object | string) {
  const dir = folder(t);
  const path = join(dir, 'plugin');
  const print = typeof answer === 'string' ? answer : JSON.stringify(answer);
  const script = `#!${process.execPath}
    const fs = require('node:fs');
    fs.appendFileSync(${JSON.stringify(join(dir, 'calls'))}, process.env.KUBERNETES_EXEC_INFO + '\\n');
    process.stdout.write(${JSON.stringify(print)});`;
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  writeFileSync(join(dir, 'calls'), '');
  return { path, calls: () => readFileSync(join(dir, 'calls'), 'utf8').trim().split('\n').filter(Boolean) };
}

const VERSION = 'client.authentication.k8s.io/v1';
const execUser = (command: string, more: Part = {}) => ({ exec: { apiVersion: VERSION, command, ...more } });
const credential = (status: Part) => ({ apiVersion: VERSION, kind: 'ExecCredential', status });

test('a credential plugin runs once until what it printed expires or is refused', async (t) => {
  const { path, calls } = plugin(
    t,
    credential({ token: 'issued', expirationTimestamp: '1970-01-01T01:00:00Z' }),
  );
  let now = 0;
  const own = {
    kubeconfig: kubeconfig({}, execUser(path, { provideClusterInfo: true })),
    exec_commands: [path],
  };
  const credentials = open(own, {}, () => now);
  const token = async () => (await credentials.access(NEVER)).headers['authorization'];
  assert.equal(await token(), 'Bearer issued');
  await token();
  assert.equal(calls().length, 1);
  now = 3_570_000;
  await token();
  assert.equal(calls().length, 2);
  now = 0;
  credentials.refused();
  await token();
  const [first, , third] = calls();
  assert.ok(third);
  assert.deepEqual(JSON.parse(first!), {
    apiVersion: VERSION,
    kind: 'ExecCredential',
    spec: { interactive: false, cluster: { server: 'https://cluster.example:6443' } },
  });
});

test('a credential plugin that nobody allowed is not started', async (t) => {
  const { path, calls } = plugin(t, credential({ token: 'issued' }));
  const fault = await faultOf(open({ kubeconfig: kubeconfig({}, execUser(path)) }).access(NEVER));
  assert.deepEqual([fault.code, fault.field], ['SB_CONFIG', 'config.exec_commands']);
  assert.deepEqual(calls(), []);
});

test('a credential plugin that prints something else is SB_AUTH, and what it printed is told nobody', async (t) => {
  for (const answer of [
    's3cret',
    { ...credential({ token: 's3cret' }), apiVersion: 'other/v1' },
    credential({ note: 's3cret' }),
  ]) {
    const { path } = plugin(t, answer);
    const own = { kubeconfig: kubeconfig({}, execUser(path)), exec_commands: [path] };
    assert.equal((await faultOf(open(own).access(NEVER))).code, 'SB_AUTH');
  }
});

test('what a kubeconfig asks for and the hub does not do is refused by name, never left out in silence', async () => {
  const cases: readonly [kubeconfig: string, message: RegExp][] = [
    ['{ s3cret: [', /not YAML/],
    ['just a text', /no current-context/],
    [kubeconfig({}, {}, { 'current-context': 'third' }), /no context "third"/],
    [kubeconfig({ server: 'http://cluster.example' }, { token: 's3cret' }), /must be an https/],
    [kubeconfig({ server: 'ftp://cluster.example' }, {}), /no server that is an https/],
    [kubeconfig({ server: 'https://user:s3cret@cluster.example' }, {}), /carries credentials/],
    [kubeconfig({ 'insecure-skip-tls-verify': true }, { token: 's3cret' }), /allow_insecure_tls/],
    [kubeconfig({ 'proxy-url': 'http://user:s3cret@proxy' }, {}), /http\.proxy/],
    [kubeconfig({ 'certificate-authority-data': 's3cret' }, {}), /not PEM/],
    [kubeconfig({ 'certificate-authority': 'ca.crt' }, {}), /relative path/],
    [kubeconfig({}, { 'client-certificate-data': inBase64(PEM) }), /without a key/],
    [kubeconfig({}, { username: 'u', password: 's3cret' }), /username of its user is not supported/],
    [kubeconfig({}, { as: 'admin', token: 's3cret' }), /as of its user is not supported/],
    [kubeconfig({}, { 'auth-provider': { name: 'gcp' } }), /auth-provider/],
    [
      kubeconfig({}, execUser('x', { apiVersion: 'client.authentication.k8s.io/v1alpha1' })),
      /renew the kubeconfig/,
    ],
    [kubeconfig({}, execUser('x', { interactiveMode: 'Always' })), /a person at a terminal/],
  ];
  for (const [text, message] of cases) {
    const fault = await faultOf(open({ kubeconfig: text }).access(NEVER));
    assert.equal(fault.code, 'SB_CONFIG', text);
    assert.match(fault.message, message);
  }
  const both = await faultOf(open({ kubeconfig: '{}', kubeconfig_file: '/x' }).access(NEVER));
  assert.match(both.message, /give `kubeconfig` or/);
  const missing = await faultOf(open({ kubeconfig_file: '/no/such/file' }).access(NEVER));
  assert.match(missing.message, /\/no\/such\/file can't be read \(ENOENT\)/);
});

test('a kubeconfig that skips the check of certificates is honored where a person said so, and its authority is not used then', async () => {
  const text = kubeconfig(
    { 'insecure-skip-tls-verify': true, 'certificate-authority-data': inBase64(PEM) },
    { token: 't' },
  );
  const { tls } = await open({ kubeconfig: text, allow_insecure_tls: true }).access(NEVER);
  assert.deepEqual(tls, { insecure: true });
});

test('a token that no header can carry is SB_AUTH and told nobody', async () => {
  const fault = await faultOf(
    open({ kubeconfig: kubeconfig({}, { token: 's3cret\ns3cret' }) }).access(NEVER),
  );
  assert.equal(fault.code, 'SB_AUTH');
});
