import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { test, type TestContext } from 'node:test';
import { Type } from '@signalbox/sdk';
import { loadConnectors, type Loader } from './load-connectors.ts';
import { registry } from './registry.generated.ts';

const connector = (id: string) => ({
  id,
  title: id,
  summary: 'It is.',
  version: '1.0.0',
  config: Type.Object({}),
});
const loads =
  (value: unknown): Loader =>
  () =>
    Promise.resolve({ default: value });

function folderWith(t: TestContext, files: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-load-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

test('every built-in connector loads and has the id it is registered under', async () => {
  const { connectors, broken } = await loadConnectors();
  assert.deepEqual(broken, []);
  assert.deepEqual([...connectors.keys()], Object.keys(registry));
});

test('a connector that fails to load or is none is reported and left out, the rest are there', async () => {
  const { connectors, broken } = await loadConnectors(
    {},
    {
      good: loads(connector('good')),
      torn: () => Promise.reject(new SyntaxError('Unexpected token')),
      nothing: loads(undefined),
      loud: loads({ ...connector('Loud') }),
      bare: loads({ id: 'bare' }),
      schemaless: loads({ ...connector('schemaless'), config: {} }),
      mute: loads({ ...connector('mute'), notifier: { idempotency: 'none' } }),
      deaf: loads({ ...connector('deaf'), source: {} }),
    },
  );
  assert.deepEqual([...connectors.keys()], ['good']);
  assert.deepEqual(broken, [
    { id: 'torn', reason: 'Unexpected token' },
    { id: 'nothing', reason: 'its default export is not a connector' },
    { id: 'loud', reason: 'its id is not in kebab-case' },
    { id: 'bare', reason: 'it has no title or no version' },
    { id: 'schemaless', reason: 'its config is not the schema of an object' },
    { id: 'mute', reason: 'its notifier can not deliver and render' },
    { id: 'deaf', reason: 'its source can not parse' },
  ]);
});

test('only the wanted built-in connectors are loaded', async () => {
  const builtIn = { one: loads(connector('one')), two: () => assert.fail('it is not wanted') };
  const { connectors } = await loadConnectors({ only: new Set(['one']) }, builtIn);
  assert.deepEqual([...connectors.keys()], ['one']);
});

test('[ADR4-027] connectors of third parties come by path and by package name, through the same checks', async (t) => {
  const source = (id: string) =>
    `export default { id: '${id}', title: 'T', summary: 'S.', version: '1.0.0', config: { type: 'object', properties: {} } };`;
  const folder = folderWith(t, {
    'my/connector.mjs': source('mine'),
    'my/taken.mjs': source('built-in'),
    'node_modules/signalbox-connector-acme/package.json':
      '{ "name": "signalbox-connector-acme", "version": "1.0.0", "type": "module", "exports": "./index.js" }',
    'node_modules/signalbox-connector-acme/index.js': source('acme'),
  });
  const external = [
    './my/connector.mjs',
    './my/taken.mjs',
    'signalbox-connector-acme',
    'signalbox-connector-none',
    './none.mjs',
  ];
  const { connectors, broken } = await loadConnectors(
    { external, folder },
    { 'built-in': loads(connector('built-in')) },
  );
  assert.deepEqual([...connectors.keys()], ['built-in', 'mine', 'acme']);
  assert.equal(
    connectors.get('built-in')?.title,
    'built-in',
    'a third party does not replace a built-in one',
  );
  assert.deepEqual(
    broken.map(({ id }) => id),
    ['./my/taken.mjs', 'signalbox-connector-none', './none.mjs'],
  );
  assert.equal(broken[0]?.reason, 'the id built-in is taken');
});
