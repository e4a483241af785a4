import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { checkConnectors } from './check-connectors.ts';
import { checkSchema } from './check-schema.ts';
import { interpolate } from './interpolate.ts';
import { readDocument } from './read-document.ts';
import { createReport } from './report.ts';
import { resolveSettings } from './resolve.ts';
import { written, type Written } from './schema.ts';
import { TEST_CONNECTORS } from './testing.ts';

const EXAMPLE = readFileSync(
  join(import.meta.dirname, '..', '..', 'examples', 'email-and-fallback.yaml'),
  'utf8',
);

/** All that a text goes through, without touching the disk. */
async function check(text: string): Promise<void> {
  const { tree, findings } = readDocument(text, 'random.yaml');
  await interpolate(tree, {});
  const checked = checkSchema(written, tree.value, tree, '');
  const report = createReport(tree);
  const configs = checkConnectors({ connectors: TEST_CONNECTORS }, report);
  if (checked.value !== undefined) await resolveSettings(checked.value as Written, configs, report);
  for (const finding of [...findings, ...checked.findings, ...report.errors, ...report.warnings]) {
    assert.ok(finding.message.length > 0);
    assert.ok(finding.line >= 0 && finding.column >= 0);
  }
}

/** Values of the kinds and with the words that the schema knows. */
const words = fc.constantFrom(
  'connector',
  'in',
  'out',
  'auth',
  'none',
  'bearer',
  'hmac',
  'jwt',
  'key',
  'limits',
  'body',
  'config',
  'url',
  'fallback',
  'pager',
  'prom',
  'integration',
  'receiver',
  'matchers',
  'a=b',
  'a=~"("',
  'routes',
  'group_by',
  '...',
  '5m',
  '1MiB',
  '',
  'x y',
  '${env:X}',
  '${',
  '0',
  'paths',
  '/hooks/x',
  'listen',
  '0.0.0.0:1',
  'tls',
  'constructor',
  'toString',
  'retry',
  'http',
  'allow',
  'ips',
);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(words, fc.integer(), fc.double(), fc.boolean(), fc.constant(null)),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(words, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
}));
const sections = fc.constantFrom(
  'server',
  'storage',
  'journal',
  'log',
  'integrations',
  'receivers',
  'routes',
  'watchdog',
  'profiles',
  'connectors',
);

test('no value in any place makes the loader throw', async () => {
  const config = fc.dictionary(sections, value, { maxKeys: 6, noNullPrototype: true });
  await fc.assert(
    fc.asyncProperty(config, (random) => check(stringify(random))),
    { numRuns: 1_000 },
  );
});

test('no integration makes the loader throw', async () => {
  const integration = fc.dictionary(words, value, { maxKeys: 6, noNullPrototype: true });
  const config = fc
    .tuple(integration, fc.constantFrom('in', 'out'), fc.dictionary(words, value, { noNullPrototype: true }))
    .map(([random, connector, route]) => ({
      integrations: { prom: { ...random, connector }, pager: { connector: 'out' } },
      receivers: { 'on-call': [{ integration: 'pager' }] },
      routes: { ...route, receiver: 'on-call' },
    }));
  await fc.assert(
    fc.asyncProperty(config, (random) => check(stringify(random))),
    { numRuns: 1_000 },
  );
});

test('no mutation of a whole file makes the loader throw', async () => {
  const cut = fc.tuple(fc.nat(EXAMPLE.length), fc.nat(40), fc.string({ unit: 'binary', maxLength: 8 }));
  await fc.assert(
    fc.asyncProperty(cut, ([at, length, inserted]) =>
      check(EXAMPLE.slice(0, at) + inserted + EXAMPLE.slice(at + length)),
    ),
    { numRuns: 500 },
  );
});

test('a key with a line break is checked like any other', async () => {
  await check(`receivers: { "a\\r\\0b": 7 }\nroutes: { receiver: "a\\r\\0b" }\n`);
  const { tree } = readDocument('receivers: { "a\\nb": 7 }\n', 'random.yaml');
  const { findings } = checkSchema(written, tree.value, tree, '');
  assert.ok(
    findings.some(({ message }) => message.includes('list')),
    JSON.stringify(findings),
  );
});

test('aliases that unfold without end are refused', () => {
  const levels = Array.from(
    { length: 30 },
    (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`,
  );
  const bomb = readDocument(`l0: &l0 [x]\n${levels.join('\n')}\n`, 'bomb.yaml');
  assert.match(bomb.findings.map(({ message }) => message).join('\n'), /at most 200000 values/);
  const circle = readDocument('a: &a [*a]\n', 'circle.yaml');
  assert.match(circle.findings.map(({ message }) => message).join('\n'), /at most 64 levels|anchor/);
  const deep = readDocument(`a: ${'['.repeat(5_000)}${']'.repeat(5_000)}\n`, 'deep.yaml');
  assert.ok(deep.findings.length > 0);
});
