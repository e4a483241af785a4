import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { formatFinding } from './finding.ts';
import { loadSettings, readExternalConnectors } from './load.ts';
import { brief, INTEGRATIONS, load, REST, TEST_CONNECTORS, withFiles } from './testing.ts';

const WHOLE = `${INTEGRATIONS}${REST}`;

test('flags go before the environment, the environment before files, files before defaults', async (t) => {
  const text = `${WHOLE}server: { listen: '127.0.0.1:1' }\n`;
  const listen = 'SIGNALBOX_SERVER_LISTEN';
  const cases: readonly [string, object, number][] = [
    [WHOLE, {}, 8080],
    [text, {}, 1],
    [text, { env: { [listen]: '127.0.0.1:2' } }, 2],
    [text, { env: { [listen]: '' } }, 1],
    [text, { env: { [listen]: '127.0.0.1:2' }, overrides: { 'server.listen': '127.0.0.1:3' } }, 3],
    [text, { overrides: { 'server.listen': undefined } }, 1],
  ];
  for (const [written, options, port] of cases) {
    const result = await load(t, written, options);
    assert.ok(result.ok);
    assert.equal(result.settings.server.listen.port, port);
  }
});

test('environment variables become numbers, switches and lists where these are meant', async (t) => {
  const env = {
    SIGNALBOX_SERVER_ACCESS_LOG: 'false',
    SIGNALBOX_WATCHDOG_FULL_RATIO: '0.5',
    SIGNALBOX_SERVER_TRUSTED_PROXIES: '10.0.0.0/8, 192.168.0.1',
    SIGNALBOX_SERVER_API_TOKENS: 'one,two',
    SIGNALBOX_JOURNAL_MAX_BYTES: '20MiB',
    SIGNALBOX_STORAGE_RETENTION_INPUTS: '1h',
  };
  const result = await load(t, WHOLE, { env });
  assert.ok(result.ok);
  const { server, storage, watchdog } = result.settings;
  assert.equal(server.accessLog, false);
  assert.deepEqual(server.trustedProxies, ['10.0.0.0/8', '192.168.0.1']);
  assert.deepEqual(server.apiTokens, ['one', 'two']);
  assert.equal(watchdog.fullRatio, 0.5);
  assert.deepEqual([storage.journalMaxBytes, storage.retention.inputs], [20_971_520, 3_600_000]);
});

test('[BR-CFG-002] a wrong value of a variable is refused by the name of the variable, without the value', async (t) => {
  const result = await load(t, WHOLE, {
    env: { SIGNALBOX_WATCHDOG_LAG: 's3cret', SIGNALBOX_SERVER_LISTN: 'x' },
  });
  assert.ok(!result.ok);
  assert.deepEqual(result.errors.map(formatFinding), [
    'environment variable SIGNALBOX_WATCHDOG_LAG: expected a duration above zero such as 30s, 5m, 1h30m or 1d',
  ]);
  assert.match(
    result.warnings.map(formatFinding).join('\n'),
    /SERVER_LISTN: .*did you mean "SIGNALBOX_SERVER_LISTEN"/,
  );
});

test('a flag without a setting is refused', async (t) => {
  const result = await load(t, WHOLE, { overrides: { 'server.lisen': 'x' } });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.errors.map(({ code }) => code),
    ['unknown_key'],
  );
});

test('files in config.d are merged in the order of their names', async (t) => {
  const more = {
    'config.d/20-route.yaml': REST,
    'config.d/10-pager.yaml': 'integrations:\n  pager: { connector: out }\n',
    'config.d/notes.txt': '!',
  };
  const result = await load(t, 'integrations:\n  prom: { connector: in }\n', { more });
  assert.ok(result.ok, JSON.stringify(result));
  assert.deepEqual(Object.keys(result.settings.integrations), ['prom', 'pager']);
});

test('[BR-CFG-002] what two files set is an error that names both places', async (t) => {
  const more = { 'config.d/a.yaml': 'integrations:\n  prom:\n    connector: out\n' };
  const result = await load(t, WHOLE, { more });
  assert.ok(!result.ok);
  const [finding] = result.errors;
  assert.ok(finding);
  assert.equal(finding.file.endsWith(join('config.d', 'a.yaml')), true);
  assert.deepEqual(brief(result.errors.slice(0, 1)), ['3:5 set_twice']);
  assert.match(finding.message, /signalbox\.yaml:2:11/);
});

test('[BR-CFG-002] a finding in a file of config.d names that file', async (t) => {
  const result = await load(t, WHOLE, { more: { 'config.d/a.yaml': '\nlog: { levl: info }\n' } });
  assert.ok(!result.ok);
  assert.match(formatFinding(result.errors[0]!), /config\.d.a\.yaml:2:8: unknown key "levl"/);
});

const PROFILES = `${WHOLE}log: { level: warn, format: json }
profiles:
  production:
    server: { api_tokens: '\${env:TOKEN}', listen: 0.0.0.0:80 }
    log: { level: error }
    integrations: { prom: { auth: none } }
  empty:
`;

test('[BR-CFG-004] a profile is laid over the rest, and only the chosen one', async (t) => {
  const base = await load(t, PROFILES);
  const empty = await load(t, PROFILES, { profile: 'empty' });
  const flag = await load(t, PROFILES, { profile: 'production', env: { TOKEN: 'x' } });
  const variable = await load(t, PROFILES, { env: { TOKEN: 'x', SIGNALBOX_PROFILE: 'production' } });
  assert.ok(base.ok && empty.ok && flag.ok && variable.ok);
  assert.deepEqual(base.settings.log, { level: 'warn', format: 'json' });
  assert.deepEqual(flag.settings.log, { level: 'error', format: 'json' });
  assert.deepEqual(flag.settings.server.listen, { host: '0.0.0.0', port: 80 });
  assert.equal(empty.settings.revision, base.settings.revision);
  assert.equal(flag.settings.revision, variable.settings.revision);
});

test('[BR-CFG-004] a profile that does not exist is refused with the one that was meant', async (t) => {
  const result = await load(t, PROFILES, { profile: 'prodution' });
  assert.ok(!result.ok);
  assert.match(
    formatFinding(result.errors[0]!),
    /:9:1: there is no profile "prodution" \(did you mean "production"\?\)/,
  );
});

test('[BR-CFG-004] a problem in a chosen profile has its position there', async (t) => {
  const result = await load(t, PROFILES.replace('level: error', 'level: loud'), {
    profile: 'production',
    env: { TOKEN: 'x' },
  });
  assert.ok(!result.ok);
  assert.deepEqual(brief(result.errors), ['12:19 wrong_value']);
});

test('references take values from variables, files and secrets', async (t) => {
  const text = `integrations:
  prom: { connector: in, auth: { bearer: ['\${env:A}', '\${file:token.txt}', '\${secret:my-token}', '\${secret:other}'] } }
  pager: { connector: out, config: { port: '\${env:PORT}', url: 'https://\${env:HOST:-example.org}/$\${x}/\${env:EMPTY:-y}' } }
${REST}`;
  const [credentials] = withFiles(t, { other: 'from systemd\n' });
  const env = {
    A: 'from env',
    SIGNALBOX_SECRET_MY_TOKEN: 'from variable',
    CREDENTIALS_DIRECTORY: dirname(credentials!),
    PORT: '25',
    EMPTY: '',
  };
  const result = await load(t, text, { env, more: { 'token.txt': 'from file\n' } });
  assert.ok(result.ok, JSON.stringify(result));
  const { prom, pager } = result.settings.integrations;
  assert.deepEqual(prom!.endpoint!.auth, [
    { kind: 'bearer', tokens: ['from env', 'from file', 'from variable', 'from systemd'] },
  ]);
  assert.deepEqual(pager!.config, { port: 25, url: 'https://example.org/${x}/y' });
});

test('what a reference yields is not looked at again', async (t) => {
  const text = `integrations:\n  prom: { connector: in, auth: { bearer: '\${env:A}' } }\n  pager: { connector: out }\n${REST}`;
  const result = await load(t, text, { env: { A: '${env:B}', B: 'inner' } });
  assert.ok(result.ok);
  assert.deepEqual(result.settings.integrations.prom!.endpoint!.auth, [
    { kind: 'bearer', tokens: ['${env:B}'] },
  ]);
});

const BAD_REFERENCES: readonly [string, string, RegExp][] = [
  ['${env:NOT_SET}', 'missing_value', /NOT_SET is not set/],
  ['${file:none.txt}', 'missing_value', /none\.txt does not exist/],
  ['${secret:none}', 'missing_value', /SIGNALBOX_SECRET_NONE/],
  ['${secret:../etc/passwd}', 'interpolation', /expected \$\{env:NAME\}/],
  ['${NAME}', 'interpolation', /expected \$\{env:NAME\}/],
  ['${env:a b}', 'interpolation', /expected \$\{env:NAME\}/],
  ['${env:NAME', 'interpolation', /closing brace/],
];

for (const [reference, code, message] of BAD_REFERENCES) {
  test(`[BR-CFG-002] the reference ${reference} is refused with its position`, async (t) => {
    const text = `integrations:\n  prom: { connector: in, auth: { bearer: '${reference}' } }\n  pager: { connector: out }\n${REST}`;
    const result = await load(t, text);
    assert.ok(!result.ok);
    assert.deepEqual(brief(result.errors), [`2:42 ${code}`]);
    assert.match(formatFinding(result.errors[0]!), message);
  });
}

test('no finding shows a value that came from outside the file, or a secret', async (t) => {
  const secrets = { S: 's3cret-value' };
  const at = '${env:S}';
  const text = `server: { listen: '${at}', external_url: '${at}' }
log: { level: '${at}' }
integrations:
  prom: { connector: '${at}', dedupe_window: '${at}', auth: { hmac: { preset: '${at}', secret: '${at}' } } }
  more: { connector: in, auth: { hmac: { preset: standard_webhooks, secret: 'literal s3cret-value' } } }
  pager: { connector: out, fallback: '${at}', config: { url: '${at}', token: '${at}', port: '${at}', template: '{% ${at} %}', map: { a: '${at}(' } } }
  short: { connector: out, config: { token: s3cret- } }
receivers:
  on-call: [{ integration: '${at}' }]
routes:
  receiver: '${at}'
  group_wait: '${at}'
  routes: [{ matchers: '${at}(' }, { matchers: 'a=~"${at}("' }]
watchdog: { last_resort: '${at}' }
broken: "s3cret-value
`;
  const broken = await load(t, text, { env: secrets });
  const whole = await load(t, text.replace(/broken.*\n/, ''), { env: secrets });
  assert.ok(!broken.ok && !whole.ok);
  assert.ok(whole.errors.length >= 15, String(whole.errors.length));
  assert.ok(!JSON.stringify([broken, whole]).includes('s3cret'));
});

test('a file that does not exist is refused', async () => {
  const result = await loadSettings({
    files: ['/nowhere/signalbox.yaml'],
    env: {},
    connectors: TEST_CONNECTORS,
  });
  assert.ok(!result.ok);
  assert.deepEqual(result.errors.map(formatFinding), [
    '/nowhere/signalbox.yaml:1:1: this file does not exist',
  ]);
});

test('connectors that are not built in are named before the rest is checked', async (t) => {
  const [file] = withFiles(t, {
    'signalbox.yaml': 'connectors: [some-package, ./mine/index.ts, "@a/b"]\nnonsense: 1\n',
  });
  assert.deepEqual(await readExternalConnectors({ files: [file!], env: {} }), [
    'some-package',
    join(dirname(file!), 'mine', 'index.ts'),
    '@a/b',
  ]);
});

test('an integration whose connector could not be loaded is left out, and the rest runs', async (t) => {
  const text = `integrations:
  prom: { connector: in }
  odd: { connector: odd }
  pager: { connector: out, fallback: odd }
receivers:
  on-call: [{ integration: pager }, { integration: odd }]
routes: { receiver: on-call }
watchdog: { last_resort: odd }
`;
  const result = await load(t, text, { brokenConnectors: ['./odd.ts'] });
  assert.ok(result.ok, JSON.stringify(result));
  const { integrations, receivers, watchdog } = result.settings;
  assert.deepEqual(brief(result.warnings), ['3:21 connector_broken']);
  assert.deepEqual(Object.keys(integrations), ['prom', 'pager']);
  assert.deepEqual(integrations.pager!.delivery.fallback, []);
  assert.deepEqual(receivers['on-call'], [{ integration: 'pager', sendResolved: true }]);
  assert.equal(watchdog.lastResort, undefined);
});
