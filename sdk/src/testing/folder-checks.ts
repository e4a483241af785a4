import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Connector } from '../connector.ts';
import { SECRET } from '../config.ts';
import { configTable, listFields } from '../config-table.ts';
import { schemaProblem, validateConfig } from '../validate-config.ts';
import type { Check } from './checks.ts';

export interface FolderSubject {
  readonly connector: Connector;
  readonly folder: string;
  readonly vendor: readonly string[];
  /** The smallest configuration that works. */
  readonly config: unknown;
}

/** What can be said about a connector without running it: manifest, schema, imports, README. */
export function checkFolder(check: Check, { connector, folder, vendor, config }: FolderSubject): void {
  check('the id equals the name of the folder and the manifest is complete', () => {
    assert.equal(connector.id, basename(folder));
    assert.match(connector.id, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    assert.match(connector.version, /^\d+\.\d+\.\d+/);
    assert.ok(
      connector.title.trim() !== '' && connector.summary.trim().endsWith('.'),
      'title and summary, a sentence',
    );
    assert.ok(
      connector.source ??
        connector.notifier ??
        connector.enricher ??
        connector.filter ??
        connector.directory ??
        connector.analyst ??
        connector.scorer ??
        connector.workflow,
      'at least one capability',
    );
  });

  check('each setting has a description and an example or a default, and secrets are strings', () => {
    for (const { path, field } of listFields(connector.config)) {
      assert.ok(field.description?.trim(), `${path} has no description`);
      const shown = field.examples?.length || field.default !== undefined || field.enum || field.properties;
      assert.ok(shown || field.type === 'boolean', `${path} has neither an example nor a default`);
      if (field[SECRET]) assert.equal(field.type, 'string', `${path} is secret and must be a string`);
    }
  });

  check('the schema of the configuration is one of JSON Schema', () => {
    assert.equal(schemaProblem(connector.config), undefined);
  });

  check('the smallest configuration validates, and an unknown setting does not', () => {
    assert.deepEqual(validateConfig(connector.config, config), {
      ok: true,
      config: expectDefaults(connector, config),
    });
    const unknown = validateConfig(connector.config, { ...(config as object), 'no-such-setting': 1 });
    assert.equal(unknown.ok, false);
  });

  check('the folder imports only the SDK, itself, Node and its vendor packages', () => {
    for (const { file, specifier } of listImports(folder, 'all')) {
      const allowed =
        specifier === '@signalbox/sdk' ||
        specifier.startsWith('node:') ||
        (specifier.startsWith('./') && !specifier.includes('..')) ||
        vendor.includes(packageOf(specifier)) ||
        (file.endsWith('.test.ts') && specifier === '@signalbox/sdk/testing');
      assert.ok(allowed || file.endsWith('.test.ts'), `${file} imports ${specifier}`);
    }
  });

  check('loading the connector loads no vendor package', () => {
    for (const { file, specifier } of listImports(folder, 'static')) {
      const isVendor = vendor.includes(packageOf(specifier)) && !file.endsWith('.test.ts');
      assert.ok(
        !isVendor,
        `${file} imports ${specifier} at the top; use await import('${specifier}') in the function`,
      );
    }
  });

  check('the README has its headings and a current table of settings', () => {
    const path = join(folder, 'README.md');
    assert.ok(existsSync(path), 'README.md is missing');
    const readme = readFileSync(path, 'utf8');
    for (const heading of ['## Set up', '## Least privileges', '## Troubleshooting']) {
      assert.ok(readme.split('\n').includes(heading), `README.md has no heading ${heading}`);
    }
    const [, block] = /<!-- generated:config -->\n([\s\S]*?)\n?<!-- \/generated -->/.exec(readme) ?? [];
    assert.equal(block?.trim(), configTable(connector.config), 'run: node scripts/gen.ts');
  });
}

function expectDefaults(connector: Connector, config: unknown): unknown {
  const result = validateConfig(connector.config, config);
  assert.deepEqual(result.ok ? [] : result.problems, []);
  return result.ok ? result.config : undefined;
}

interface Import {
  readonly file: string;
  readonly specifier: string;
}

const STATIC_IMPORT =
  /^\s*(?:import|export)\s(?!type\s)[^;'"]*?from\s*['"]([^'"]+)['"]|^\s*import\s*['"]([^'"]+)['"]/gm;
const ANY_IMPORT =
  /^\s*(?:import|export)\s[^;'"]*?from\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/gm;

/** Reads the imports of every TypeScript file; `static` leaves out types and `import()`. */
function listImports(folder: string, kind: 'all' | 'static'): readonly Import[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return files.flatMap((file) => {
    const text = readFileSync(join(folder, file), 'utf8');
    const found = text.matchAll(kind === 'static' ? STATIC_IMPORT : ANY_IMPORT);
    return [...found].map((match) => ({ file, specifier: match[1] ?? match[2]! }));
  });
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
