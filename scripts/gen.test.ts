import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { findStale, generateAll, generateRegistry, listConnectors } from './gen.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

test('the registry holds one sorted lazy import for each folder that has an index.ts', () => {
  const ids = listConnectors(repository);
  assert.deepEqual(ids, ids.toSorted());
  const lines = generateRegistry(repository)
    .text.split('\n')
    .filter((line) => line.includes('import('));
  assert.deepEqual(
    lines,
    ids.map((id) => `  '${id}': () => import('../../connectors/${id}/index.ts'),`),
  );
});

test('the generated files of this repository are current', async () => {
  const { files, broken } = await generateAll(repository);
  assert.deepEqual(broken, []);
  const stale = findStale(files).map(({ path }) => path.slice(repository.length));
  assert.deepEqual(stale, [], 'to fix: node scripts/gen.ts');
});

test('a README gets its table of settings, a connector that does not load is told, and the rest is written', async (t) => {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const root = mkdtempSync(join(repository, '.cache', 'gen-'));
  t.after(() => rmSync(root, { recursive: true }));
  const write = (path: string, text: string) => {
    mkdirSync(join(root, 'connectors', path, '..'), { recursive: true });
    writeFileSync(join(root, 'connectors', path), text);
  };
  write(
    'good/index.ts',
    "import { Type } from '@signalbox/sdk';\nexport default { config: Type.Object({ a: Type.String({ description: 'A thing.', default: 'x' }) }) };\n",
  );
  write('good/README.md', '# Good\n\n<!-- generated:config -->\nold\n<!-- /generated -->\n\nby hand\n');
  write('wrong/index.ts', "throw new Error('it is broken');\n");
  write('wrong/README.md', '# Wrong\n');
  const { files, broken } = await generateAll(root);
  assert.deepEqual(broken, ['connectors/wrong could not be loaded: it is broken']);
  assert.equal(existsSync(join(root, 'src')), false, 'nothing is written by looking');
  const readme = files.find(({ path }) => path.endsWith('good/README.md'));
  assert.equal(
    readme?.text,
    '# Good\n\n<!-- generated:config -->\n| setting | type | default | meaning |\n|---|---|---|---|\n| `a` | string | `x` | A thing. |\n<!-- /generated -->\n\nby hand\n',
  );
  assert.match(readFileSync(join(root, 'connectors', 'good', 'README.md'), 'utf8'), /old/);
  assert.deepEqual(findStale(files), files);
});
