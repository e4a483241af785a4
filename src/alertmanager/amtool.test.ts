// Ours against the real Alertmanager's own tool: the same verdict on files, the same receivers for alerts.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { amtoolVersion, isAtLeast, runAmtool } from '../../sdk/src/go-template/testing/amtool.ts';
import { loadConnectors } from '../host/load-connectors.ts';
import { matchRoutes } from '../model/route.ts';
import type { RouteSettings } from '../model/settings.ts';
import { loadSettings } from '../settings/load.ts';
import { convertConfig } from './convert.ts';
import { formatNative } from './format-native.ts';
import { readAlertmanagerConfig } from './read-config.ts';
import { CONFIG_CORPUS } from './testing/config-corpus.ts';

const version = amtoolVersion();
const skip = version === undefined ? 'amtool of Alertmanager is not installed' : false;
const folder = mkdtempSync(join(tmpdir(), 'signalbox-alertmanager-'));
after(() => rmSync(folder, { recursive: true }));

test('every file gets the verdict of the real Alertmanager', { skip }, async (t) => {
  for (const { name, text, isGood, since } of CONFIG_CORPUS) {
    const tooOld = since !== undefined && !isAtLeast(version!, since);
    const reason = tooOld ? `needs Alertmanager ${since}, ${version} is installed` : false;
    await t.test(name, { skip: reason }, () => {
      const file = join(folder, 'alertmanager.yml');
      writeFileSync(file, text);
      const { ok, stdout } = runAmtool(['check-config', file]);
      assert.equal(ok, isGood, stdout);
    });
  }
});

const ROUTES = `route:
  receiver: default
  group_by: [alertname]
  routes:
  - matchers: ['severity="critical"']
    receiver: pager
    continue: true
  - match: { team: db }
    match_re: { env: 'prod|stag.*' }
    receiver: db
    routes:
    - matchers: ['instance=~"db-[0-9]+"', 'owner!=""']
      receiver: db-owner
    - matchers: ['{instance!~"test.*",kind!="replica"}']
      receiver: db-primary
      continue: true
    - match: { kind: replica }
      receiver: db-replica
  - matchers: ['severity=~"warn(ing)?"', 'muted=""']
    receiver: mail
    routes:
    - match: { team: web }
      receiver: web
  - receiver: rest
    matchers: ['severity!=""']
receivers:
${['default', 'pager', 'db', 'db-owner', 'db-primary', 'db-replica', 'mail', 'web', 'rest']
  .map((name) => `- name: ${name}\n  webhook_configs: [{ url: 'http://localhost/${name}' }]\n`)
  .join('')}`;

/** Every combination of these values; an empty one stands for a label that is not there. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  severity: ['', 'critical', 'warn', 'warnings'],
  team: ['', 'db', 'web'],
  env: ['', 'prod', 'staging', 'dev'],
  instance: ['', 'db-1', 'test-1'],
  owner: ['', 'x'],
  kind: ['', 'replica'],
};

function labelSets(): readonly Readonly<Record<string, string>>[] {
  return Object.entries(VALUES).reduce<readonly Record<string, string>[]>(
    (sets, [name, values]) =>
      sets.flatMap((labels) => values.map((value) => (value === '' ? labels : { ...labels, [name]: value }))),
    [{}],
  );
}

/** The route tree of the converted file, read by the hub itself. */
async function convertedRoutes(text: string): Promise<RouteSettings> {
  const read = readAlertmanagerConfig(text, 'alertmanager.yml');
  assert.ok(read.ok, JSON.stringify(read));
  const conversion = convertConfig(read.config, read.tree, { folder });
  const file = join(folder, 'signalbox.yaml');
  writeFileSync(file, formatNative(conversion, { source: 'alertmanager.yml', secrets: 'inline' }));
  const { connectors } = await loadConnectors({ external: [] });
  const loaded = await loadSettings({ files: [file], env: {}, connectors: [...connectors.values()] });
  assert.ok(loaded.ok, JSON.stringify(loaded));
  return loaded.settings.route;
}

test('the converted routes lead to the receivers that the real Alertmanager names', { skip }, async () => {
  const route = await convertedRoutes(ROUTES);
  const file = join(folder, 'routes.yml');
  writeFileSync(file, ROUTES);
  // One in nine: each one costs a process.
  const chosen = labelSets().filter((_labels, index) => index % 9 === 0);
  assert.ok(chosen.length > 60);
  for (const labels of chosen) {
    const words = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const { stdout } = runAmtool(['config', 'routes', 'test', `--config.file=${file}`, ...words]);
    const ours = matchRoutes(route, labels, () => true).map(({ receiver }) => receiver);
    assert.equal(
      [...new Set(ours)].join(','),
      [...new Set(stdout.trim().split(','))].join(','),
      words.join(' '),
    );
  }
});
