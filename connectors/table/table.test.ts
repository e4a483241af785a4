import assert from 'node:assert/strict';
import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { isFault } from '@signalbox/sdk';
import { conformance, sampleSnapshot, testContext } from '@signalbox/sdk/testing';
import type { TableConfig } from './config.ts';
import table from './index.ts';

const TABLES = join(import.meta.dirname, 'fixtures', 'tables');
const MATCH = { namespace: 'namespace', cluster: 'cluster' };

conformance(table, {
  dir: import.meta.dirname,
  vendor: ['yaml'],
  config: () => ({ file: join(TABLES, 'owners.csv'), match: MATCH }),
});

const shop = sampleSnapshot({ labels: { namespace: 'shop', cluster: 'eu-1' } });

function contextOf(t: TestContext, config: TableConfig, signal = new AbortController().signal) {
  const made = testContext({ config, signal });
  t.after(made.close);
  return made;
}

async function fileWith(t: TestContext, name: string, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-table-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, name), text);
  return join(folder, name);
}

test('[BR-AP-014] [BR-AP-030] JSON and YAML are read as CSV is, and keep their types', async (t) => {
  const expected = {
    'owners.json': { owner: 'team-json', contacts: ['ops@example.org'], tier: 1 },
    'owners.yaml': { owner: 'team-yaml' },
  };
  for (const [name, found] of Object.entries(expected)) {
    const { context } = contextOf(t, { file: join(TABLES, name), format: 'auto', match: MATCH });
    assert.deepEqual(await table.enricher!.enrich(shop, context), found);
  }
});

test('only the fields that are named are taken over', async (t) => {
  const config: TableConfig = {
    file: join(TABLES, 'owners.json'),
    format: 'auto',
    match: MATCH,
    fields: ['owner', 'cluster', 'none'],
  };
  const { context } = contextOf(t, config);
  assert.deepEqual(await table.enricher!.enrich(shop, context), { owner: 'team-json', cluster: 'eu-1' });
});

test('a file that changed is read again, and its alerts are asked about anew', async (t) => {
  const file = await fileWith(t, 'owners.csv', 'namespace,owner\nshop,old\n');
  const config: TableConfig = { file, format: 'auto', match: { namespace: 'namespace' } };
  const runOnce = async () => {
    const abort = new AbortController();
    const { context, lines } = contextOf(t, config, abort.signal);
    const running = table.run!(context, async () => {});
    while (!lines.some((line) => line.includes('the table was read')))
      await new Promise((resolve) => setImmediate(resolve));
    abort.abort();
    await running;
  };
  await runOnce();
  const { context } = contextOf(t, config);
  const key = table.enricher!.cacheKey(shop, config);
  assert.deepEqual(await table.enricher!.enrich(shop, context), { owner: 'old' });

  await writeFile(file, 'namespace,owner\nshop,new\n');
  await utimes(file, 1_000, 1_000);
  await runOnce();
  assert.deepEqual(await table.enricher!.enrich(shop, context), { owner: 'new' });
  assert.notEqual(table.enricher!.cacheKey(shop, config), key);
});

test('while a new file can not be read the old rows stay, and the task says what is wrong', async (t) => {
  const file = await fileWith(t, 'owners.csv', 'namespace,owner\nshop,old\n');
  const config: TableConfig = { file, format: 'auto', match: { namespace: 'namespace' } };
  const { context } = contextOf(t, config);
  await table.enricher!.enrich(shop, context);
  await writeFile(file, 'namespace,owner\nshop\n');
  await utimes(file, 1_000, 1_000);
  await assert.rejects(
    table.run!(context, async () => {}),
    /line 2: expected 2 cells, found 1/,
  );
  assert.deepEqual(await table.enricher!.enrich(shop, context), { owner: 'old' });
});

test('what is no table is a fault of the configuration that quotes nothing of the file', async (t) => {
  const wrong = {
    'a.json': '{"password": "hunter2"}',
    'b.json': '[{"namespace": "hunter2"',
    'c.yaml': 'hunter2: [',
    'd.txt': 'hunter2',
    'e.csv': 'owner\nhunter2\n',
    'f.yaml': '- &a { namespace: hunter2 }\n- *a\n',
  };
  for (const [name, text] of Object.entries(wrong)) {
    const file = await fileWith(t, name, text);
    const { context } = contextOf(t, { file, format: 'auto', match: { namespace: 'namespace' } });
    const fault: unknown = await table.enricher!.enrich(shop, context).catch((error: unknown) => error);
    assert.ok(isFault(fault) && fault.code === 'SB_CONFIG', name);
    assert.doesNotMatch(fault.message, /hunter2/);
  }
  const { context } = contextOf(t, { file: join(TABLES, 'none.csv'), format: 'auto', match: MATCH });
  await assert.rejects(table.enricher!.enrich(shop, context), /ENOENT/);
});
