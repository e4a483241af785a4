import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { loadConnectors } from '../../src/host/load-connectors.ts';
import { formatFinding } from '../../src/settings/finding.ts';
import { loadSettings } from '../../src/settings/load.ts';
import { missingPrograms } from './program.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const deploy = join(root, 'deploy');

interface Service {
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly networks?: readonly string[];
  readonly configs?: readonly { readonly source: string }[];
  readonly secrets?: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck?: unknown;
  readonly environment?: Readonly<Record<string, string>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, unknown>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

const compose = parse(readFileSync(join(deploy, 'compose.yaml'), 'utf8'), { merge: true }) as Compose;
const balancer = readFileSync(join(deploy, 'haproxy.cfg'), 'utf8');

/** Why `docker compose` can't be run here; a client alone may come without it. */
function missingCompose(): string | undefined {
  const missing = missingPrograms(['docker']);
  if (missing !== undefined) return missing;
  const { status } = spawnSync('docker', ['compose', 'version']);
  return status === 0 ? undefined : 'the docker client here has no plugin compose';
}

test('docker compose accepts deploy/compose.yaml', { skip: missingCompose() ?? false }, () => {
  const { status, stderr } = spawnSync('docker', ['compose', '-f', 'compose.yaml', 'config', '--quiet'], {
    cwd: deploy,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('HAProxy accepts deploy/haproxy.cfg', { skip: missingPrograms(['haproxy']) ?? false }, (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-haproxy-'));
  t.after(() => rmSync(folder, { recursive: true }));
  cpSync(join(deploy, 'haproxy.cfg'), join(folder, 'haproxy.cfg'));
  const { status, stderr } = spawnSync('haproxy', ['-c', '-f', join(folder, 'haproxy.cfg')], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
});

test('whatever a service of deploy/compose.yaml speaks of is declared in it', () => {
  const { services } = compose;
  for (const [name, service] of Object.entries(services)) {
    const { depends_on: needs = [], networks = [], configs = [], secrets = [], volumes = [] } = service;
    const speaksOf: readonly [kind: string, used: readonly string[], declared: object][] = [
      ['services', Array.isArray(needs) ? needs : Object.keys(needs), services],
      ['networks', networks, compose.networks],
      ['configs', configs.map(({ source }) => source), compose.configs],
      ['secrets', secrets, compose.secrets],
      ['volumes', volumes.map((volume) => volume.split(':')[0]!), compose.volumes],
    ];
    for (const [kind, used, declared] of speaksOf) {
      const unknown = used.filter((one) => !(one in declared));
      assert.deepEqual(unknown, [], `${name}: ${kind}`);
    }
  }
});

test('the balancer of deploy/haproxy.cfg knows every node, and asks each how it is', () => {
  const hubs = Object.keys(compose.services).filter((name) => name.startsWith('hub-'));
  assert.equal(hubs.length, 3);
  for (const backend of balancer.split(/^backend /m).slice(1)) {
    const servers = [...backend.matchAll(/^ +server (\S+) (\S+):8080/gm)].map(([, name, host]) => [
      name,
      host,
    ]);
    assert.deepEqual(
      servers,
      hubs.map((hub) => [hub, hub]),
    );
    assert.match(backend, /http-check send meth GET uri \/(?:livez|readyz)/);
  }
  const ids = hubs.map((hub) => compose.services[hub]!.environment!['SIGNALBOX_SERVER_NODE_ID']);
  assert.deepEqual(ids, hubs);
});

test('what keeps data has a volume and a check of its health', () => {
  const keepers = Object.entries(compose.services).filter(([name]) => /^(?:postgres|kafka-)/.test(name));
  assert.equal(keepers.length, 4);
  for (const [name, { volumes = [], healthcheck }] of keepers) {
    assert.equal(volumes.length, 1, name);
    assert.notEqual(healthcheck, undefined, name);
  }
});

test('the settings of the nodes are valid together with a configuration of one hub', async () => {
  const { connectors } = await loadConnectors({ external: [] });
  const env = {
    ...compose.services['hub-1']!.environment,
    SIGNALBOX_SERVER_TRUSTED_PROXIES: '172.29.80.0/24',
    SIGNALBOX_SERVER_LISTEN: '0.0.0.0:8080',
    SIGNALBOX_SECRET_API_TOKEN: 'api-token',
    SIGNALBOX_SECRET_POSTGRES_PASSWORD: 'password',
    PROM_TOKEN: 'prom-token',
  };
  const files = [join(root, 'examples/minimal.yaml'), join(deploy, 'cluster.yaml')];
  const loaded = await loadSettings({ files, env, connectors: [...connectors.values()] });
  assert.equal(loaded.ok ? '' : loaded.errors.map(formatFinding).join('\n'), '');
  assert.ok(loaded.ok);
  assert.equal(loaded.settings.storage.url, 'postgres://signalbox:password@postgres:5432/signalbox');
  assert.equal(loaded.settings.server.nodeId, 'hub-1');
});
