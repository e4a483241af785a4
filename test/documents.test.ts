import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { loadConnectors } from '../src/host/load-connectors.ts';
import { formatFinding } from '../src/settings/finding.ts';
import { loadSettings } from '../src/settings/load.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...globSync('docs/**/*.md', { cwd: root }),
];
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Environment variables that the examples speak of. */
const EXAMPLE_ENV = { PROM_TOKEN: 'example-token', SLACK_TOKEN: 'xoxb-example-token' };

test('[BR-CFG-009] the configurations that the documents show are valid', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-documents-'));
  t.after(() => rm(folder, { recursive: true }));
  const { connectors } = await loadConnectors({ external: [] });
  let checked = 0;
  for (const document of ['README.md', 'docs/getting-started.md']) {
    for (const [, block = ''] of read(document).matchAll(/```yaml\n(integrations:[\s\S]*?)```/g)) {
      const file = join(folder, 'signalbox.yaml');
      await writeFile(file, block);
      const loaded = await loadSettings({
        files: [file],
        env: EXAMPLE_ENV,
        connectors: [...connectors.values()],
      });
      assert.equal(loaded.ok ? '' : loaded.errors.map(formatFinding).join('\n'), '', document);
      assert.equal(loaded.warnings.map(formatFinding).join('\n'), '', document);
      checked += 1;
    }
  }
  assert.ok(checked >= 2, 'the examples are where this test looks for them');
});

test('links between documents lead to files that exist', () => {
  const broken = documents.flatMap((document) =>
    [...read(document).matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)]
      .map(([, target = '']) => target)
      .filter((target) => !existsSync(join(root, dirname(document), target)))
      .map((target) => `${document}: ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('every dependency is explained, and no other is', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const declared = ['dependencies', 'optionalDependencies', 'devDependencies'].flatMap((kind) =>
    Object.keys(manifest[kind] ?? {}),
  );
  const explained = [...read('docs/dependencies.md').matchAll(/^\| (`.+`) \| /gm)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name),
  );
  assert.deepEqual(new Set(explained), new Set(declared));
});

test('every command of npm run that a document names exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = documents.flatMap((document) =>
    [...read(document).matchAll(/npm run ([a-z:-]+)/g)].map(([, name = '']) => name),
  );
  assert.deepEqual(
    [...new Set(named)].filter((name) => !(name in scripts)),
    [],
  );
});
