import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Connector } from '@signalbox/sdk';
import { initTemplate } from './default-config.ts';
import { formatFinding } from './finding.ts';
import { loadSettings, type LoadResult } from './load.ts';
import { withFiles } from './testing.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const EXAMPLES = join(ROOT, 'examples');

const folders = readdirSync(join(ROOT, 'connectors'), { withFileTypes: true }).filter((entry) =>
  entry.isDirectory(),
);
const connectors = await Promise.all(
  folders.map(async ({ name }) => {
    const module = (await import(`../../connectors/${name}/index.ts`)) as { default: Connector };
    return module.default;
  }),
);

/** Every variable that an example names has a value; base64 fits wherever one is decoded. */
function envFor(file: string): Record<string, string> {
  const names = [...readFileSync(file, 'utf8').matchAll(/\$\{env:(\w+)\}/g)].map(([, name]) => name!);
  const values = { SLACK_WEBHOOK_URL: 'https://hooks.example.org/x' };
  return { ...Object.fromEntries(names.map((name) => [name, 'c2VjcmV0'])), ...values };
}

function assertClean(result: LoadResult): void {
  const findings = [...(result.ok ? [] : result.errors), ...result.warnings];
  assert.deepEqual(findings.map(formatFinding), []);
}

for (const name of readdirSync(EXAMPLES).filter((file) => file.endsWith('.yaml'))) {
  const file = join(EXAMPLES, name);
  const profiles = [...readFileSync(file, 'utf8').matchAll(/--profile (\w+)/g)].map(([, profile]) => profile);
  for (const profile of ['', ...profiles]) {
    test(`examples/${name} loads without a finding${profile && ` with the profile ${profile}`}`, async () => {
      assertClean(await loadSettings({ files: [file], env: envFor(file), profile, connectors }));
    });
  }
}

test('without a file the hub receives on two paths on loopback and writes to the console', async () => {
  const result = await loadSettings({ files: [], env: {}, connectors });
  assertClean(result);
  assert.ok(result.ok);
  const { integrations, route, server } = result.settings;
  assert.deepEqual(server.listen, { host: '127.0.0.1', port: 8080 });
  assert.deepEqual(integrations.alertmanager?.endpoint?.paths, ['/hooks/alertmanager']);
  assert.deepEqual(integrations.generic?.endpoint?.paths, ['/hooks/generic']);
  assert.deepEqual([route.receiver, route.groupBy, route.groupWaitMs], ['console', ['alertname'], 1_000]);
});

test('without a file the hub can’t be opened to others by a flag alone', async () => {
  const overrides = { 'server.listen': '0.0.0.0:8080', 'server.api_tokens': 'token' };
  const result = await loadSettings({ files: [], env: {}, overrides, connectors });
  assert.ok(!result.ok);
  assert.deepEqual(
    result.errors.map(({ code }) => code),
    ['open_endpoint', 'open_endpoint'],
  );
});

test('what init writes means the same as the built-in configuration', async (t) => {
  const [file] = withFiles(t, { 'signalbox.yaml': initTemplate() });
  const [written, builtIn] = await Promise.all(
    [[file!], []].map((files) => loadSettings({ files, env: {}, connectors })),
  );
  assert.ok(written!.ok && builtIn!.ok);
  assert.equal(written!.settings.revision, builtIn!.settings.revision);
});
