import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parse } from 'yaml';
import { ENVIRONMENT_SETTINGS } from './environment.ts';
import { generateConfigReference } from './reference.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const files = generateConfigReference();

for (const { path, text } of files) {
  test(`${path} is what the schema says; to renew it: node scripts/gen-config-reference.ts`, () => {
    assert.equal(readFileSync(join(ROOT, path), 'utf8'), text);
  });
}

test('every setting has a sentence in the reference, and every variable is named there', () => {
  const page = files.find(({ path }) => path.endsWith('.md'))!.text;
  const rows = page.split('\n').filter((line) => line.startsWith('| `'));
  assert.ok(rows.length > 100);
  for (const row of rows) assert.match(row.split(' | ')[3]!, /\.(?: |$)/, row);
  for (const { variable } of ENVIRONMENT_SETTINGS) assert.ok(page.includes(`\`${variable}\``), variable);
});

test('the schema for editors accepts the examples and refuses a misspelt key', () => {
  const schema = JSON.parse(files.find(({ path }) => path.endsWith('.json'))!.text) as object;
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const examples = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.yaml'));
  for (const name of examples) {
    assert.ok(
      validate(parse(readFileSync(join(ROOT, 'examples', name), 'utf8'))),
      `${name}: ${JSON.stringify(validate.errors)}`,
    );
  }
  assert.ok(!validate({ integrations: {}, receivers: {}, routes: {}, servr: {} }));
  assert.ok(
    validate({ integrations: {}, receivers: {}, routes: {}, watchdog: { full_ratio: '${env:RATIO}' } }),
  );
});
