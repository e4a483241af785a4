import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { refuseName } from './new-connector.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** A folder below the repository, so that `@signalbox/sdk` resolves there as it does here. */
function temporaryRoot(t: TestContext): string {
  mkdirSync(join(repository, '.cache'), { recursive: true });
  const root = mkdtempSync(join(repository, '.cache', 'new-connector-'));
  t.after(() => rmSync(root, { recursive: true }));
  return root;
}

function run(script: string, ...args: string[]) {
  // The runner must not take the inner test run for a part of itself.
  const { NODE_TEST_CONTEXT: _ours, ...env } = process.env;
  return spawnSync(process.execPath, [...script.split(' '), ...args], {
    cwd: repository,
    env,
    encoding: 'utf8',
  });
}

const scaffold = (root: string, ...names: string[]) =>
  run('scripts/new-connector.ts', ...names, '--into', root);

test('[ADR4-027] [ADR6-035] a new connector passes the conformance kit at once and is in the registry', (t) => {
  const root = temporaryRoot(t);
  const made = scaffold(root, 'acme-monitor');
  assert.equal(made.status, 0, made.stderr);
  assert.match(
    readFileSync(join(root, 'src', 'host', 'registry.generated.ts'), 'utf8'),
    /'acme-monitor': \(\) => import/,
  );
  const kit = run('--test', join(root, 'connectors', 'acme-monitor', 'acme-monitor.test.ts'));
  assert.equal(kit.status, 0, kit.stdout);
  assert.match(kit.stdout, /pass 5\d/);
});

test('a name that exists is refused and nothing is overwritten', (t) => {
  const root = temporaryRoot(t);
  mkdirSync(join(root, 'connectors', 'acme'), { recursive: true });
  writeFileSync(join(root, 'connectors', 'acme', 'index.ts'), 'mine');
  const refused = scaffold(root, 'acme');
  assert.equal(refused.status, 2);
  assert.match(refused.stderr, /connectors\/acme exists already/);
  assert.equal(readFileSync(join(root, 'connectors', 'acme', 'index.ts'), 'utf8'), 'mine');
});

test('names that are not kebab-case or lead elsewhere are refused', () => {
  for (const name of [
    undefined,
    'Acme',
    'acme_1',
    '../acme',
    'acme-',
    '1acme',
    'acme-connector',
    'a'.repeat(41),
  ]) {
    assert.notEqual(refuseName(name, repository), undefined, String(name));
  }
  assert.equal(refuseName('acme-monitor', repository), undefined);
});
