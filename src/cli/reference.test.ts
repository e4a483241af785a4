import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { COMMANDS } from './commands.ts';
import { renderReference } from './reference.ts';

test('the reference of the command line is current', async () => {
  const written = readFileSync(new URL('../../docs/reference/cli.md', import.meta.url), 'utf8');
  const isCurrent = written === (await renderReference(COMMANDS));
  assert.ok(isCurrent, 'to fix: node scripts/gen-cli-reference.ts');
});
