import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { generateReferenceFiles } from './gen-http-reference.ts';

test('the HTTP reference is current; to renew it: node scripts/gen-http-reference.ts', async () => {
  const root = fileURLToPath(new URL('..', import.meta.url));
  for (const { path, text } of await generateReferenceFiles(root)) {
    assert.ok(readFileSync(join(root, path), 'utf8') === text, `${path} is out of date`);
  }
});
